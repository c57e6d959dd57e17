/** Event → next → effects. Everything that happens to the phone goes through `say`; everything a person does is an intent. */
import { signal, type ReadonlySignal } from '@preact/signals';
import { hearPort, hearServer, type Inside, type Levels, type WebrtcNews } from './hearing';
import { isLive, lineOf, next, type Phone, type PhoneEvent } from './phone/state';
import { keepLine } from './phone/line';
import type { Complaint, DeviceKind } from './phone/port';
import { keepPresence } from './phone/presence';
import type { Tabs } from './phone/tabs';
import type { Me } from './server/wire';
import type { SessionWorld } from './session-world';

/** A person's own act: an event the browser vouches for. A scripted one is not taken for an answer. */
export interface Press {
  readonly isTrusted: boolean;
}

export interface Session {
  readonly phone: ReadonlySignal<Phone>;
  readonly levels: ReadonlySignal<Levels>;
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
/** How long it is said that somebody else has the caller, in milliseconds: there is nothing to do about it. */
const CALM = 6_000;
const silence: Levels = { mine: 0, theirs: 0 };

export function makeSession(world: SessionWorld): Session {
  const { port } = world;
  const phone = signal<Phone>({ kind: 'signed-out' });
  const levels = signal<Levels>(silence);
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
    if (now.kind === 'ringing' && before.kind !== 'ringing' && now.call.ref !== null) world.sayRings(now.call.ref);
    if (isLive(before) && !isLive(now)) callOver(now);
  };

  const callOver = (now: Phone) => {
    levels.value = silence;
    complaints.value = new Set();
    line.callOver();
    world.onCallsChanged();
    cancelWrapUp();
    // A refusal stays until it has been read.
    if (now.kind === 'wrapping-up' && now.refusal === null) {
      const calm = now.outcome === 'colleague' || now.outcome === 'stopped';
      cancelWrapUp = world.later(() => say({ kind: 'wrapped' }), calm ? CALM : WRAP_UP);
    }
  };

  const presence = keepPresence(world.ticks, world.sayPresent);

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

  const onWebrtc = ({ available, reason, message }: WebrtcNews) => {
    if (!available) line.down('gone', isLive(phone.value));
    const wasOff = lineOf(phone.value).kind === 'webrtc-off';
    say({ kind: 'webrtc', available, reason, message });
    if (available && wasOff && onDuty && held) prepare();
  };

  const inside: Inside = {
    phone: () => phone.value,
    say,
    line,
    levels,
    complaints,
    hearing,
    ticks: world.ticks,
    refusalWords: world.refusalWords,
    onAvailability: (now) => {
      onDuty = now;
    },
    onWebrtc,
    onRefusal: () => cancelWrapUp(),
    onRights: () => {
      // What is learnt after this tab has given the phone away, or signed out, is no longer for it.
      const heard = deaf;
      void world.onRightsChanged().then((now) => {
        if (now && held && heard === deaf) onWebrtc(now.webrtc);
      });
    },
    onSessionEnded: world.onSessionEnded,
    onCallsChanged: world.onCallsChanged,
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
    deaf = world.listen((event) => {
      hearServer(inside, event);
      world.onServer(event);
      if (onDuty) presence.heard(event.kind === 'stream' && event.open);
    });
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
      const unbind = port.listen((event) => hearPort(inside, event));
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
      presence.heard(true);
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
      if (now.call.ref !== null) world.declineCaller(now.call.ref);
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
      say({ kind: 'dialled', call: { id: ref, direction: 'out', who: who ?? wanted, ref: null } });
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
