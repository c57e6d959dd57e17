/** The live board, as the server says it. */
import { ask } from './api';
import { flag, instant, list, maybe, number, oneOf, record, text } from './decode';
import { decodeDecision, decodePhone } from './hotlines';

const decodeNamed = record({ id: text, name: text });

const decodeToday = record({
  date: maybe(text),
  calls: number,
  answered: number,
  missed: number,
  voicemail: number,
  turned_away: number,
  median_wait_seconds: maybe(number),
  longest_wait_seconds: maybe(number),
});
export type Today = ReturnType<typeof decodeToday>;

export const liveStates = ['proving', 'menu', 'waiting', 'ringing', 'talking', 'message'] as const;

const decodeLiveCall = record({
  id: text,
  label: text,
  repeat: flag,
  hotline: decodeNamed,
  language: maybe(text),
  state: oneOf(...liveStates),
  started_at: instant,
  waiting_since: instant,
  since: instant,
  with: list(record({ id: text, name: text, phone: maybe(decodePhone), heard: maybe(flag) })),
});
export type LiveCall = ReturnType<typeof decodeLiveCall>;

const decodeBoardHotline = record({
  id: text,
  name: text,
  time_zone: text,
  open: flag,
  closed: flag,
  decision: decodeDecision,
  would_ring: number,
  doubtful: number,
  waiting: number,
  ringing: number,
  talking: number,
  leaving_message: number,
  today: decodeToday,
});
export type BoardHotline = ReturnType<typeof decodeBoardHotline>;

const decodeBoardVolunteer = record({
  id: text,
  name: text,
  availability: oneOf('on_duty', 'away'),
  availability_since: maybe(instant),
  languages: list(text),
  reachable: flag,
  phones: list(decodePhone),
  doubt: maybe(record({ why: text, message: text, since: instant })),
  call: maybe(text),
  hotlines: list(record({ id: text, name: text, why: text, message: text, rings: flag })),
});
export type BoardVolunteer = ReturnType<typeof decodeBoardVolunteer>;

const decodeAlert = record({
  id: text,
  kind: oneOf('empty_shift', 'doubtful_shift'),
  hotline: decodeNamed,
  message: text,
  began_at: instant,
  ended_at: maybe(instant),
});
export type BoardAlert = ReturnType<typeof decodeAlert>;

export const decodeBoard = record({
  at: instant,
  hotlines: list(decodeBoardHotline),
  today: decodeToday,
  calls: list(decodeLiveCall),
  volunteers: list(decodeBoardVolunteer),
  alerts: list(decodeAlert),
});
export type Board = ReturnType<typeof decodeBoard>;

/** The board of one hotline, or of all where `hotline` is empty. */
export function readBoard(hotline: string): Promise<Board> {
  const query = hotline === '' ? '' : `?${new URLSearchParams({ hotline })}`;
  return ask(`/api/admin/board${query}`, { decode: decodeBoard });
}
