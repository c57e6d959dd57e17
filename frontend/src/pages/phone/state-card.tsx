/** The one large card: what the phone is now, in words, and what can be done about it. */
import { isLive, lineOf, onCall, type Line, type Phone } from '../../phone/state';
import type { Session } from '../../session';
import { inputLevel, soundUnlocked } from '../../sound';
import { language, words } from '../../words';
import { CallPart, nameOf } from './call-part';
import { callerOf, spokenCaller } from './caller';
import { Pause, usePausing } from './after-call';
import { Doubtful } from './doubtful';
import { Glyph } from './glyph';
import { Level } from './level';
import { timeOfDay } from './ticking';

type Tone = 'quiet' | 'busy' | 'good' | 'call' | 'warn' | 'danger';

const tones: Readonly<Record<Phone['kind'], Tone>> = {
  'signed-out': 'quiet',
  'off-duty': 'quiet',
  'getting-ready': 'busy',
  ready: 'good',
  ringing: 'call',
  calling: 'busy',
  talking: 'call',
  'wrapping-up': 'quiet',
  displaced: 'warn',
  'other-tab': 'warn',
  'webrtc-off': 'warn',
  unreachable: 'danger',
  'microphone-blocked': 'danger',
};

function headline(phone: Phone): string {
  const say = words.value.phone;
  const caller = onCall(phone) ? callerOf(phone.call) : null;
  if (phone.kind === 'ringing' && caller !== null) return words.value.hotline.rings(caller.hotline);
  if (phone.kind === 'ringing') return say.calls(phone.call.who ?? say.caller);
  if (phone.kind === 'calling' || phone.kind === 'talking') return nameOf(phone.call);
  if (phone.kind === 'wrapping-up') return say.outcomes[phone.outcome];
  return say.state[phone.kind];
}

/** What a screen reader says when the state changes: the state, and what comes with it. */
export function spoken(phone: Phone): string {
  const say = words.value.phone;
  if (phone.kind === 'displaced') return say.displaced(phone.device, timeOfDay(phone.since, language.value));
  const caller = onCall(phone) ? callerOf(phone.call) : null;
  if (phone.kind === 'ringing' && caller !== null) return spokenCaller(caller);
  if (phone.kind === 'wrapping-up') return `${say.outcomes[phone.outcome]} ${phone.refusal ?? ''}`.trim();
  if (phone.kind === 'talking' || phone.kind === 'calling') return `${say.state[phone.kind]} ${nameOf(phone.call)}`;
  return headline(phone);
}

export function StateCard({ phone, session }: { readonly phone: Phone; readonly session: Session }) {
  const paused = usePausing() && (phone.kind === 'ready' || (phone.kind === 'wrapping-up' && phone.call.ref !== null));
  const tone = paused ? 'quiet' : tones[phone.kind];
  return (
    <section class={`card state-card tone-${tone}`} data-testid="state" data-state={phone.kind} data-paused={paused} aria-labelledby="state-title">
      <Glyph kind={phone.kind} />
      <h1 id="state-title">{paused ? words.value.hotline.pauseTitle : headline(phone)}</h1>
      {!isLive(phone) && <Doubtful phone={phone} />}
      {paused ? <Pause /> : onCall(phone) ? <CallPart phone={phone} session={session} /> : <LinePart line={phone} session={session} />}
      {isLive(phone) && <LineDuringCall line={lineOf(phone)} />}
    </section>
  );
}

/** During a call: what has become of the line below it. */
function LineDuringCall({ line }: { readonly line: Line }) {
  const say = words.value.phone;
  if (line.kind === 'unreachable' || line.kind === 'getting-ready') {
    return <p class="note warn" role="status" data-testid="reconnecting">{say.inCallLine}</p>;
  }
  if (line.kind === 'displaced') {
    return <p class="note warn" role="status" data-testid="displaced-text">{say.displaced(line.device, timeOfDay(line.since, language.value))}. {say.inCallDisplaced(line.device)}</p>;
  }
  if (line.kind === 'webrtc-off') return <p class="note warn" role="status" data-testid="off-during-call">{say.inCallOff}</p>;
  return null;
}

function LinePart({ line, session }: { readonly line: Line; readonly session: Session }) {
  const say = words.value.phone;
  switch (line.kind) {
    case 'signed-out':
      return null;
    case 'off-duty':
      return (
        <>
          <p class="lead">{say.offDuty}</p>
          <GoOnDuty session={session} />
        </>
      );
    case 'getting-ready':
      return (
        <>
          <p class="lead">{say.gettingReady}</p>
          <SoundCheck />
        </>
      );
    case 'ready':
      return <ReadyPart line={line} session={session} />;
    case 'displaced':
      return (
        <>
          <p class="lead" data-testid="displaced-text">{say.displaced(line.device, timeOfDay(line.since, language.value))}</p>
          <button type="button" class="button main large" data-testid="take-back" onClick={() => session.takeBack()}>{say.takeBack}</button>
        </>
      );
    case 'other-tab':
      return (
        <>
          <p class="lead">{line.busy ? say.otherTabBusy : say.otherTab}</p>
          <button type="button" class="button main large" data-testid="move-here" onClick={() => session.moveHere()}>{say.moveHere}</button>
        </>
      );
    case 'webrtc-off':
      return (
        <>
          <p class="lead" data-testid="webrtc-off-text">{(line.reason === null ? null : say.offReasons[line.reason]) ?? line.message ?? ''}</p>
          <p class="quiet">{say.webrtcOff}</p>
        </>
      );
    case 'unreachable':
      return <p class="lead" data-testid="unreachable-text">{say.unreachable[line.why]}</p>;
    case 'microphone-blocked':
      return (
        <>
          <p class="lead">{say.microphone[line.why]}</p>
          {line.why === 'denied' && <p>{say.unblock[browserFamily(navigator.userAgent)]}</p>}
          <GoOnDuty session={session} again />
        </>
      );
    default:
      return line satisfies never;
  }
}

function GoOnDuty({ session, again = false }: { readonly session: Session; readonly again?: boolean }) {
  const say = words.value.phone;
  return (
    <button type="button" class="button main large" data-testid="go-on-duty" onClick={() => void session.goOnDuty()}>
      {again ? say.tryAgain : say.goOnDuty}
    </button>
  );
}

function ReadyPart({ line, session }: { readonly line: Extract<Line, { kind: 'ready' }>; readonly session: Session }) {
  const say = words.value.phone;
  return (
    <>
      <p class="lead">{say.readyHint}</p>
      {!soundUnlocked.value && <p class="note warn" data-testid="unlock-sound">{say.unlockSound}</p>}
      {!session.hearing.value && <p class="note warn" role="status" data-testid="deaf">{say.deaf}</p>}
      {line.trouble && <p class="note warn" role="status" data-testid="token-trouble">{say.trouble(timeOfDay(line.trouble.endsAt, language.value))}</p>}
      <SoundCheck />
      <button type="button" class="button" data-testid="away" onClick={() => void session.goAway()}>{say.goAway}</button>
    </>
  );
}

function SoundCheck() {
  const say = words.value.phone;
  if (inputLevel.value === null) return null;
  return (
    <div class="sound-check">
      <p class="small quiet">{say.speakNow}</p>
      <Level label={say.level} value={inputLevel.value} testId="mic-level" />
    </div>
  );
}

/** Which instructions for the microphone fit this browser. */
export function browserFamily(userAgent: string): 'chrome' | 'firefox' | 'safari' | 'other' {
  if (/Firefox\//.test(userAgent)) return 'firefox';
  if (/Chrome\/|Chromium\/|Edg\//.test(userAgent)) return 'chrome';
  if (/Safari\//.test(userAgent)) return 'safari';
  return 'other';
}
