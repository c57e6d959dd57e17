/** A world for the session in which a test is everybody else: the SDK, the server, the other tabs, and time. */
import type { PhonePort, PortEvent } from '../src/phone/port';
import type { TabHearer } from '../src/phone/tabs';
import type { ServerEvent } from '../src/server/events';
import type { Me, Registration, Token } from '../src/server/wire';
import { Problem } from '../src/server/api';
import { makeSession, type Session } from '../src/session';

/** Time that moves when it is told to. */
export function handClock() {
  let now = 0;
  let waiting: readonly { readonly at: number; readonly act: () => void }[] = [];
  return {
    ticks: () => now,
    later: (act: () => void, wait: number) => {
      const entry = { at: now + Math.max(0, wait), act };
      waiting = [...waiting, entry];
      return () => {
        waiting = waiting.filter((other) => other !== entry);
      };
    },
    /** Moves on, running what falls due in order, and lets promises settle in between. */
    pass: async (span: number) => {
      const end = now + span;
      for (;;) {
        await settle();
        const due = waiting.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (!due) break;
        waiting = waiting.filter((other) => other !== due);
        now = Math.max(now, due.at);
        due.act();
      }
      now = end;
      await settle();
    },
  };
}

/** Lets every promise that can settle do so. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 8; turn += 1) await Promise.resolve();
}

export const somebody: Me = {
  id: 'v1', name: 'Ana', login: 'ana', role: 'volunteer', extension: '101', languages: ['en'],
  availability: 'away', availability_since: null, dialling: 'numbers', csrf: 'c',
  webrtc: { available: true, provider: 'plivo', reason: null, message: null },
  connection: null, signalling: ['wss://example.test'], server_time: 0, stepped_up_until: null,
};

export interface Stage {
  readonly session: Session;
  readonly clock: ReturnType<typeof handClock>;
  readonly done: string[];
  phoneSays(event: PortEvent): void;
  serverSays(event: ServerEvent): void;
  readonly tabs: () => TabHearer | null;
  /** What the server knows of the volunteer from now on. */
  meIs(now: Me): void;
  /** So many of the next reports are refused: too often, come again in 5 s. */
  refuseReports(times: number): void;
  /** The server holds this device's registration for ended: it takes a new one, and ignores refreshes. */
  forgetRegistration(): void;
}

/** A session on a stage; `done` lists what it asked of the world, in order. */
export function setStage(life = 600_000): Stage {
  const clock = handClock();
  const done: string[] = [];
  const hearers: ((event: PortEvent) => void)[] = [];
  const servers: ((event: ServerEvent) => void)[] = [];
  let tabHearer: TabHearer | null = null;
  let recent: readonly number[] = [];
  let refs = 0;
  let me = somebody;
  let generation = 0;
  let refusals = 0;
  let known = true;
  const did = (what: string) => void done.push(what);
  const port: PhonePort = {
    listen: (hear) => {
      hearers.push(hear);
      return () => undefined;
    },
    load: () => Promise.resolve(),
    signIn: () => did('signIn'),
    renew: () => did('renew'),
    rest: () => did('rest'),
    signOut: () => did('signOut'),
    call: () => {
      did('call');
      return true;
    },
    answer: () => did('answer'),
    decline: () => did('decline'),
    hangUp: () => did('hangUp'),
    mute: (muted) => did(muted ? 'mute' : 'unmute'),
    digit: (digit) => did(`digit ${digit}`),
    choose: (kind) => did(`choose ${kind}`),
  };
  const token = (): Token => ({
    token: 't', identity: 'i', sip_uri: 's', ttl: life / 1000, signalling: [],
    server_time: clock.ticks(), expires_at: clock.ticks() + life,
  });
  const session = makeSession({
    port,
    deviceId: 'me',
    ticks: clock.ticks,
    wallMs: clock.ticks,
    later: clock.later,
    fetchToken: (reason) => {
      did(reason === null ? 'token' : `token after ${reason}`);
      return Promise.resolve(token());
    },
    report: (state): Promise<Registration> => {
      did(`report ${state}`);
      refusals -= 1;
      if (refusals >= 0) return Promise.reject(new Problem({ code: 'registering_too_often', status: 429, retryAfter: 5 }));
      generation += 1;
      if (state === 'registered') known = true;
      return Promise.resolve({ current: known, generation, registered_at: null, expires_at: null, device: null, current_device: null });
    },
    recentSignIns: {
      read: () => recent,
      write: (times) => {
        recent = times;
      },
    },
    agreeWithTabs: (hear) => {
      tabHearer = hear;
      hear.onHeld();
      return { takeHere: () => undefined, leave: () => undefined };
    },
    listen: (hear) => {
      servers.push(hear);
      return () => undefined;
    },
    setAvailability: () => Promise.resolve(),
    askMicrophone: () => Promise.resolve(null),
    mayOpenMicrophone: () => Promise.resolve(true),
    newRef: () => {
      refs += 1;
      return `ref${refs}`;
    },
    callOut: () => {
      did('ring');
      return () => did('quiet');
    },
    refusalWords: (reason) => reason ?? 'refused',
    onServer: () => undefined,
    sayPresent: () => did('present'),
    sayRings: (ref) => did(`rings ${ref}`),
    declineCaller: (ref) => did(`decline ${ref}`),
    onSessionEnded: () => did('session ended'),
    onRightsChanged: () => {
      did('me');
      return Promise.resolve(me);
    },
    onCallsChanged: () => undefined,
  });
  return {
    session, clock, done,
    phoneSays: (event) => hearers.forEach((hear) => hear(event)),
    serverSays: (event) => servers.forEach((hear) => hear(event)),
    tabs: () => tabHearer,
    refuseReports: (times) => {
      refusals = times;
    },
    forgetRegistration: () => {
      known = false;
    },
    meIs: (now) => {
      me = now;
    },
  };
}

/** A stage whose volunteer is on duty and whose phone is registered. */
export async function onDuty(life?: number): Promise<Stage> {
  const stage = setStage(life);
  stage.session.start(somebody);
  await stage.session.goOnDuty();
  await stage.clock.pass(0);
  stage.phoneSays({ kind: 'registered' });
  await settle();
  return stage;
}
