/** A hotline's caller, as far as a volunteer may know them: never a number. */
import { callerFor, type Caller } from '../../hotline/state';
import { blockAsked, blockSaid, hotline } from '../../hotline/duty';
import { useSignal } from '@preact/signals';
import type { OnCall } from '../../phone/state';
import { Confirm } from '../../parts/confirm';
import { blockCaller } from '../../server/hotline';
import { sentence } from '../../server/sentence';
import { language, words } from '../../words';
import { clockFace, timeOfDay, useSeconds } from './ticking';

/** The name of a language, in the page's language. */
export function languageName(code: string): string {
  try {
    return new Intl.DisplayNames(language.value, { type: 'language' }).of(code) ?? code;
  } catch {
    return code;
  }
}

/** The pseudonym in the page's language. */
export function labelOf(label: string): string {
  const code = /^Caller ([0-9A-F]+)$/.exec(label)?.[1];
  return code === undefined ? label : words.value.hotline.label(code);
}

/** Whether the caller is known, in words. */
function before(caller: Caller): string {
  const say = words.value.hotline;
  if (caller.spokeBefore) return say.spokeBefore;
  return caller.repeat ? say.calledBefore : say.firstTime;
}

/** The caller of a call, if it is a hotline's. */
export function callerOf(call: OnCall['call']): Caller | null {
  return callerFor(hotline.value, call.ref);
}

/** What a screen reader says of a caller: all but the seconds, which would never end. */
export function spokenCaller(caller: Caller): string {
  return `${words.value.hotline.rings(caller.hotline)}. ${languageName(caller.language)}, ${before(caller)}, ${labelOf(caller.label)}`;
}

export function CallerFacts({ caller, waiting }: { readonly caller: Caller; readonly waiting: boolean }) {
  const say = words.value.hotline;
  return (
    <dl class="facts" data-testid="caller">
      <Fact name={say.language} testId="caller-language">{languageName(caller.language)}</Fact>
      {waiting && <Waiting since={caller.waitingSince} />}
      <Fact name={say.before} testId="caller-before">{before(caller)}</Fact>
      <Fact name={say.caller} testId="caller-label">{labelOf(caller.label)}</Fact>
    </dl>
  );
}

function Waiting({ since }: { readonly since: number }) {
  const now = useSeconds();
  return <Fact name={words.value.hotline.waiting} testId="caller-waiting">{clockFace((now - since) / 1_000)}</Fact>;
}

function Fact({ name, testId, children }: { readonly name: string; readonly testId: string; readonly children: string }) {
  return (
    <div>
      <dt class="small quiet">{name}</dt>
      <dd class="numbers" data-testid={testId}>{children}</dd>
    </div>
  );
}

/** The question before a caller is blocked; it names what will happen, and says what has. */
export function BlockQuestion({ phone }: { readonly phone: OnCall | null }) {
  const say = words.value.hotline;
  const wrong = useSignal<unknown>(null);
  const ref = blockAsked.value;
  if (ref === null || phone?.kind !== 'talking' || phone.call.ref !== ref) return null;
  const close = () => {
    blockAsked.value = null;
    wrong.value = null;
  };
  const block = async () => {
    try {
      const until = await blockCaller(ref);
      blockSaid.value = { ref, until };
      close();
    } catch (error) {
      wrong.value = error;
    }
  };
  return (
    <Confirm title={say.blockTitle} deed={say.blockDeed} danger onYes={block} onNo={close}>
      <p>{say.blockWhat}</p>
      {wrong.value !== null && <p class="note danger" role="alert">{sentence(wrong.value)}</p>}
    </Confirm>
  );
}

/** What became of a block in the call that goes on. */
export function BlockSaid({ call }: { readonly call: OnCall['call'] }) {
  const said = blockSaid.value;
  if (said === null || said.ref !== call.ref) return null;
  const say = words.value.hotline;
  return (
    <p class="note" role="status" data-testid="blocked">
      {said.until === null ? say.notBlocked : say.blocked(timeOfDay(said.until, language.value))}
    </p>
  );
}
