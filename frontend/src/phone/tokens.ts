/**
 * The pass of the phone: asked for, renewed before it ends, never asked for too often.
 *
 * All times are the server's. The browser's calendar may be wrong by a day, so only spans are measured here, with a
 * clock that does not follow the calendar (`performance.now`), from the moment the server said what time it was.
 */
import { Problem } from '../server/api';
import type { Token } from '../server/wire';

/** Renewal begins this long before the token ends, in milliseconds. */
export const RENEW_BEFORE = 60_000;
/** Two asks are at least this far apart, in milliseconds, but for the one that follows a refusal. */
export const APART = 15_000;
/** The server gives six tokens a minute and volunteer; this page asks for at most five. */
export const PER_MINUTE = 5;
/** Retries after a failure wait this long, then twice as long, up to `LONGEST_WAIT`, in milliseconds. */
const FIRST_WAIT = 15_000;
const LONGEST_WAIT = 60_000;

export interface TokenWorld {
  /** Milliseconds from a clock that only runs forward. */
  readonly ticks: () => number;
  readonly later: (act: () => void, wait: number) => () => void;
  readonly fetchToken: (afterRefusal: string | null) => Promise<Token>;
}

export interface TokenHearer {
  readonly onToken: (token: Token, first: boolean) => void;
  /** A renewal has failed; the token in use ends at `endsAt` (server time). Null: all is well again. */
  readonly onTrouble: (endsAt: number | null) => void;
  /** No token could be had, and there is none in use. A retry is under way unless `final`. */
  readonly onNone: (problem: Problem, final: boolean) => void;
}

export interface Tokens {
  /** Asks for a first token and keeps it fresh from then on. */
  start(): void;
  /** The token in use was refused: asks for another at once, once. False when that has been tried already. */
  refused(reason: string): boolean;
  /** The token in use was accepted. */
  accepted(): void;
  stop(): void;
}

export function keepToken(world: TokenWorld, hear: TokenHearer): Tokens {
  let running = 0;
  let asks: readonly number[] = [];
  let failures = 0;
  let current: { readonly endsAt: number; readonly endsTick: number } | null = null;
  let retriedRefusal = false;
  let cancel: () => void = () => undefined;

  /** How long to wait so that neither the spacing nor the minute's ration is broken. */
  const mustWait = (urgent: boolean): number => {
    const now = world.ticks();
    asks = asks.filter((at) => now - at < 60_000);
    const last = asks.at(-1);
    const oldest = asks.at(-PER_MINUTE);
    const spacing = last === undefined || urgent ? 0 : last + APART - now;
    const ration = oldest === undefined ? 0 : oldest + 60_000 - now;
    return Math.max(0, spacing, ration);
  };

  const plan = (wait: number, afterRefusal: string | null, urgent = false) => {
    cancel();
    cancel = world.later(() => void askNow(afterRefusal), Math.max(wait, mustWait(urgent)));
  };

  const askNow = async (afterRefusal: string | null) => {
    const mine = running;
    asks = [...asks, world.ticks()];
    try {
      const token = await world.fetchToken(afterRefusal);
      if (mine !== running) return;
      const life = token.expires_at - token.server_time;
      const first = current === null || afterRefusal !== null;
      current = { endsAt: token.expires_at, endsTick: world.ticks() + life };
      failures = 0;
      hear.onTrouble(null);
      hear.onToken(token, first);
      plan(life - RENEW_BEFORE, null);
    } catch (error) {
      if (mine === running) failed(error instanceof Problem ? error : new Problem({ code: 'fault', status: 0 }), afterRefusal);
    }
  };

  const failed = (problem: Problem, afterRefusal: string | null) => {
    failures += 1;
    const final = problem.status === 401 || problem.status === 403;
    if (current !== null && world.ticks() < current.endsTick && !final) hear.onTrouble(current.endsAt);
    else {
      current = null;
      hear.onNone(problem, final);
    }
    if (final) return;
    const wait = Math.min(FIRST_WAIT * 2 ** (failures - 1), LONGEST_WAIT);
    plan(Math.max(wait, (problem.retryAfter ?? 0) * 1000), afterRefusal);
  };

  const stop = () => {
    running += 1;
    cancel();
    current = null;
    failures = 0;
    retriedRefusal = false;
  };

  return {
    start: () => {
      stop();
      plan(0, null, asks.length < 2);
    },
    refused: (reason) => {
      if (retriedRefusal) return false;
      retriedRefusal = true;
      current = null;
      plan(0, reason, true);
      return true;
    },
    accepted: () => {
      retriedRefusal = false;
    },
    stop,
  };
}
