/** The hotline's doors for volunteers: callers, what is said of them afterwards, messages, and signs of life. */
import { ask } from './api';
import { flag, instant, list, maybe, nothing, number, oneOf, pageOf, record, text } from './decode';

const offer = {
  id: text,
  hotline: record({ id: text, name: text }),
  language: text,
  label: text,
  repeat: flag,
  spoke_before: flag,
  waited_seconds: number,
} as const;

/** A caller as a volunteer sees them: no number, and nothing it could be made from. */
export const decodeOffer = record(offer);
export type Offer = ReturnType<typeof decodeOffer>;

export const decodeHotlineNews = record({
  ...offer,
  state: oneOf('offered', 'answered', 'answered_by_colleague', 'stopped', 'ended'),
  wrap_up_until: maybe(instant),
});
export type HotlineNews = ReturnType<typeof decodeHotlineNews>;

export const decodeOwnCall = record({
  ...offer,
  answered_at: maybe(instant),
  ended_at: maybe(instant),
  outcome: maybe(text),
  outcomes: list(text),
  notes_enabled: flag,
  note: maybe(text),
  hard: flag,
});
export type OwnCall = ReturnType<typeof decodeOwnCall>;

export const decodeDuty = record({
  offered: list(decodeOffer),
  items: list(decodeOwnCall),
  wrap_up_until: maybe(instant),
});
export type Duty = ReturnType<typeof decodeDuty>;

/** Why the server doubts that this phone would be heard; `why` null: it does not. */
export const decodeDoubt = record({ why: maybe(text), message: maybe(text) });
export type Doubt = ReturnType<typeof decodeDoubt>;

const holder = record({ name: text });

export const decodeVoicemail = record({
  id: text,
  hotline: maybe(record({ id: text, name: text })),
  caller: text,
  language: text,
  seconds: maybe(number),
  left_at: instant,
  state: oneOf('new', 'taken', 'done'),
  taken_by: maybe(holder),
  mine: flag,
});
export type Voicemail = ReturnType<typeof decodeVoicemail>;
export const decodeVoicemails = pageOf(decodeVoicemail);

const about = (ref: string, door: string) => `/api/hotline-calls/${encodeURIComponent(ref)}/${door}`;

/** The callers that ring now, the last call had, and the pause after it. */
export function fetchDuty(): Promise<Duty> {
  return ask('/api/hotline-calls?limit=1&offset=0', { decode: decodeDuty });
}

/** Not me, while others can answer. */
export async function declineCaller(ref: string): Promise<void> {
  await ask(about(ref, 'decline'), { method: 'POST', decode: nothing });
}

/** This page rings for the caller. */
export async function sayRings(ref: string, device_id: string): Promise<void> {
  await ask(about(ref, 'rings'), { method: 'POST', body: { device_id }, decode: nothing });
}

/** This page is there. What the server doubts, if anything. */
export async function sayPresent(device_id: string): Promise<Doubt | null> {
  const answer = await ask('/api/presence', { method: 'POST', body: { device_id }, decode: record({ doubt: maybe(decodeDoubt) }) });
  return answer.doubt;
}

/** How it went; "" takes it back. */
export async function sayOutcome(ref: string, outcome: string): Promise<void> {
  await ask(about(ref, 'outcome'), { method: 'POST', body: { outcome }, decode: nothing });
}

/** A note; it is finished even when the page is closing. */
export async function writeNote(ref: string, note: string): Promise<void> {
  await ask(about(ref, 'note'), { method: 'PUT', body: { note }, decode: nothing, keepalive: true });
}

/** That was hard. When the longer pause ends, in the server's milliseconds. */
export async function sayHard(ref: string): Promise<number> {
  return (await ask(about(ref, 'hard'), { method: 'POST', decode: record({ wrap_up_until: instant }) })).wrap_up_until;
}

/** The pause is over. */
export async function sayReady(ref: string): Promise<void> {
  await ask(about(ref, 'ready'), { method: 'POST', decode: nothing });
}

/** Blocks the caller of a call of mine. Until when; null for one who cannot be known again. */
export async function blockCaller(ref: string): Promise<number | null> {
  return (await ask(about(ref, 'block'), { method: 'POST', decode: record({ until: maybe(instant) }) })).until;
}

export function fetchVoicemails(limit: number) {
  return ask(`/api/voicemails?limit=${limit}&offset=0`, { decode: decodeVoicemails });
}

/** `take`: I see to it; `release`: somebody else may; `done`: it is seen to. The message as it is then. */
export function changeVoicemail(id: string, deed: 'take' | 'release' | 'done'): Promise<Voicemail> {
  return ask(`/api/voicemails/${encodeURIComponent(id)}/${deed}`, { method: 'POST', decode: decodeVoicemail });
}
