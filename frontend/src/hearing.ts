/** What the phone and our server say, put as what has happened to the phone. Nothing is kept here. */
import type { Signal } from '@preact/signals';
import type { LineKeeper } from './phone/line';
import type { Complaint, PortEvent } from './phone/port';
import { onCall, type Phone, type PhoneEvent } from './phone/state';
import type { ServerEvent } from './server/events';
import type { Me } from './server/wire';

export interface Levels {
  readonly mine: number;
  readonly theirs: number;
}

/** The inside of a session, as far as hearing needs it. */
export interface Inside {
  readonly phone: () => Phone;
  readonly say: (event: PhoneEvent) => void;
  readonly line: LineKeeper;
  readonly levels: Signal<Levels>;
  readonly complaints: Signal<ReadonlySet<Complaint>>;
  readonly hearing: Signal<boolean>;
  readonly ticks: () => number;
  readonly refusalWords: (reason: string | null, message: string | null) => string;
  readonly onAvailability: (onDuty: boolean) => void;
  readonly onWebrtc: (state: WebrtcNews) => void;
  /** A refusal has come: what it says stays until it has been read. */
  readonly onRefusal: () => void;
  readonly onRights: () => void;
  readonly onSessionEnded: () => void;
  readonly onCallsChanged: () => void;
}

/** Whether the browser may be a phone now, and why not. */
export type WebrtcNews = Pick<Me['webrtc'], 'available' | 'reason' | 'message'>;

export function hearPort(inside: Inside, event: PortEvent): void {
  const { say } = inside;
  inside.line.hear(event);
  switch (event.kind) {
    case 'incoming':
      say({ kind: 'incoming', call: { id: event.id, direction: 'in', who: event.name, ref: event.ref } });
      break;
    case 'far-end-rings':
      say({ kind: 'far-end-rings' });
      break;
    case 'answered':
      say({ kind: 'answered', at: inside.ticks() });
      break;
    case 'ended':
      say({ kind: 'ended', outcome: event.outcome });
      break;
    case 'no-microphone':
      if (inside.phone().kind !== 'talking') say({ kind: 'microphone', why: 'denied' });
      break;
    case 'levels':
      inside.levels.value = { mine: event.mine, theirs: event.theirs };
      break;
    case 'quality': {
      const others = [...inside.complaints.value].filter((complaint) => complaint !== event.complaint);
      inside.complaints.value = new Set(event.active ? [...others, event.complaint] : others);
      break;
    }
    default:
      break;
  }
}

export function hearServer(inside: Inside, event: ServerEvent): void {
  switch (event.kind) {
    case 'displaced':
      inside.line.displaced(event.notice);
      break;
    case 'webrtc':
      inside.onWebrtc(event);
      break;
    case 'call':
      hearCall(inside, event.call);
      break;
    case 'hotline_call': {
      const { id: ref, state } = event.news;
      if (state === 'answered_by_colleague') inside.say({ kind: 'elsewhere-answered', ref, outcome: 'colleague' });
      else if (state === 'stopped') inside.say({ kind: 'elsewhere-answered', ref, outcome: 'stopped' });
      break;
    }
    case 'availability':
      inside.onAvailability(event.availability === 'on_duty');
      break;
    case 'session_ended':
      inside.onSessionEnded();
      break;
    case 'rights':
      inside.onRights();
      break;
    case 'stream':
      inside.hearing.value = event.open;
      break;
    default:
      break;
  }
}

function hearCall(inside: Inside, call: Extract<ServerEvent, { kind: 'call' }>['call']): void {
  inside.onCallsChanged();
  const now = inside.phone();
  if (!onCall(now)) return;
  const mine = now.call.direction === 'out' ? call.ref === now.call.id : call.direction === 'in' && call.state === 'ringing';
  if (!mine) return;
  const who = call.peer.name ?? call.peer.masked;
  if (who !== null) inside.say({ kind: 'named', id: now.call.id, who });
  if (call.state === 'refused') {
    inside.onRefusal();
    inside.say({ kind: 'refusal', id: now.call.id, message: inside.refusalWords(call.reason, call.message) });
  }
}
