/** The hotline in this page: its value, and everything that changes it. Nothing of it is kept in the browser but which
 * call's questions were put away. */
import { signal } from '@preact/signals';
import { Problem } from '../server/api';
import type { ServerEvent } from '../server/events';
import { fetchDuty, sayHard, sayOutcome, sayReady, writeNote, type Doubt } from '../server/hotline';
import { sentence } from '../server/sentence';
import { nextHotline, quietHotline, type Hotline, type HotlineEvent } from './state';

const kept = 'softphone.put-away';

export const hotline = signal<Hotline>(quietHotline);
/** What could not be done, in words; null when all is well. */
export const trouble = signal<string | null>(null);
/** The call whose caller may be blocked, once that was confirmed. */
export const blockAsked = signal<string | null>(null);
/** What became of the last block; `until` in the server's milliseconds, null where nobody could be blocked. */
export const blockSaid = signal<{ readonly ref: string; readonly until: number | null } | null>(null);
/** Counts the news of messages: whoever shows them reads them again. */
export const voicemailNews = signal(0);
/** From the page's own clock to the server's, in milliseconds. */
const ahead = signal(Date.now() - performance.now());

const say = (event: HotlineEvent) => {
  hotline.value = nextHotline(hotline.value, event);
};

/** The server's time, in milliseconds. */
export function serverNow(): number {
  return performance.now() + ahead.value;
}

/** Asks what rings, what was, and what pause there is: at the start and whenever news may have been lost. */
export async function readDuty(): Promise<void> {
  try {
    say({ kind: 'read', duty: await fetchDuty(), at: performance.now() });
  } catch {
    // What is shown stays shown; the stream's next opening asks again.
  }
}

/** Begins for a volunteer who has signed in. */
export function beginDuty(): void {
  hotline.value = { ...quietHotline, putAway: sessionStorage.getItem(kept) };
  trouble.value = null;
  blockAsked.value = null;
  blockSaid.value = null;
  void readDuty();
}

/** Hears what the server says of callers, messages and doubts. */
export function hearDuty(event: ServerEvent): void {
  switch (event.kind) {
    case 'hello':
      ahead.value = event.serverTime - performance.now();
      break;
    case 'stream':
      if (event.open) void readDuty();
      break;
    case 'hotline_call':
      say({ kind: 'news', news: event.news, at: performance.now() });
      if (event.news.state === 'answered' || event.news.state === 'ended') void readDuty();
      break;
    // Messages are for those on duty: the server says who is.
    case 'availability':
    case 'voicemail':
      voicemailNews.value += 1;
      break;
    case 'doubtful':
      sayDoubt(event.doubt);
      break;
    default:
      break;
  }
}

export function sayDoubt(doubt: Doubt | null): void {
  say({ kind: 'doubt', doubt });
}

async function tried(deed: () => Promise<void>): Promise<void> {
  try {
    await deed();
    trouble.value = null;
  } catch (error) {
    trouble.value = sentence(error);
  }
}

/** How the last call went; the same outcome again takes it back. */
export function chooseOutcome(ref: string, outcome: string): Promise<void> {
  return tried(async () => {
    await sayOutcome(ref, outcome);
    say({ kind: 'call', ref, change: { outcome: outcome === '' ? null : outcome } });
  });
}

/** Keeps the note at the server; true when it is there. */
export async function keepNote(ref: string, note: string): Promise<boolean> {
  await tried(async () => {
    await writeNote(ref, note);
    say({ kind: 'call', ref, change: { note: note.trim() === '' ? null : note } });
  });
  return trouble.value === null;
}

/** A longer pause. */
export function wasHard(ref: string): Promise<void> {
  return tried(async () => {
    say({ kind: 'pause', until: await sayHard(ref) });
    say({ kind: 'call', ref, change: { hard: true } });
  });
}

/** The pause is over. */
export function amReady(ref: string): Promise<void> {
  return tried(async () => {
    try {
      await sayReady(ref);
    } catch (error) {
      // A call that the server no longer knows has no pause either.
      if (!(error instanceof Problem) || error.status !== 404) throw error;
    }
    say({ kind: 'pause', until: null });
  });
}

/** Asks no more about this call. */
export function putAway(ref: string): void {
  sessionStorage.setItem(kept, ref);
  say({ kind: 'put-away', ref });
}
