/** The session against a world that does what it likes. */
import { describe, expect, test } from 'vitest';
import type { PortEvent } from '../src/phone/port';
import { lineOf } from '../src/phone/state';
import { onDuty, settle, somebody } from './world';

/** A small generator of chance with a seed, so that a failure can be repeated (mulberry32). */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const portEvents: readonly PortEvent[] = [
  { kind: 'registered' }, { kind: 'lost' }, { kind: 'refused', reason: 'INVALID_ACCESS_TOKEN' },
  { kind: 'incoming', id: 'a', name: null, ref: null }, { kind: 'incoming', id: 'b', name: 'auto-answer', ref: null },
  { kind: 'far-end-rings' }, { kind: 'answered' }, { kind: 'ended', outcome: 'ended' }, { kind: 'no-microphone' },
];

describe('a call is answered by a press and by nothing else (TM-T11)', () => {
  test('2,000 random orders of events never answer', async () => {
    // One look at the end: 24,000 assertions would take longer than all that they watch.
    const answeredBy: number[] = [];

    for (let seed = 1; seed <= 2_000; seed += 1) {
      const stage = await onDuty();
      const roll = chance(seed);
      for (let step = 0; step < 12; step += 1) {
        const event = portEvents[Math.floor(roll() * portEvents.length)];
        if (event) stage.phoneSays(event);
        if (roll() < 0.1) stage.serverSays({ kind: 'webrtc', available: roll() < 0.5, reason: null, message: null });
        if (roll() < 0.1) stage.session.answer({ isTrusted: false });
        if (roll() < 0.1) stage.session.takeBack();
        const phone = stage.session.phone.value;
        if (phone.kind === 'talking' && phone.call.direction === 'in') answeredBy.push(seed);
      }
      if (stage.done.includes('answer')) answeredBy.push(seed);
    }

    expect(answeredBy).toEqual([]);
  });

  test('a press answers the call that rings, once', async () => {
    const stage = await onDuty();
    stage.phoneSays({ kind: 'incoming', id: 'a', name: 'Ben', ref: null });

    stage.session.answer({ isTrusted: true });
    stage.session.answer({ isTrusted: true });
    stage.phoneSays({ kind: 'answered' });

    expect(stage.done.filter((what) => what === 'answer')).toHaveLength(1);
    expect(stage.session.phone.value.kind).toBe('talking');
  });
});

describe('a call outlives what happens to the line', () => {
  test('a lost socket in a call is shown and forgotten when it returns', async () => {
    const stage = await onDuty();
    stage.session.dial('102', 'Ben');
    stage.phoneSays({ kind: 'answered' });

    stage.phoneSays({ kind: 'lost' });
    const cut = stage.session.phone.value;
    stage.phoneSays({ kind: 'registered' });
    const back = stage.session.phone.value;

    expect([cut.kind, lineOf(cut).kind]).toEqual(['talking', 'unreachable']);
    expect([back.kind, lineOf(back).kind]).toEqual(['talking', 'ready']);
  });

  test('displaced in a call: registers no more at once, signs out when the call is over', async () => {
    const stage = await onDuty();
    stage.session.dial('102');
    stage.phoneSays({ kind: 'answered' });

    stage.serverSays({ kind: 'displaced', notice: { device: { id: 'other', label: 'Firefox, Linux' }, since: 5, generation: 9 } });
    const during = stage.done.slice();
    stage.phoneSays({ kind: 'ended', outcome: 'ended' });
    stage.session.wrapUp();

    expect(during).toContain('rest');
    expect(during).not.toContain('signOut');
    expect(stage.done).toContain('signOut');
    expect(stage.session.phone.value).toEqual({ kind: 'displaced', device: 'Firefox, Linux', since: 5 });
  });

  test('WebRTC off in a call leaves the call alone', async () => {
    const stage = await onDuty();
    stage.session.dial('102');
    stage.phoneSays({ kind: 'answered' });

    stage.serverSays({ kind: 'webrtc', available: false, reason: 'connection_off', message: 'off' });

    expect(stage.session.phone.value.kind).toBe('talking');
    expect(stage.done).not.toContain('signOut');
    expect(stage.done).not.toContain('hangUp');
  });
});

describe('two devices do not fight (TM-T9)', () => {
  test('one device registers at most twice in a minute', async () => {
    const stage = await onDuty();

    for (let turn = 2; turn < 8; turn += 1) {
      stage.serverSays({ kind: 'displaced', notice: { device: { id: 'other', label: 'x' }, since: 0, generation: turn * 100 } });
      stage.session.takeBack();
      await stage.clock.pass(6_000);
    }

    expect(stage.done.filter((what) => what === 'signIn').length).toBeLessThanOrEqual(2);
  });

  test('an old notice, told again after the line was taken back, changes nothing', async () => {
    const stage = await onDuty();

    stage.serverSays({ kind: 'displaced', notice: { device: { id: 'other', label: 'x' }, since: 0, generation: 1 } });

    expect(stage.session.phone.value.kind).toBe('ready');
  });
});

test('a refused local token is followed by another kind at once, and once', async () => {
  const stage = await onDuty();
  stage.done.length = 0;

  stage.phoneSays({ kind: 'refused', reason: 'INVALID_ACCESS_TOKEN_SIGNATURE' });
  await stage.clock.pass(1_000);
  stage.phoneSays({ kind: 'refused', reason: 'INVALID_ACCESS_TOKEN_SIGNATURE' });
  await stage.clock.pass(1_000);

  expect(stage.done.filter((what) => what.startsWith('token'))).toEqual(['token after INVALID_ACCESS_TOKEN_SIGNATURE']);
  expect(lineOf(stage.session.phone.value)).toEqual({ kind: 'unreachable', why: 'refused' });
});

test('the reason for a refused call arrives before or after its end', async () => {
  const stage = await onDuty();
  stage.session.dial('+99');
  stage.phoneSays({ kind: 'ended', outcome: 'ended' });

  const call = {
    id: 'c', ref: 'ref1', direction: 'out', peer: { kind: 'number', name: null, extension: null, masked: null }, state: 'refused',
    outcome: 'refused', reason: 'country_not_allowed', message: null, started_at: null, answered_at: null, ended_at: null, seconds: null,
  } as const;
  stage.serverSays({ kind: 'call', call });

  const now = stage.session.phone.value;
  expect(now.kind === 'wrapping-up' && now.refusal).toBe('country_not_allowed');
});

test('leaving the page says that the device is gone', async () => {
  const stage = await onDuty();

  stage.session.goodbye();
  await settle();

  expect(stage.done.slice(-2)).toEqual(['signOut', 'report gone']);
});

test('after a change of rights the phone is what the server says it may be', async () => {
  const stage = await onDuty();

  stage.meIs({ ...somebody, webrtc: { ...somebody.webrtc, available: false, reason: 'volunteer_off', message: 'off' } });
  stage.serverSays({ kind: 'rights' });
  await settle();
  const off = stage.session.phone.value;
  stage.meIs(somebody);
  stage.serverSays({ kind: 'rights' });
  await settle();

  expect(off).toEqual({ kind: 'webrtc-off', reason: 'volunteer_off', message: 'off' });
  expect(stage.session.phone.value.kind).toBe('getting-ready');
});

describe('a hotline\'s caller', () => {
  const ref = '0123456789abcdef';

  test('is reported as ringing, and as declined: others may still answer', async () => {
    const stage = await onDuty();
    stage.phoneSays({ kind: 'incoming', id: 'a', name: null, ref });
    stage.session.decline();

    expect(stage.done.filter((what) => what.endsWith(ref))).toEqual([`rings ${ref}`, `decline ${ref}`]);
  });

  test('whom a colleague has is said calmly, and goes by itself sooner than other ends', async () => {
    const stage = await onDuty();
    stage.phoneSays({ kind: 'incoming', id: 'a', name: null, ref });
    stage.phoneSays({ kind: 'ended', outcome: 'missed' });
    const told = stage.session.phone.value;
    await stage.clock.pass(6_000);

    expect(told).toMatchObject({ kind: 'wrapping-up', outcome: 'stopped' });
    expect(stage.session.phone.value.kind).toBe('ready');
  });
});

test('the page answers the server while on duty, not more than every 20 s', async () => {
  const stage = await onDuty();
  stage.done.length = 0;

  stage.serverSays({ kind: 'stream', open: true });
  stage.serverSays({ kind: 'ping' });
  await stage.clock.pass(20_000);
  stage.serverSays({ kind: 'ping' });
  await stage.session.goAway();
  await stage.clock.pass(20_000);
  stage.serverSays({ kind: 'ping' });

  expect(stage.done.filter((what) => what === 'present')).toHaveLength(2);
});

describe('our server does not know that this phone is registered', () => {
  test('so a refused report is said again when the server may hear it, until it is taken', async () => {
    const stage = await onDuty();
    stage.done.length = 0;
    stage.refuseReports(2);

    stage.phoneSays({ kind: 'registered' });
    await stage.clock.pass(4_000);
    const soon = stage.done.filter((what) => what.startsWith('report')).length;
    await stage.clock.pass(20_000);

    expect(soon).toBe(1);
    expect(stage.done.filter((what) => what.startsWith('report'))).toEqual(Array(3).fill('report refreshed'));
  });

  test('so a refresh that it does not know is followed by a registration, once', async () => {
    const stage = await onDuty();
    stage.done.length = 0;
    stage.forgetRegistration();

    stage.phoneSays({ kind: 'registered' });
    await settle();
    stage.phoneSays({ kind: 'registered' });
    await settle();

    expect(stage.done.filter((what) => what.startsWith('report'))).toEqual(['report refreshed', 'report registered', 'report refreshed']);
  });

  test('so what follows a refused registration is a registration again', async () => {
    const stage = await onDuty();
    await stage.session.goAway();
    await stage.session.goOnDuty();
    await stage.clock.pass(61_000);
    stage.done.length = 0;
    stage.refuseReports(1);

    stage.phoneSays({ kind: 'registered' });
    await settle();
    stage.phoneSays({ kind: 'registered' });
    await settle();

    expect(stage.done.filter((what) => what.startsWith('report'))).toEqual(['report registered', 'report registered']);
  });

  test('and nothing is said again once the volunteer has gone off duty', async () => {
    const stage = await onDuty();
    stage.done.length = 0;
    stage.refuseReports(1);

    stage.phoneSays({ kind: 'registered' });
    await stage.session.goAway();
    await stage.clock.pass(20_000);

    expect(stage.done.filter((what) => what.startsWith('report'))).toEqual(['report refreshed', 'report gone']);
  });
});
