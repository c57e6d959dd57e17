/** The pass of the phone under clocks that lie and servers that fail (TM-T7). */
import { expect, test } from 'vitest';
import { keepToken, type TokenHearer } from '../src/phone/tokens';
import { Problem } from '../src/server/api';
import type { Token } from '../src/server/wire';
import { handClock, settle } from './world';

const HOUR = 3_600_000;

function passKeeper(life: number, serverAhead: number, answer: 'gives' | 'fails' = 'gives') {
  const clock = handClock();
  const asks: number[] = [];
  const heard: string[] = [];
  let giving = answer === 'gives';
  const hear: TokenHearer = {
    onToken: (_token, first) => heard.push(first ? 'first' : 'renewed'),
    onTrouble: (endsAt) => void (endsAt !== null && heard.push(`trouble until ${endsAt - serverAhead}`)),
    onNone: () => heard.push('none'),
  };
  const tokens = keepToken(
    {
      ticks: clock.ticks,
      later: clock.later,
      fetchToken: (): Promise<Token> => {
        asks.push(clock.ticks());
        const server_time = clock.ticks() + serverAhead;
        return giving
          ? Promise.resolve({ token: 't', identity: 'i', sip_uri: 's', ttl: life / 1000, signalling: [], server_time, expires_at: server_time + life })
          : Promise.reject(new Problem({ code: 'plivo_unavailable', status: 503 }));
      },
    },
    hear,
  );
  return { clock, asks, heard, tokens, fail: () => (giving = false), mend: () => (giving = true) };
}

test.each([['an hour ahead', HOUR], ['a day ahead', 24 * HOUR], ['a day behind', -24 * HOUR], ['right', 0]])(
  'with a browser clock %s, a token is renewed once, a minute before its end',
  async (_name, wrongBy) => {
    const { clock, asks, heard, tokens } = passKeeper(180_000, -wrongBy);

    tokens.start();
    await clock.pass(119_000);
    const early = heard.slice();
    await clock.pass(2_000);

    expect(early).toEqual(['first']);
    expect(heard).toEqual(['first', 'renewed']);
    expect(asks).toHaveLength(2);
  },
);

test('whatever fails, at most six tokens are asked for in any minute (TM-T7)', async () => {
  const { clock, asks, tokens } = passKeeper(61_000, 0, 'fails');

  for (let turn = 0; turn < 20; turn += 1) {
    tokens.start();
    await clock.pass(7_000);
    tokens.refused('INVALID_ACCESS_TOKEN');
    await clock.pass(3_000);
  }

  const busiest = Math.max(...asks.map((at) => asks.filter((other) => other >= at && other < at + 60_000).length));
  expect(busiest).toBeLessThanOrEqual(6);
});

test('a failed renewal is shown before the token ends, retried, and forgotten when it works', async () => {
  const { clock, heard, tokens, fail, mend } = passKeeper(180_000, 0);
  tokens.start();
  await clock.pass(1_000);

  fail();
  await clock.pass(120_000);
  const shown = heard.at(-1);
  mend();
  await clock.pass(20_000);
  await settle();

  expect(shown).toBe('trouble until 180000');
  expect(heard.at(-1)).toBe('renewed');
});
