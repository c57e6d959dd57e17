/** The hotline calls of the past: the log, one call with its ladder, and the figures. */
import { PAGE } from './admin';
import { ask } from './api';
import { flag, instant, list, maybe, number, oneOf, record, text, type Decoder } from './decode';
import { decodePhone } from './hotlines';

const decodeNamed = record({ id: text, name: text });

export const endings = ['answered', 'gave_up', 'message', 'alternatives', 'blocked', 'too_many', 'lost'] as const;

const callFields = {
  id: text,
  hotline: decodeNamed,
  label: text,
  caller_id: text,
  repeat: flag,
  language: maybe(text),
  state: text,
  ending: maybe(oneOf(...endings)),
  started_at: instant,
  waited_seconds: maybe(number),
  talked_seconds: maybe(number),
  answered_by: maybe(decodeNamed),
  outcome: maybe(text),
  hard: flag,
};
export const decodeLoggedCall = record(callFields);
export type LoggedCall = ReturnType<typeof decodeLoggedCall>;

const decodeLog = record({ items: list(decodeLoggedCall), total: number, time_zone: text });
export type Log = ReturnType<typeof decodeLog>;

export const fates = ['answered', 'declined', 'lost_race', 'not_reached', 'no_answer', 'stopped', 'ringing'] as const;

const decodeRung = record({
  volunteer: decodeNamed,
  phone: decodePhone,
  fate: oneOf(...fates),
  heard_after_ms: maybe(number),
  answered_after_ms: maybe(number),
  connected_after_ms: maybe(number),
  ended_after_ms: maybe(number),
  hangup_code: maybe(number),
  hangup_cause: maybe(text),
});
export type Rung = ReturnType<typeof decodeRung>;

const decodeRound = record({
  step: number,
  round: number,
  half: oneOf('apps', 'private', 'spoke_before'),
  after_ms: number,
  lasted_ms: maybe(number),
  rung: list(decodeRung),
});
export type Round = ReturnType<typeof decodeRound>;

/** What Plivo told with a question: names and plain values. */
const decodeTold: Decoder<Readonly<Record<string, string>>> = (value) =>
  typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).map(([name, told]) => [name, String(told)]))
    : {};

const decodeLine = record({
  seq: number,
  after_ms: number,
  gap_ms: number,
  asked: text,
  told: decodeTold,
  answered: text,
  document: maybe(text),
});
export type Line = ReturnType<typeof decodeLine>;

export const decodeStory = record({
  ...callFields,
  hangup_code: maybe(number),
  rounds: list(decodeRound),
  ladder: list(decodeLine),
});
export type Story = ReturnType<typeof decodeStory>;

const tally = {
  calls: number,
  answered: number,
  missed: number,
  voicemail: number,
  turned_away: number,
  share_answered: maybe(number),
};

export const decodeFigures = record({
  from: text,
  to: text,
  time_zone: text,
  ...tally,
  hours_of_week: list(list(number)),
  waiting: record({
    buckets: list(record({ from_seconds: number, to_seconds: maybe(number), calls: number, answered: number })),
    median_seconds: maybe(number),
    p90_seconds: maybe(number),
    longest_seconds: maybe(number),
  }),
  by_day: list(record({ date: text, ...tally })),
});
export type Figures = ReturnType<typeof decodeFigures>;

/** Which calls are asked for; empty leaves nothing out. `from` and `to` are days, both included. */
export interface LogFilter {
  readonly hotline: string;
  readonly ending: string;
  readonly language: string;
  readonly volunteer: string;
  readonly from: string;
  readonly to: string;
  readonly label: string;
}

export const everything: LogFilter = { hotline: '', ending: '', language: '', volunteer: '', from: '', to: '', label: '' };

/** The filter as a query, without what is empty. */
export function queryOf(filter: Partial<LogFilter>, more: Readonly<Record<string, number>> = {}): string {
  const chosen = Object.entries(filter).map(([name, value]) => [name, value.trim()]);
  const page = Object.entries(more).map(([name, value]) => [name, String(value)]);
  return new URLSearchParams([...chosen.filter(([, value]) => value !== ''), ...page]).toString();
}

export const readLog = (filter: LogFilter, offset: number): Promise<Log> =>
  ask(`/api/admin/hotline-calls?${queryOf(filter, { limit: PAGE, offset })}`, { decode: decodeLog });

export const exportPath = (filter: LogFilter) => `/api/admin/hotline-calls.csv?${queryOf(filter)}`;

export const readStory = (id: string): Promise<Story> =>
  ask(`/api/admin/hotline-calls/${encodeURIComponent(id)}`, { decode: decodeStory });

export const readFigures = (filter: Pick<LogFilter, 'hotline' | 'from' | 'to'>): Promise<Figures> =>
  ask(`/api/admin/hotline-stats?${queryOf(filter)}`, { decode: decodeFigures });
