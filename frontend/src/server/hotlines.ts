/** The administrator's doors to hotlines, and the decoders for what comes out of them. */
import { paged, type Page } from './admin';
import { ask } from './api';
import { flag, instant, list, maybe, nothing, number, oneOf, record, text } from './decode';

const decodeSpan = record({ weekday: number, opens: text, closes: text });
/** A time of the week; `weekday` 0 is Monday. It closes on the next day where `closes` is not later than `opens`. */
export type Span = ReturnType<typeof decodeSpan>;

const decodeHoliday = record({ day: text, name: text });
export type Holiday = ReturnType<typeof decodeHoliday>;

export const strategies = ['everyone', 'longest_idle', 'language_first'] as const;

export const decodeHotline = record({
  id: text,
  connection_id: text,
  name: text,
  numbers: list(text),
  time_zone: text,
  round_the_clock: flag,
  hours: list(decodeSpan),
  holidays: list(decodeHoliday),
  closed: flag,
  open_now: flag,
  languages: list(text),
  default_language: text,
  strategy: oneOf(...strategies),
  ring_at_once: number,
  ring_seconds: number,
  pause_seconds: number,
  longest_wait_seconds: number,
  music_url: maybe(text),
  wrap_up_seconds: number,
  hard_wrap_up_seconds: number,
  outcomes: list(text),
  notes_enabled: flag,
  members: list(text),
});
export type Hotline = ReturnType<typeof decodeHotline>;

/** What may be changed of a hotline; what is not given stays. */
export interface HotlineChange {
  readonly name?: string;
  readonly numbers?: readonly string[];
  readonly time_zone?: string;
  readonly round_the_clock?: boolean;
  readonly hours?: readonly Span[];
  readonly holidays?: readonly Holiday[];
  readonly languages?: readonly string[];
  readonly default_language?: string;
  readonly strategy?: string;
  readonly ring_at_once?: number;
  readonly ring_seconds?: number;
  readonly pause_seconds?: number;
  readonly longest_wait_seconds?: number;
  readonly music_url?: string;
  readonly wrap_up_seconds?: number;
  readonly hard_wrap_up_seconds?: number;
  readonly outcomes?: readonly string[];
  readonly notes_enabled?: boolean;
}

const HOTLINES = '/api/admin/hotlines';
/** The address of a hotline's doors. */
export const hotlinePath = (id: string) => `${HOTLINES}/${encodeURIComponent(id)}`;

/** No organisation has more; a longer list would want a search. */
const ALL = 200;

export const readHotlines = (): Promise<Page<Hotline>> => paged(HOTLINES, decodeHotline, 0, ALL);
export const readHotline = (id: string): Promise<Hotline> => ask(hotlinePath(id), { decode: decodeHotline });

export function createHotline(made: HotlineChange): Promise<Hotline> {
  return ask(HOTLINES, { method: 'POST', body: made, decode: decodeHotline });
}

export function changeHotline(id: string, change: HotlineChange): Promise<Hotline> {
  return ask(hotlinePath(id), { method: 'PATCH', body: change, decode: decodeHotline });
}

export function removeHotline(id: string): Promise<null> {
  return ask(hotlinePath(id), { method: 'DELETE', decode: nothing });
}

export function closeHotline(id: string, closed: boolean): Promise<Hotline> {
  return ask(`${hotlinePath(id)}/closed`, { method: 'PUT', body: { closed }, decode: decodeHotline });
}

const decodeMembers = record({ members: list(text) });

export async function setMembers(id: string, volunteers: readonly string[]): Promise<readonly string[]> {
  return (await ask(`${hotlinePath(id)}/members`, { method: 'PUT', body: { volunteers }, decode: decodeMembers })).members;
}

export const decodePreparedHotline = record({ application_id: text, attached: number, missing: number });
export type PreparedHotline = ReturnType<typeof decodePreparedHotline>;

/** Several questions to Plivo stand behind this one, in milliseconds. */
const PREPARE_PATIENCE = 90_000;

export function prepareHotline(id: string): Promise<PreparedHotline> {
  const signal = AbortSignal.timeout(PREPARE_PATIENCE);
  return ask(`${hotlinePath(id)}/prepare`, { method: 'POST', decode: decodePreparedHotline, signal });
}

/** What happens to a caller. */
export const decodeDecision = record({
  kind: oneOf('ring', 'pause', 'message', 'alternatives'),
  seconds: maybe(number),
  reason: maybe(oneOf('closed', 'nobody', 'waited')),
});
export type Decision = ReturnType<typeof decodeDecision>;

export const decodePhone = oneOf('browser', 'sip', 'private');

export const decodeWhoRings = record({
  language: text,
  at: instant,
  open: flag,
  decision: decodeDecision,
  volunteers: list(record({ id: text, name: text, why: text, message: text, phones: list(decodePhone) })),
});
export type WhoRings = ReturnType<typeof decodeWhoRings>;
export type Standing = WhoRings['volunteers'][number];

/** `at` is an instant as ISO 8601, or empty for now. */
export function readWhoRings(id: string, language: string, at: string): Promise<WhoRings> {
  const query = new URLSearchParams({ language, ...(at === '' ? {} : { at }) });
  return ask(`${hotlinePath(id)}/who-rings?${query}`, { decode: decodeWhoRings });
}

const fallbackFields = {
  made_at: maybe(instant),
  stale: flag,
  why: maybe(oneOf('never_made', 'changed')),
  phones: number,
};
export const decodeFallback = record(fallbackFields);
export type Fallback = ReturnType<typeof decodeFallback>;
export const decodeMadeFallback = record({ ...fallbackFields, document: text, confirm_document: text });
export type MadeFallback = ReturnType<typeof decodeMadeFallback>;

export const readFallback = (id: string) => ask(`${hotlinePath(id)}/fallback`, { decode: decodeFallback });

export function makeFallback(id: string, confirmUrl: string): Promise<MadeFallback> {
  const body = confirmUrl === '' ? {} : { confirm_url: confirmUrl };
  return ask(`${hotlinePath(id)}/fallback`, { method: 'POST', body, decode: decodeMadeFallback });
}

export const decodeLimits = record({
  voicemail_enabled: flag,
  caller_calls_per_hour: number,
  all_calls_per_hour: number,
  check_above: number,
  messages_per_caller: number,
  messages_in_all: number,
  block_hours: number,
});
export type Limits = ReturnType<typeof decodeLimits>;

export const readLimits = (id: string) => ask(`${hotlinePath(id)}/privacy`, { decode: decodeLimits });

export function changeLimits(id: string, limits: Limits): Promise<Limits> {
  return ask(`${hotlinePath(id)}/privacy`, { method: 'PUT', body: limits, decode: decodeLimits });
}

