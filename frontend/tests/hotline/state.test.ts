/** What a page knows of the hotline's callers, and when it asks about the call that was. */
import { describe, expect, test } from 'vitest';
import { askedAbout, callerFor, nextHotline, pauseLeft, quietHotline, type Hotline, type HotlineEvent } from '../../src/hotline/state';
import { decodeDuty, decodeHotlineNews, decodeVoicemail } from '../../src/server/hotline';
import { readEvent } from '../../src/server/events';

const ref = '0123456789abcdef';
const anOffer = {
  id: ref, hotline: { id: 'h1', name: 'Night line' }, language: 'es', label: 'Caller 7F3A', repeat: true, spoke_before: false,
  waiting_since: '2026-11-20T12:00:00.000Z', waited_seconds: 42,
};
const anOwnCall = {
  ...anOffer, state: 'ended', answered_at: '2026-11-20T12:00:42.000Z', ended_at: '2026-11-20T12:10:00.000Z', outcome: null,
  outcomes: ['Listened'], notes_enabled: true, note: null, hard: false,
};
const ended = Date.parse(anOwnCall.ended_at);
const minute = 60_000;

const news = (state: string, at: number, more: object = {}): HotlineEvent => ({ kind: 'news', news: decodeHotlineNews({ ...anOffer, state, ...more }), at });
const read = (duty: object, at = 0): HotlineEvent => ({
  kind: 'read', duty: decodeDuty({ offered: [], items: [], total: 0, limit: 1, offset: 0, wrap_up_until: null, ...duty }), at,
});
const after = (...events: readonly HotlineEvent[]): Hotline => events.reduce(nextHotline, quietHotline);

describe('a caller', () => {
  test('is known by the reference of the ring, and by no other', () => {
    const hotline = after(news('offered', 100_000));

    expect(callerFor(hotline, ref)).toMatchObject({ hotline: 'Night line', language: 'es', repeat: true, waitingSince: 58_000 });
    expect(callerFor(hotline, null)).toBeNull();
    expect(callerFor(hotline, 'fedcba9876543210')).toBeNull();
  });

  test('waits on: later news do not turn the count back', () => {
    const hotline = after(news('offered', 100_000), news('answered', 130_000));

    expect(callerFor(hotline, ref)?.waitingSince).toBe(58_000);
  });

  test('is known after a reload, while they ring and while I talk with them', () => {
    expect(callerFor(after(read({ offered: [anOffer] })), ref)).not.toBeNull();
    expect(callerFor(after(read({ items: [{ ...anOwnCall, ended_at: null }] })), ref)).not.toBeNull();
  });

  test('is forgotten when many others came after', () => {
    const others = Array.from({ length: 8 }, (_, nth) => news('offered', 0, { id: `${nth}`.padStart(16, '0') }));

    expect(callerFor(after(news('offered', 0), ...others), ref)).toBeNull();
  });
});

describe('the pause', () => {
  const until = new Date(ended + minute).toISOString();

  test('begins with the end of the call and counts down to nothing', () => {
    const hotline = after(news('ended', 0, { wrap_up_until: until }));

    expect([pauseLeft(hotline, ended), pauseLeft(hotline, ended + 59_001), pauseLeft(hotline, ended + 2 * minute)]).toEqual([60, 1, 0]);
  });

  test('is not touched by other news, and ends when the volunteer is ready', () => {
    const hotline = after(news('ended', 0, { wrap_up_until: until }), news('offered', 0, { id: 'fedcba9876543210' }));

    expect(pauseLeft(hotline, ended)).toBe(60);
    expect(pauseLeft(nextHotline(hotline, { kind: 'pause', until: null }), ended)).toBe(0);
  });
});

describe('a call is asked about', () => {
  const had = after(read({ items: [anOwnCall] }));

  test('until something was said of it, or for two hours', () => {
    expect(askedAbout(had, ended + minute)?.id).toBe(ref);
    expect(askedAbout(had, ended + 121 * minute)).toBeNull();
    expect(askedAbout(nextHotline(had, { kind: 'call', ref, change: { outcome: 'Listened' } }), ended + minute)).toBeNull();
  });

  test('all through the pause, whatever was said', () => {
    const paused = after(read({ items: [{ ...anOwnCall, outcome: 'Listened' }], wrap_up_until: new Date(ended + minute).toISOString() }));

    expect(askedAbout(paused, ended)?.id).toBe(ref);
  });

  test('not while it goes on, and not when it was put away', () => {
    expect(askedAbout(after(read({ items: [{ ...anOwnCall, ended_at: null }] })), ended)).toBeNull();
    expect(askedAbout(nextHotline(had, { kind: 'put-away', ref }), ended + minute)).toBeNull();
  });
});

test('a doubt is shown until it is over', () => {
  const doubt = { why: 'ring_not_heard', message: 'Reload.' };
  const doubted = after({ kind: 'doubt', doubt });

  expect(doubted.doubt).toEqual(doubt);
  expect(nextHotline(doubted, { kind: 'doubt', doubt: { why: null, message: null } }).doubt).toBeNull();
});

describe('what the server says', () => {
  test('is read as events, and nonsense is refused', () => {
    expect(readEvent('hotline_call', { ...anOffer, state: 'stopped' })).toMatchObject({ kind: 'hotline_call', news: { id: ref, state: 'stopped' } });
    expect(readEvent('doubtful', { why: null, message: null, since: null })).toEqual({ kind: 'doubtful', doubt: { why: null, message: null } });
    expect(readEvent('ping', {})).toEqual({ kind: 'ping' });
    expect(() => readEvent('hotline_call', { ...anOffer, state: 'lost' })).toThrow('state');
  });

  test('a message has a pseudonym, and may have neither length nor holder', () => {
    const message = decodeVoicemail({
      id: 'm1', hotline_id: 'h1', hotline: null, caller: 'Caller 7F3A', language: 'en', seconds: null,
      left_at: '2026-11-20T12:00:00.000Z', state: 'new', taken_by: null, mine: false, done_at: null,
    });

    expect([message.caller, message.seconds, message.taken_by]).toEqual(['Caller 7F3A', null, null]);
  });
});
