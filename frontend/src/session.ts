/** Event → next → effects. Everything that happens to the phone goes through `say`; everything a person does is an intent. */
import { signal, type ReadonlySignal } from '@preact/signals';
import { isLive, lineOf, next, onCall, type MicrophoneTrouble, type Phone, type PhoneEvent } from './phone/state';
import { keepLine, type LineWorld } from './phone/line';
import type { Complaint, DeviceKind, PortEvent } from './phone/port';
import type { TabHearer, Tabs } from './phone/tabs';
import type { ServerEvent } from './server/events';
import type { Availability, Me } from './server/wire';

/** A person's own act: an event the browser vouches for. A scripted one is not taken for an answer. */
export interface Press {
  readonly isTrusted: boolean;
}

export interface SessionWorld extends Omit<LineWorld, 'say' | 'onNotAllowed'> {
  readonly agreeWithTabs: (hear: TabHearer) => Tabs;
  readonly listen: (hear: (event: ServerEvent) => void) => () => void;
  readonly setAvailability: (availability: Availability) => Promise<void>;
  /** Opens and closes the microphone once, in the gesture that begins a duty. Null: it works. */
  readonly askMicrophone: () => Promise<MicrophoneTrouble | null>;
  /** Whether the microphone may be opened without a question. */
  readonly mayOpenMicrophone: () => Promise<boolean>;
  readonly newRef: () => string;
  /** Shows (a name or null) and hides that somebody calls, beyond the page itself. */
  readonly callOut: (who: string | null) => () => void;
  readonly refusalWords: (reason: string | null, message: string | null) => string;
  readonly onSessionEnded: () => void;
  readonly onRightsChanged: () => void;
  readonly onCallsChanged: () => void;
}

export interface Session {
  readonly phone: ReadonlySignal<Phone>;
  readonly levels: ReadonlySignal<{ readonly mine: number; readonly theirs: number }>;
  readonly complaints: ReadonlySignal<ReadonlySet<Complaint>>;
  /** Whether the event stream is open; false while the page hears nothing from our server. */
  readonly hearing: ReadonlySignal<boolean>;
  start(me: Me): void;
  stop(): void;
  /** The page is closing for good: says so and does nothing more. */
  goodbye(): void;
  goOnDuty(): Promise<void>;
  goAway(): Promise<void>;
  answer(press: Press): void;
  decline(): void;
  hangUp(): void;
  mute(muted: boolean): void;
  digit(digit: string): void;
  dial(destination: string, who?: string): void;
  takeBack(): void;
  moveHere(): void;
  wrapUp(): void;
  choose(kind: DeviceKind, deviceId: string): void;
}

/** How long "The call has ended" stays, in milliseconds. */
const WRAP_UP = 15_000;
const silence = { mine: 0, theirs: 0 };

export function makeSession(world: SessionWorld): Session {
  const { port } = world;
  const phone = signal<Phone>({ kind: 'signed-out' });
  const levels = signal(silence);
  const complaints = signal<ReadonlySet<Complaint>>(new Set());
  const hearing = signal(false);
  let onDuty = false;
  let held = false;
  let tabs: Tabs | null = null;
  let deaf: () => void = () => undefined;
  let stopCallingOut: () => void = () => undefined;
  let cancelWrapUp: () => void = () => undefined;

  const say = (event: PhoneEvent) => {
    const before = phone.value;
    const now = next(before, event);
    if (now === before) return;
    phone.value = now;
    if (isRinging(now) !== isRinging(before)) {
      stopCallingOut();
      stopCallingOut = isRinging(now) && now.kind === 'ringing' ? world.callOut(now.call.who) : () => undefined;
    }
    if (isLive(before) && !isLive(now)) callOver(now);
  };

  const callOver = (now: Phone) => {
    levels.value = silence;
    complaints.value = new Set();
    line.callOver();
    world.onCallsChanged();
    cancelWrapUp();
    // A refusal stays until it has been read.
    if (now.kind === 'wrapping-up' && now.refusal === null) cancelWrapUp = world.later(() => say({ kind: 'wrapped' }), WRAP_UP);
  };

  const line = keepLine({
    ...world,
    say: (event) => {
      if (event.kind === 'displaced') line.down(null, isLive(phone.value));
      say(event);
    },
    onNotAllowed: (problem) => {
      if (problem.status === 401) world.onSessionEnded();
      else {
        line.down(null, isLive(phone.value));
        say({ kind: 'webrtc', available: false, reason: problem.reason ?? problem.code, message: problem.message });
      }
    },
  });

  const prepare = () => {
    say({ kind: 'prepare' });
    if (lineOf(phone.value).kind === 'getting-ready') line.up();
  };

  const hearPort = (event: PortEvent) => {
    line.hear(event);
    const now = phone.value;
    switch (event.kind) {
      case 'incoming':
        say({ kind: 'incoming', call: { id: event.id, direction: 'in', who: event.name } });
        break;
      case 'far-end-rings':
        say({ kind: 'far-end-rings' });
        break;
      case 'answered':
        say({ kind: 'answered', at: world.ticks() });
        break;
      case 'ended':
        say({ kind: 'ended', outcome: event.outcome });
        break;
      case 'no-microphone':
        if (!isLive(now) || now.kind !== 'talking') say({ kind: 'microphone', why: 'denied' });
        break;
      case 'levels':
        levels.value = { mine: event.mine, theirs: event.theirs };
        break;
      case 'quality': {
        const kept = new Set(complaints.value);
        if (event.active) kept.add(event.complaint);
        else kept.delete(event.complaint);
        complaints.value = kept;
        break;
      }
      default:
        break;
    }
  };

  const hearServer = (event: ServerEvent) => {
    switch (event.kind) {
      case 'displaced':
        line.displaced(event.notice);
        break;
      case 'webrtc':
        hearWebrtc(event);
        break;
      case 'call':
        hearCall(event);
        break;
      case 'availability':
        onDuty = event.availability === 'on_duty';
        break;
      case 'session_ended':
        world.onSessionEnded();
        break;
      case 'rights':
        world.onRightsChanged();
        break;
      case 'stream':
        hearing.value = event.open;
        break;
      default:
        break;
    }
  };

  const hearWebrtc = ({ available, reason, message }: { available: boolean; reason: string | null; message: string | null }) => {
    if (!available) line.down('gone', isLive(phone.value));
    const wasOff = lineOf(phone.value).kind === 'webrtc-off';
    say({ kind: 'webrtc', available, reason, message });
    if (available && wasOff && onDuty && held) prepare();
  };

  const hearCall = ({ call }: { call: Extract<ServerEvent, { kind: 'call' }>['call'] }) => {
    world.onCallsChanged();
    const now = phone.value;
    if (!onCall(now)) return;
    const mine = now.call.direction === 'out' ? call.ref === now.call.id : call.direction === 'in' && call.state === 'ringing';
    if (!mine) return;
    const who = call.peer.name ?? call.peer.masked;
    if (who !== null) say({ kind: 'named', id: now.call.id, who });
    if (call.state === 'refused') {
      cancelWrapUp();
      say({ kind: 'refusal', id: now.call.id, message: world.refusalWords(call.reason, call.message) });
    }
  };

  const giveAway = (): boolean => {
    if (isLive(phone.value)) return false;
    held = false;
    deaf();
    line.down('gone', false);
    return true;
  };

  const hold = async () => {
    held = true;
    deaf = world.listen(hearServer);
    say({ kind: 'take-back' });
    const moved = lineOf(phone.value).kind === 'getting-ready';
    if (lineOf(phone.value).kind === 'webrtc-off') return;
    if (onDuty && (moved || (await world.mayOpenMicrophone()))) prepare();
    else if (moved) say({ kind: 'away' });
  };

  return {
    phone,
    levels,
    complaints,
    hearing,
    start: (me) => {
      onDuty = me.availability === 'on_duty';
      say({ kind: 'signed-in' });
      if (!me.webrtc.available) say({ kind: 'webrtc', available: false, reason: me.webrtc.reason, message: me.webrtc.message });
      const unbind = port.listen(hearPort);
      const joined = world.agreeWithTabs({
        onHeld: () => void hold(),
        onElsewhere: (busy) => say({ kind: 'elsewhere', busy }),
        onAsked: giveAway,
      });
      tabs = {
        takeHere: joined.takeHere,
        leave: () => {
          joined.leave();
          unbind();
        },
      };
    },
    stop: () => {
      deaf();
      line.down('gone', false);
      tabs?.leave();
      tabs = null;
      held = false;
      say({ kind: 'signed-out' });
    },
    goodbye: () => line.down('gone', false),
    goOnDuty: async () => {
      say({ kind: 'prepare' });
      const trouble = await world.askMicrophone();
      if (trouble) {
        say({ kind: 'microphone', why: trouble });
        return;
      }
      onDuty = true;
      prepare();
      await world.setAvailability('on_duty');
    },
    goAway: async () => {
      onDuty = false;
      line.down('gone', isLive(phone.value));
      say({ kind: 'away' });
      await world.setAvailability('away');
    },
    answer: (press) => {
      const now = phone.value;
      if (!press.isTrusted || now.kind !== 'ringing' || now.answering) return;
      say({ kind: 'answering' });
      port.answer(now.call.id);
    },
    decline: () => {
      const now = phone.value;
      if (now.kind !== 'ringing') return;
      port.decline(now.call.id);
      say({ kind: 'ended', outcome: 'declined' });
    },
    hangUp: () => {
      if (!isLive(phone.value)) return;
      port.hangUp();
      const now = phone.value;
      if (isLive(now)) say({ kind: 'ended', outcome: now.kind === 'calling' ? 'cancelled' : 'ended' });
    },
    mute: (muted) => {
      if (phone.value.kind !== 'talking') return;
      port.mute(muted);
      say({ kind: 'muted', muted });
    },
    digit: (digit) => {
      if (phone.value.kind === 'talking') port.digit(digit);
    },
    dial: (destination, who) => {
      const wanted = destination.trim();
      if (wanted === '' || isLive(phone.value) || lineOf(phone.value).kind !== 'ready') return;
      const ref = world.newRef();
      cancelWrapUp();
      say({ kind: 'dialled', call: { id: ref, direction: 'out', who: who ?? wanted } });
      if (!port.call(wanted, ref)) say({ kind: 'ended', outcome: 'failed' });
    },
    takeBack: () => {
      if (lineOf(phone.value).kind !== 'displaced') return;
      say({ kind: 'take-back' });
      line.up();
    },
    moveHere: () => tabs?.takeHere(),
    wrapUp: () => {
      cancelWrapUp();
      say({ kind: 'wrapped' });
    },
    choose: (kind, id) => port.choose(kind, id),
  };
}

function isRinging(phone: Phone): boolean {
  return phone.kind === 'ringing' && !phone.answering;
}
