/** One test call to exactly one phone, followed to its end. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { readRing, ringPhone, type Door, type Ring } from '../../server/phones';
import { sentence } from '../../server/sentence';
import { sipWords } from '../../words/sip';
import { isOver, ringInWords } from './in-words';

/** How often a call that goes on is asked about, in milliseconds. */
const ASK_EVERY = 1_000;

type Call =
  | { readonly kind: 'none' }
  | { readonly kind: 'asked' }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'rings'; readonly ring: Ring };

export interface RingMeProps {
  readonly door: Door;
  readonly phone: { readonly id: string; readonly label: string };
  /** Somebody else's phone is rung by an administrator. */
  readonly words: string;
  readonly look?: string;
}

export function RingMe({ door, phone, words, look = 'button' }: RingMeProps) {
  const say = sipWords.value;
  const call = useSignal<Call>({ kind: 'none' });
  const now = call.value;
  const ring = now.kind === 'rings' ? now.ring : null;
  const busy = now.kind === 'asked' || (ring !== null && !isOver(ring));

  useEffect(() => {
    if (ring === null || isOver(ring)) return undefined;
    let gone = false;
    const timer = setTimeout(() => {
      readRing(door, ring).then(
        (next) => {
          if (!gone) call.value = { kind: 'rings', ring: next };
        },
        () => {
          // What cannot be asked now is asked again: a new value of the same ring.
          if (!gone) call.value = { kind: 'rings', ring: { ...ring } };
        },
      );
    }, ASK_EVERY);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [ring]);

  async function begin(): Promise<void> {
    if (busy) return;
    call.value = { kind: 'asked' };
    try {
      call.value = { kind: 'rings', ring: await ringPhone(door, phone.id) };
    } catch (error) {
      call.value = { kind: 'refused', why: sentence(error) };
    }
  }

  return (
    <>
      <button type="button" class={look} aria-label={`${words}: ${phone.label}`} aria-disabled={busy} data-testid="ring-me" onClick={() => void begin()}>
        {words}
      </button>
      <div class="ring-result" role="status">
        {now.kind === 'refused' && <p class="note danger">{now.why}</p>}
        {ring !== null && (
          <p class={`note ${tone(ring)}`} data-testid="ring-result" data-state={ring.state}>
            {ringInWords(ring)}
            {ring.state === 'calling' && <span class="quiet"> {say.ring.how}</span>}
          </p>
        )}
      </div>
    </>
  );
}

function tone(ring: Ring): string {
  if (ring.state === 'confirmed') return 'good';
  if (ring.state === 'failed') return 'danger';
  return ring.state === 'answered' && isOver(ring) ? 'warn' : '';
}
