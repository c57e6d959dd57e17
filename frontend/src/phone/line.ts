/** Keeps one registration: token, sign-in, reports to our server, and the way back after a loss. */
import { Problem } from '../server/api';
import type { DisplacedNotice, Registration, Token } from '../server/wire';
import type { PhonePort, PortEvent } from './port';
import type { LineEvent } from './state';
import { keepToken } from './tokens';

export type Report = 'registered' | 'refreshed' | 'gone' | 'failed';

export interface LineWorld {
  readonly port: PhonePort;
  readonly deviceId: string;
  readonly ticks: () => number;
  readonly later: (act: () => void, wait: number) => () => void;
  readonly fetchToken: (afterRefusal: string | null) => Promise<Token>;
  /** Tells our server; `reason` is the SDK's word for a failure. */
  readonly report: (state: Report, reason: string | null) => Promise<Registration>;
  /** When this device registered lately: kept over a reload, in milliseconds of `wallMs`. */
  readonly recentSignIns: { readonly read: () => readonly number[]; readonly write: (times: readonly number[]) => void };
  readonly wallMs: () => number;
  readonly say: (event: LineEvent) => void;
  /** The server no longer lets this volunteer have a token. */
  readonly onNotAllowed: (problem: Problem) => void;
}

export interface LineKeeper {
  /** Begins to hold the registration. */
  up(): void;
  /** Lets go of it: at once, or, while a call lives, as soon as `callOver` is said. */
  down(report: 'gone' | null, callLives: boolean): void;
  callOver(): void;
  /** What the phone says about the registration. */
  hear(event: PortEvent): void;
  /** The server says that another device is the phone now. */
  displaced(notice: DisplacedNotice): void;
}

/** At most this many registrations of one device in `SIGN_IN_WINDOW`: two devices must not fight for one name. */
const SIGN_INS = 2;
/** A second more than the server's own minute: who counts the same minute from here is refused at its edge. */
const SIGN_IN_WINDOW = 61_000;
/** A report that failed is said again after this, in milliseconds, unless the server asks for longer. */
const REPORT_AGAIN = 3_000;
/** A phone that cannot reach its registrar is started anew this often, in milliseconds; the SDK also tries by itself. */
const RETRY_EVERY = 15_000;
/** Refusals that are not about the kind of token: another of the same kind may well be taken. */
const worthAnother: ReadonlySet<string> = new Set(['ACCESS_TOKEN_EXPIRED', 'ACCESS_TOKEN_NOT_VALID_YET', 'MAX_ALLOWED_LOGIN_REACHED']);

export function keepLine(world: LineWorld): LineKeeper {
  const { port, say } = world;
  let wanted = false;
  let freshSignIn = false;
  let token: string | null = null;
  let generation = 0;
  let owesSignOut = false;
  let cancelSignIn: () => void = () => undefined;
  let cancelRetry: () => void = () => undefined;
  let cancelReport: () => void = () => undefined;

  const report = (state: Report, reason: string | null = null) => {
    cancelReport();
    let overtaken = false;
    cancelReport = () => {
      overtaken = true;
    };
    world.report(state, reason).then(
      (answer) => {
        generation = Math.max(generation, answer.generation ?? 0);
        if (overtaken) return;
        if (state === 'registered') freshSignIn = false;
        const newer = answer.current_device;
        // A refresh of what our server holds for ended (a long sleep, a report that was lost) is a new registration.
        if (wanted && !answer.current && state === 'refreshed' && (!newer || newer.id === world.deviceId)) report('registered');
        if (wanted && !answer.current && newer && newer.id !== world.deviceId && state !== 'gone') {
          letGo(false);
          say({ kind: 'displaced', device: newer.label, since: newer.since });
        }
      },
      // The phone is registered, but our server does not know it, so that no hotline would ring here: said again.
      (error: unknown) => {
        if (overtaken || !wanted || (state !== 'registered' && state !== 'refreshed')) return;
        const asked = error instanceof Problem && error.retryAfter !== null ? error.retryAfter * 1_000 : 0;
        cancelReport = world.later(() => report(state), Math.max(REPORT_AGAIN, asked));
      },
    );
  };

  const signIn = () => {
    cancelSignIn();
    const now = world.wallMs();
    const recent = world.recentSignIns.read().filter((at) => at <= now && now - at < SIGN_IN_WINDOW);
    const oldest = recent.at(-SIGN_INS);
    const wait = oldest === undefined ? 0 : oldest + SIGN_IN_WINDOW - now;
    const act = () => {
      if (!wanted || token === null) return;
      world.recentSignIns.write([...recent, world.wallMs()].slice(-SIGN_INS));
      freshSignIn = true;
      port.signIn(token);
    };
    if (wait > 0) cancelSignIn = world.later(act, wait);
    else act();
  };

  const tokens = keepToken(world, {
    onToken: (given, first) => {
      token = given.token;
      if (!first) {
        port.renew(given.token);
        return;
      }
      port.load(given.signalling).then(signIn, () => {
        if (wanted) say({ kind: 'lost', why: 'browser' });
      });
    },
    onTrouble: (endsAt) => say({ kind: 'token-trouble', trouble: endsAt === null ? null : { endsAt } }),
    onNone: (problem, final) => {
      if (!wanted) return;
      if (final) world.onNotAllowed(problem);
      else say({ kind: 'lost', why: 'no-token' });
    },
  });

  const retryLater = () => {
    cancelRetry();
    cancelRetry = world.later(() => {
      if (!wanted || token === null) return;
      // Not a registration yet: the SDK ignores it while it is connecting, and nothing is counted before it succeeds.
      port.signIn(token);
      retryLater();
    }, RETRY_EVERY);
  };

  const letGo = (callLives: boolean) => {
    wanted = false;
    token = null;
    tokens.stop();
    cancelSignIn();
    cancelRetry();
    cancelReport();
    owesSignOut = callLives;
    if (callLives) port.rest();
    else port.signOut();
  };

  const registered = () => {
    cancelRetry();
    tokens.accepted();
    say({ kind: 'registered' });
    report(freshSignIn ? 'registered' : 'refreshed');
  };

  const refused = (reason: string) => {
    report('failed', reason);
    if (worthAnother.has(reason) || !tokens.refused(reason)) {
      say({ kind: 'lost', why: 'refused' });
      cancelRetry();
      cancelRetry = world.later(() => tokens.start(), SIGN_IN_WINDOW);
    }
  };

  return {
    up: () => {
      if (owesSignOut) port.signOut();
      owesSignOut = false;
      wanted = true;
      tokens.start();
    },
    down: (told, callLives) => {
      const had = wanted;
      letGo(callLives);
      if (had && told) report(told);
    },
    callOver: () => {
      if (owesSignOut) port.signOut();
      owesSignOut = false;
    },
    hear: (event) => {
      if (!wanted) return;
      if (event.kind === 'registered') registered();
      else if (event.kind === 'refused') refused(event.reason);
      else if (event.kind === 'lost') {
        say({ kind: 'lost', why: 'socket' });
        retryLater();
      }
    },
    displaced: (notice) => {
      if (notice.device.id === world.deviceId) return;
      if (notice.generation !== null && notice.generation <= generation) return;
      generation = Math.max(generation, notice.generation ?? 0);
      say({ kind: 'displaced', device: notice.device.label, since: notice.since });
    },
  };
}
