/** The part of the state card that belongs to a call. */
import { useState } from 'preact/hooks';
import type { CallFace, OnCall } from '../../phone/state';
import type { Session } from '../../session';
import { blockAsked } from '../../hotline/duty';
import { words } from '../../words';
import { BlockSaid, CallerFacts, callerOf } from './caller';
import { Keypad } from './keypad';
import { Level } from './level';
import { clockFace, useSeconds } from './ticking';

/** Who is on the other side, in words; never a number. */
export function nameOf(call: CallFace): string {
  return callerOf(call)?.hotline ?? call.who ?? words.value.phone.caller;
}

export function CallPart({ phone, session }: { readonly phone: OnCall; readonly session: Session }) {
  const say = words.value.phone;
  switch (phone.kind) {
    case 'ringing':
      return (
        <>
          <Facts call={phone.call} waiting />
          <div class="row call-buttons">
            <button type="button" class="button good large" data-testid="answer" disabled={phone.answering} onClick={(event) => session.answer(event)}>
              {phone.answering ? say.answering : say.answer} <kbd class="key" aria-hidden="true">Enter</kbd>
            </button>
            <button type="button" class="button danger large" data-testid="decline" disabled={phone.answering} onClick={() => session.decline()}>
              {say.decline} <kbd class="key" aria-hidden="true">Esc</kbd>
            </button>
          </div>
        </>
      );
    case 'calling':
      return (
        <>
          <p class="lead">{phone.ringing ? say.farEndRings : say.dialling}</p>
          <Refusal text={phone.refusal} />
          <HangUp session={session} />
        </>
      );
    case 'talking':
      return <Talking phone={phone} session={session} />;
    case 'wrapping-up':
      return (
        <>
          {phone.call.who !== null && phone.call.ref === null && <p class="lead">{phone.call.who}</p>}
          <Refusal text={phone.refusal} />
          <button type="button" class="button main" data-testid="done" onClick={() => session.wrapUp()}>{say.done}</button>
        </>
      );
    default:
      return phone satisfies never;
  }
}

function Facts({ call, waiting = false }: { readonly call: CallFace; readonly waiting?: boolean }) {
  const caller = callerOf(call);
  return caller === null ? null : <CallerFacts caller={caller} waiting={waiting} />;
}

function Refusal({ text }: { readonly text: string | null }) {
  return text === null ? null : <p class="note danger" role="alert" data-testid="refusal">{text}</p>;
}

function HangUp({ session }: { readonly session: Session }) {
  return (
    <button type="button" class="button danger large" data-testid="hangup" onClick={() => session.hangUp()}>
      {words.value.phone.hangUp}
    </button>
  );
}

function Talking({ phone, session }: { readonly phone: Extract<OnCall, { kind: 'talking' }>; readonly session: Session }) {
  const say = words.value.phone;
  const [keypad, setKeypad] = useState(false);
  const now = useSeconds();
  const { mine, theirs } = session.levels.value;
  return (
    <>
      <p class="timer numbers" data-testid="timer" role="timer">{clockFace((now - phone.since) / 1000)}</p>
      <Facts call={phone.call} />
      <BlockSaid call={phone.call} />
      <Refusal text={phone.refusal} />
      {phone.muted && <p class="note warn" role="status">{say.mutedNow}</p>}
      <div class="row call-buttons">
        <button type="button" class="button large" data-testid="mute" aria-pressed={phone.muted} onClick={() => session.mute(!phone.muted)}>
          {phone.muted ? say.unmute : say.mute} <kbd class="key" aria-hidden="true">M</kbd>
        </button>
        <button type="button" class="button large" data-testid="keypad-toggle" aria-expanded={keypad} onClick={() => setKeypad(!keypad)}>
          {say.keypad}
        </button>
        <HangUp session={session} />
      </div>
      {keypad && <Keypad onKey={(key) => session.digit(key)} />}
      <div class="levels">
        <Level label={say.level} value={phone.muted ? 0 : mine * 2} testId="mic-level" />
        <Level label={say.theirLevel} value={theirs * 2} testId="their-level" />
      </div>
      <Quality session={session} />
      {callerOf(phone.call) !== null && (
        <button type="button" class="button bare small" data-testid="block" onClick={() => (blockAsked.value = phone.call.ref)}>
          {words.value.hotline.block} <kbd class="key" aria-hidden="true">B</kbd>
        </button>
      )}
    </>
  );
}

function Quality({ session }: { readonly session: Session }) {
  const say = words.value.phone.quality;
  const heard = [...session.complaints.value].map((complaint) => say.complaints[complaint]);
  return (
    <p class={`small quality ${heard.length > 0 ? 'quality-poor' : 'quiet'}`} data-testid="quality" role="status">
      {heard.length === 0 ? say.good : heard.join(' · ')}
    </p>
  );
}
