/** The phone as one value: what may follow what. */
import { describe, expect, test } from 'vitest';
import { isLive, lineOf, next, type CallFace, type Line, type Phone, type PhoneEvent } from '../../src/phone/state';

const ready: Line = { kind: 'ready', trouble: null };
const inward: CallFace = { id: 'a', direction: 'in', who: null, ref: null };
const outward: CallFace = { id: 'r', direction: 'out', who: 'Ben', ref: null };

/** The phone after all these events, in order. */
function after(phone: Phone, ...events: readonly PhoneEvent[]): Phone {
  return events.reduce(next, phone);
}

const lines: readonly Line[] = [
  { kind: 'signed-out' }, { kind: 'off-duty' }, { kind: 'getting-ready' }, ready,
  { kind: 'displaced', device: 'x', since: 0 }, { kind: 'other-tab', busy: false },
  { kind: 'webrtc-off', reason: null, message: null }, { kind: 'unreachable', why: 'socket' },
  { kind: 'microphone-blocked', why: 'denied' },
];

describe('a call begins', () => {
  test.each(lines.filter((line) => line.kind !== 'ready'))('on no line but a ready one: not when $kind', (line) => {
    expect(next(line, { kind: 'incoming', call: inward })).toBe(line);
    expect(next(line, { kind: 'dialled', call: outward })).toBe(line);
  });

  test('never on top of another that lives', () => {
    const talking = after(ready, { kind: 'dialled', call: outward }, { kind: 'answered', at: 1 });

    expect(next(talking, { kind: 'incoming', call: inward })).toBe(talking);
  });

  test('while the last one is still shown as ended', () => {
    const ended = after(ready, { kind: 'dialled', call: outward }, { kind: 'ended', outcome: 'busy' });

    expect(next(ended, { kind: 'incoming', call: inward }).kind).toBe('ringing');
  });
});

describe('a call is answered', () => {
  test('by the far end when we called, with or without its ringing', () => {
    const calling = next(ready, { kind: 'dialled', call: outward });

    expect(next(calling, { kind: 'answered', at: 7 })).toMatchObject({ kind: 'talking', since: 7, muted: false });
    expect(after(calling, { kind: 'far-end-rings' }, { kind: 'answered', at: 7 }).kind).toBe('talking');
  });

  test('only after a press when it came to us', () => {
    const ringing = next(ready, { kind: 'incoming', call: inward });

    expect(next(ringing, { kind: 'answered', at: 7 })).toBe(ringing);
    expect(after(ringing, { kind: 'answering' }, { kind: 'answered', at: 7 }).kind).toBe('talking');
  });
});

describe('a call outlives its line', () => {
  const talking = after(ready, { kind: 'dialled', call: outward }, { kind: 'answered', at: 1 });

  test.each<PhoneEvent>([
    { kind: 'lost', why: 'socket' },
    { kind: 'displaced', device: 'x', since: 3 },
    { kind: 'webrtc', available: false, reason: 'connection_off', message: null },
    { kind: 'away' },
  ])('after $kind, which is found when the call is over', (event) => {
    const during = next(talking, event);
    const over = after(during, { kind: 'ended', outcome: 'ended' }, { kind: 'wrapped' });

    expect([during.kind, isLive(during)]).toEqual(['talking', true]);
    expect(over).toEqual(lineOf(during));
    expect(over).not.toEqual(ready);
  });

  test('but not the end of the session', () => {
    expect(next(talking, { kind: 'signed-out' })).toEqual({ kind: 'signed-out' });
  });
});

describe('a refusal', () => {
  const calling = next(ready, { kind: 'dialled', call: outward });
  const refusal = { kind: 'refusal', id: 'r', message: 'Not there.' } as const;
  const end: PhoneEvent = { kind: 'ended', outcome: 'failed' };

  test('is the outcome of its call, whether it comes before the end or after', () => {
    expect(after(calling, refusal, end)).toMatchObject({ outcome: 'refused', refusal: 'Not there.' });
    expect(after(calling, end, refusal)).toMatchObject({ kind: 'wrapping-up', refusal: 'Not there.' });
  });

  test('of another call is not shown', () => {
    expect(next(calling, { ...refusal, id: 'another' })).toBe(calling);
  });
});

describe('a hotline\'s caller', () => {
  const ref = '0123456789abcdef';
  const ringing = next(ready, { kind: 'incoming', call: { ...inward, ref } });
  const colleague = { kind: 'elsewhere-answered', ref, outcome: 'colleague' } as const;
  const gone: PhoneEvent = { kind: 'ended', outcome: 'missed' };

  test('whom a colleague has is not missed, whoever says so first', () => {
    expect(after(ringing, colleague, gone)).toMatchObject({ kind: 'wrapping-up', outcome: 'colleague' });
    expect(after(ringing, gone)).toMatchObject({ outcome: 'stopped' });
    expect(after(ringing, gone, colleague)).toMatchObject({ outcome: 'colleague' });
  });

  test('whom a colleague has is so even where this phone believes that it has answered', () => {
    const both = after(ringing, { kind: 'answering' }, { kind: 'answered', at: 1 }, colleague);

    expect(both.kind).toBe('talking');
    expect(next(both, { kind: 'ended', outcome: 'ended' })).toMatchObject({ outcome: 'colleague' });
  });

  test('goes on ringing whatever news are late', () => {
    expect(after(ringing, { ...colleague, outcome: 'stopped' })).toBe(ringing);
    expect(after(ringing, colleague).kind).toBe('ringing');
    expect(after(ringing, { ...colleague, ref: 'fedcba9876543210' })).toBe(ringing);
  });
});

test('nothing is heard before somebody signs in', () => {
  const out: Phone = { kind: 'signed-out' };

  expect(after(out, { kind: 'prepare' }, { kind: 'registered' }, { kind: 'incoming', call: inward })).toBe(out);
  expect(next(out, { kind: 'signed-in' })).toEqual({ kind: 'off-duty' });
});

test('duty cannot begin while the phone is switched off', () => {
  const off: Phone = { kind: 'webrtc-off', reason: 'volunteer_off', message: null };

  expect(next(off, { kind: 'prepare' })).toBe(off);
  expect(next(off, { kind: 'webrtc', available: true, reason: null, message: null })).toEqual({ kind: 'off-duty' });
});
