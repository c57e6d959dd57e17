/**
 * The phone as one value.
 *
 * A `Line` is what would happen if somebody rang now; a call lies on top of a line and never changes it. So a call
 * outlives a lost socket, a displaced registration or a switch set to off, and what was learnt meanwhile is there when
 * the call ends.
 */

export type Outcome = 'ended' | 'missed' | 'declined' | 'cancelled' | 'busy' | 'no-answer' | 'refused' | 'failed'
  /** A hotline's caller whom somebody else has, or who rings here no more: nobody has missed anything. */
  | 'colleague' | 'stopped';

/** One call as the volunteer sees it. There is never a caller's number in it. */
export interface CallFace {
  /** The SDK's id of an incoming call; our own reference of an outgoing one. */
  readonly id: string;
  readonly direction: 'in' | 'out';
  /** A colleague's name, a masked number, or what was dialled; null for a stranger. */
  readonly who: string | null;
  /** The hotline's reference of a caller, as it came with the ring; null for every other call. */
  readonly ref: string | null;
  /** A colleague has this caller, whatever this phone still says. */
  readonly taken?: true;
}

export type Line =
  | { readonly kind: 'signed-out' }
  | { readonly kind: 'off-duty' }
  | { readonly kind: 'getting-ready' }
  | { readonly kind: 'ready'; readonly trouble: TokenTrouble | null }
  | { readonly kind: 'displaced'; readonly device: string; readonly since: number }
  | { readonly kind: 'other-tab'; readonly busy: boolean }
  | { readonly kind: 'webrtc-off'; readonly reason: string | null; readonly message: string | null }
  | { readonly kind: 'unreachable'; readonly why: Unreachable }
  | { readonly kind: 'microphone-blocked'; readonly why: MicrophoneTrouble };

/** The pass could not be renewed; calls stop ringing at `endsAt` (the server's clock, milliseconds). */
export interface TokenTrouble {
  readonly endsAt: number;
}

export type Unreachable = 'socket' | 'refused' | 'no-token' | 'browser';
export type MicrophoneTrouble = 'denied' | 'missing' | 'busy';

export type OnCall =
  | { readonly kind: 'ringing'; readonly call: CallFace; readonly answering: boolean; readonly line: Line }
  | { readonly kind: 'calling'; readonly call: CallFace; readonly ringing: boolean; readonly refusal: string | null; readonly line: Line }
  | { readonly kind: 'talking'; readonly call: CallFace; readonly since: number; readonly muted: boolean; readonly refusal: string | null; readonly line: Line }
  | { readonly kind: 'wrapping-up'; readonly call: CallFace; readonly outcome: Outcome; readonly refusal: string | null; readonly line: Line };

export type Phone = Line | OnCall;

export type LineEvent =
  | { readonly kind: 'signed-in' }
  | { readonly kind: 'signed-out' }
  | { readonly kind: 'prepare' }
  | { readonly kind: 'away' }
  | { readonly kind: 'registered' }
  | { readonly kind: 'lost'; readonly why: Unreachable }
  | { readonly kind: 'displaced'; readonly device: string; readonly since: number }
  | { readonly kind: 'take-back' }
  | { readonly kind: 'elsewhere'; readonly busy: boolean }
  | { readonly kind: 'webrtc'; readonly available: boolean; readonly reason: string | null; readonly message: string | null }
  | { readonly kind: 'microphone'; readonly why: MicrophoneTrouble }
  | { readonly kind: 'token-trouble'; readonly trouble: TokenTrouble | null };

export type CallEvent =
  | { readonly kind: 'incoming'; readonly call: CallFace }
  | { readonly kind: 'answering' }
  | { readonly kind: 'dialled'; readonly call: CallFace }
  | { readonly kind: 'far-end-rings' }
  | { readonly kind: 'answered'; readonly at: number }
  | { readonly kind: 'muted'; readonly muted: boolean }
  | { readonly kind: 'named'; readonly id: string; readonly who: string }
  | { readonly kind: 'refusal'; readonly id: string; readonly message: string }
  | { readonly kind: 'elsewhere-answered'; readonly ref: string; readonly outcome: 'colleague' | 'stopped' }
  | { readonly kind: 'ended'; readonly outcome: Outcome }
  | { readonly kind: 'wrapped' };

export type PhoneEvent = LineEvent | CallEvent;

/** Whether a call lies on the line. */
export function onCall(phone: Phone): phone is OnCall {
  return phone.kind === 'ringing' || phone.kind === 'calling' || phone.kind === 'talking' || phone.kind === 'wrapping-up';
}

/** Whether there is somebody to lose: closing the page now would cut a call. */
export function isLive(phone: Phone): phone is Exclude<OnCall, { kind: 'wrapping-up' }> {
  return onCall(phone) && phone.kind !== 'wrapping-up';
}

/** What would happen if somebody rang now, also during a call. */
export function lineOf(phone: Phone): Line {
  return onCall(phone) ? phone.line : phone;
}

/** Whether this page holds, or tries to hold, the registration. */
export function holdsLine(line: Line): boolean {
  return line.kind === 'getting-ready' || line.kind === 'ready' || line.kind === 'unreachable';
}

function nextLine(line: Line, event: LineEvent): Line {
  if (event.kind === 'signed-out') return { kind: 'signed-out' };
  if (line.kind === 'signed-out') return event.kind === 'signed-in' ? { kind: 'off-duty' } : line;
  switch (event.kind) {
    case 'signed-in':
      return line;
    case 'prepare':
      return line.kind === 'webrtc-off' ? line : { kind: 'getting-ready' };
    case 'away':
      return line.kind === 'webrtc-off' ? line : { kind: 'off-duty' };
    case 'registered':
      return line.kind === 'ready' ? line : holdsLine(line) ? { kind: 'ready', trouble: null } : line;
    case 'lost':
      return holdsLine(line) ? { kind: 'unreachable', why: event.why } : line;
    case 'displaced':
      return holdsLine(line) || line.kind === 'displaced'
        ? { kind: 'displaced', device: event.device, since: event.since }
        : line;
    case 'take-back':
      return line.kind === 'displaced' || line.kind === 'other-tab' ? { kind: 'getting-ready' } : line;
    case 'elsewhere':
      return line.kind === 'webrtc-off' ? line : { kind: 'other-tab', busy: event.busy };
    case 'webrtc':
      if (!event.available) return { kind: 'webrtc-off', reason: event.reason, message: event.message };
      return line.kind === 'webrtc-off' ? { kind: 'off-duty' } : line;
    case 'microphone':
      return line.kind === 'other-tab' || line.kind === 'webrtc-off' ? line : { kind: 'microphone-blocked', why: event.why };
    case 'token-trouble':
      return line.kind === 'ready' ? { kind: 'ready', trouble: event.trouble } : line;
    default:
      return event satisfies never;
  }
}

function nextCall(phone: Phone, event: CallEvent): Phone {
  const free = !isLive(phone);
  switch (event.kind) {
    case 'incoming':
      return free && lineOf(phone).kind === 'ready'
        ? { kind: 'ringing', call: event.call, answering: false, line: lineOf(phone) }
        : phone;
    case 'dialled':
      return free && lineOf(phone).kind === 'ready'
        ? { kind: 'calling', call: event.call, ringing: false, refusal: null, line: lineOf(phone) }
        : phone;
    case 'answering':
      return phone.kind === 'ringing' ? { ...phone, answering: true } : phone;
    case 'far-end-rings':
      return phone.kind === 'calling' ? { ...phone, ringing: true } : phone;
    case 'answered':
      return answered(phone, event.at);
    case 'muted':
      return phone.kind === 'talking' ? { ...phone, muted: event.muted } : phone;
    case 'named':
      return onCall(phone) && phone.call.id === event.id ? { ...phone, call: { ...phone.call, who: event.who } } : phone;
    case 'refusal':
      return onCall(phone) && phone.kind !== 'ringing' && phone.call.id === event.id
        ? { ...phone, refusal: event.message }
        : phone;
    case 'elsewhere-answered':
      return onCall(phone) && phone.call.ref === event.ref ? elsewhereAnswered(phone, event.outcome) : phone;
    case 'ended':
      return ended(phone, event.outcome);
    case 'wrapped':
      return phone.kind === 'wrapping-up' ? phone.line : phone;
    default:
      return event satisfies never;
  }
}

/** Only a press makes a ringing phone talk: an answer that nobody asked for changes nothing. */
function answered(phone: Phone, at: number): Phone {
  if (phone.kind === 'calling') {
    return { kind: 'talking', call: phone.call, since: at, muted: false, refusal: phone.refusal, line: phone.line };
  }
  if (phone.kind === 'ringing' && phone.answering) {
    return { kind: 'talking', call: phone.call, since: at, muted: false, refusal: null, line: phone.line };
  }
  return phone;
}

/**
 * The server says so before or after the phone does, or while the phone believes that it has answered. It names the
 * end of a ring and never makes it: the same caller may ring here anew, and late news must not hide that.
 */
function elsewhereAnswered(phone: OnCall, outcome: 'colleague' | 'stopped'): Phone {
  if (phone.kind === 'wrapping-up') {
    return phone.outcome === 'stopped' || phone.outcome === 'failed' ? { ...phone, outcome } : phone;
  }
  return outcome === 'colleague' ? { ...phone, call: { ...phone.call, taken: true } } : phone;
}

function ended(phone: Phone, outcome: Outcome): Phone {
  if (!isLive(phone)) return phone;
  const refusal = phone.kind === 'ringing' ? null : phone.refusal;
  return { kind: 'wrapping-up', call: phone.call, outcome: refusal === null ? outcomeFor(phone.call, outcome) : 'refused', refusal, line: phone.line };
}

function outcomeFor(call: CallFace, outcome: Outcome): Outcome {
  if (call.taken) return 'colleague';
  return outcome === 'missed' && call.ref !== null ? 'stopped' : outcome;
}

function isLineEvent(event: PhoneEvent): event is LineEvent {
  switch (event.kind) {
    case 'incoming': case 'answering': case 'dialled': case 'far-end-rings': case 'answered':
    case 'muted': case 'named': case 'refusal': case 'elsewhere-answered': case 'ended': case 'wrapped':
      return false;
    default:
      return true;
  }
}

/** The phone after something has happened. Pure: what must be done about it is `session.ts`. */
export function next(phone: Phone, event: PhoneEvent): Phone {
  if (!isLineEvent(event)) return nextCall(phone, event);
  const line = nextLine(lineOf(phone), event);
  if (!onCall(phone) || line.kind === 'signed-out') return line;
  return line === phone.line ? phone : { ...phone, line };
}
