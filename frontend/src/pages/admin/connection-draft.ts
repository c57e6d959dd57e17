/** The connection's form as one value: what is written, what is wrong with it, and what must be sent. Pure. */
import type { Connection, ConnectionChange } from '../../server/admin';
import { authIdProblem, authTokenProblem, lifetimeHolds, readNumbers, showNumber, tidy } from './checks';
import type { AuthIdProblem, AuthTokenProblem } from './checks';

export interface Draft {
  readonly name: string;
  readonly authId: string;
  readonly authToken: string;
  readonly country: string;
  readonly numbers: string;
  /** Digits, or empty for none. */
  readonly callerId: string;
  readonly source: string;
  readonly lifetime: string;
  readonly allowed: readonly string[];
}

export interface DraftProblems {
  readonly name?: true;
  readonly authId?: AuthIdProblem;
  readonly authToken?: AuthTokenProblem;
  /** The numbers that cannot be read. */
  readonly numbers?: readonly string[];
  readonly lifetime?: true;
}

/** What the form begins with. */
export function draftOf(held: Connection | null, country: string): Draft {
  return {
    name: held?.name ?? '',
    authId: held?.auth_id ?? '',
    authToken: '',
    country: held?.country ?? country,
    numbers: (held?.numbers ?? []).map(showNumber).join('\n'),
    callerId: held?.caller_id ?? '',
    source: held?.token_source ?? 'auto',
    lifetime: String(held?.token_lifetime_seconds ?? 600),
    allowed: held?.allowed_countries ?? [],
  };
}

/** Everything that is wrong with its shape. */
export function problemsOf(draft: Draft, held: Connection | null): DraftProblems {
  const authId = authIdProblem(draft.authId);
  // The stored token belongs to the stored Auth ID: a new ID needs its own.
  const stored = held !== null && tidy(draft.authId) === held.auth_id;
  const authToken = authTokenProblem(draft.authToken, stored);
  const { bad } = readNumbers(draft.numbers);
  return {
    ...(draft.name.trim() === '' ? { name: true } : {}),
    ...(authId === null ? {} : { authId }),
    ...(authToken === null ? {} : { authToken }),
    ...(bad.length === 0 ? {} : { numbers: bad }),
    ...(lifetimeHolds(Number(draft.lifetime.trim() || Number.NaN)) ? {} : { lifetime: true }),
  };
}

/** The caller ID is one of the numbers or none: it goes when its number goes. */
export function callerIdOf(draft: Draft): string | null {
  return readNumbers(draft.numbers).good.find((number) => number === draft.callerId) ?? null;
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, at) => item === b[at]);
}

/** What differs from what is held: an untouched Auth ID asks for no password. */
export function changesOf(draft: Draft, held: Connection): ConnectionChange {
  const { good } = readNumbers(draft.numbers);
  const callerId = callerIdOf(draft);
  const lifetime = Number(draft.lifetime);
  return {
    ...(draft.name.trim() === held.name ? {} : { name: draft.name.trim() }),
    ...(tidy(draft.authId) === held.auth_id ? {} : { auth_id: tidy(draft.authId) }),
    ...(tidy(draft.authToken) === '' ? {} : { auth_token: tidy(draft.authToken) }),
    ...(draft.country === held.country ? {} : { country: draft.country }),
    ...(same(good, held.numbers) ? {} : { numbers: good }),
    ...(callerId === held.caller_id ? {} : { caller_id: callerId }),
    ...(draft.source === held.token_source ? {} : { token_source: draft.source }),
    ...(lifetime === held.token_lifetime_seconds ? {} : { token_lifetime_seconds: lifetime }),
    ...(same(draft.allowed, held.allowed_countries) ? {} : { allowed_countries: draft.allowed }),
  };
}

/** What a new connection is made of; the rest is changed afterwards, see `restOf`. */
export function creationOf(draft: Draft): ConnectionChange {
  const callerId = callerIdOf(draft);
  return {
    name: draft.name.trim(),
    auth_id: tidy(draft.authId),
    auth_token: tidy(draft.authToken),
    country: draft.country,
    numbers: readNumbers(draft.numbers).good,
    token_source: draft.source,
    ...(callerId === null ? {} : { caller_id: callerId }),
  };
}

/** What a connection that has just been made still lacks of its draft; its credentials are there. */
export function restOf(draft: Draft, made: Connection): ConnectionChange {
  return changesOf({ ...draft, authToken: '' }, made);
}
