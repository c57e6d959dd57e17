/** Is the phone signed in? It turns by itself; then it can be rung. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Status } from '../../parts/status';
import type { Provision } from '../../server/phones';
import { sipWords } from '../../words/sip';
import type { Follow } from './follow';
import { coded } from './in-words';
import { RingMe } from './ring-me';

/** A person who copies four fields needs about this long; only then are causes of help. In milliseconds. */
const SLOW_AFTER = 60_000;

export function Waiting({ follow, provision }: { readonly follow: Follow; readonly provision: Provision }) {
  const say = sipWords.value.setup.wait;
  return (
    <section class="card stack" aria-labelledby="wait-title" data-testid="follow" data-state={follow.kind}>
      <h2 id="wait-title">{say.title}</h2>
      <div class="stack tight" role="status">
        <Told follow={follow} owner={provision.volunteer.name} />
      </div>
      {follow.kind === 'waiting' && <Causes follow={follow} />}
      {follow.kind === 'signed-out' && (
        <a class="button wide-start" href="/" target="_blank" rel="noopener">
          {say.signIn}
        </a>
      )}
      {follow.kind === 'registered' && (
        <div class="row">
          <RingMe door={follow.door} phone={follow.phone} words={sipWords.value.phone.ring} look="button main" />
        </div>
      )}
    </section>
  );
}

function Told({ follow, owner }: { readonly follow: Follow; readonly owner: string }) {
  const say = sipWords.value.setup.wait;
  switch (follow.kind) {
    case 'asking':
    case 'waiting':
      return (
        <>
          <p class="strong">{say.waiting}</p>
          <p class="quiet">{say.waitingHint}</p>
        </>
      );
    case 'signed-out':
      return <p>{say.signedOut}</p>;
    case 'other':
      return <p>{say.other(owner)}</p>;
    case 'unread':
      return <p>{say.unread(follow.why)}</p>;
    case 'registered': {
      const refused = follow.phone.advice.find(({ code }) => code === 'refused_program');
      const device = follow.phone.registration.device ?? sipWords.value.registration.unknownDevice;
      return (
        <>
          <p class="arrived">
            <Status mood={refused === undefined ? 'good' : 'danger'}>{say.registered(device)}</Status>
          </p>
          {refused === undefined ? <p class="quiet">{say.registeredHint}</p> : <p>{coded(sipWords.value.advice, refused)}</p>}
        </>
      );
    }
    default:
      return follow satisfies never;
  }
}

function Causes({ follow }: { readonly follow: Extract<Follow, { readonly kind: 'waiting' }> }) {
  const say = sipWords.value;
  const slow = useSignal(false);
  const told = follow.phone.advice.some(({ code }) => code === 'not_registered_yet');
  useEffect(() => {
    const timer = setTimeout(() => (slow.value = true), SLOW_AFTER);
    return () => clearTimeout(timer);
  }, []);

  return (
    <details class="causes" open={told || slow.value}>
      <summary>{say.setup.wait.slow}</summary>
      <ol class="numbered">
        {Object.entries(say.causes).map(([code, sentence]) => (
          <li key={code}>{sentence}</li>
        ))}
      </ol>
    </details>
  );
}
