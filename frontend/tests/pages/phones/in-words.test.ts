import { afterEach, describe, expect, it } from 'vitest';
import { decodePhone, decodeRing, type SipPhone } from '../../../src/server/phones';
import { nextNews } from '../../../src/phone/sip-news';
import { hasArrived, isOver, ringInWords, standingOf } from '../../../src/pages/phones/in-words';
import { labelHolds } from '../../../src/pages/phones/phone-dialogs';
import { language } from '../../../src/words';
import { sipFiles, sipWords } from '../../../src/words/sip';
import { programNames, programs, valuesOf } from '../../../src/pages/phones/programs';
import { decodeProvision } from '../../../src/server/phones';
import { aPhone, aProvision, aRing } from '../../server/phone-samples';

const phone = (more: object, registration: object = {}): SipPhone =>
  decodePhone({ ...aPhone, advice: [], ...more, registration: { ...aPhone.registration, ...registration } });
const ring = (more: object) => decodeRing({ ...aRing, ...more });

afterEach(() => {
  language.value = 'en';
});

describe('a phone in words', () => {
  it('is as Plivo was last read, unless something is pending or the program is refused', () => {
    const refused = [{ code: 'refused_program', message: 'x', causes: [] }];

    expect(standingOf(phone({})).mood).toBe('good');
    expect(standingOf(phone({}, { state: 'doubtful' })).mood).toBe('warn');
    expect(standingOf(phone({ advice: refused })).mood).toBe('danger');
    expect(standingOf(phone({ state: 'missing_at_plivo' })).mood).toBe('danger');
    expect(standingOf(phone({ state: 'password_pending' })).sentence).toContain('password');
  });

  it('that nobody has set up differs from one that is waited for', () => {
    const never = { state: 'never', device: null, since: null, until: null };

    expect(standingOf(phone({ credentials_given_at: null }, never)).sentence).toBe('Not set up yet');
    expect(standingOf(phone({ credentials_given_at: null }, { ...never, state: 'unknown' })).sentence).toBe('Not set up yet');
    expect(standingOf(phone({}, { ...never, state: 'unknown' })).sentence).toBe('Not known yet');
    expect(standingOf(phone({}, never)).sentence).toBe('Has not signed in yet');
  });

  it('has arrived only when a device signed in after the credentials were shown', () => {
    const before = Date.UTC(2026, 10, 20, 10, 2);
    const given = { credentials_given_at: '2026-11-20T10:01:00Z' };

    expect(hasArrived(phone({}), null)).toBe(true);
    expect(hasArrived(phone(given), before)).toBe(false);
    expect(hasArrived(phone(given, { until: '2026-11-20T10:04:00Z' }), before)).toBe(true);
    expect(hasArrived(phone({}, { state: 'doubtful' }), null)).toBe(false);
  });
});

describe('a test call in words', () => {
  it('says who answered after how long, and whether the key was heard', () => {
    expect(ringInWords(ring({}))).toBe('Answered by Zoiper 5.6 after 1.8 s. The key was heard: the phone works.');
    expect(ringInWords(ring({ state: 'answered' }))).toContain('No key was heard');
    expect(ringInWords(ring({ state: 'answered', ended_at: null }))).toContain('Press 1');
    expect(ringInWords(ring({ state: 'calling', device: null, ended_at: null }))).toBe('Ringing a phone…');
  });

  it('says what went wrong by its code, or as the server said it', () => {
    const failed = { state: 'failed', answered_after_seconds: null };

    expect(ringInWords(ring({ ...failed, hangup_code: 3000 }))).toBe('It rang, and nobody answered.');
    expect(ringInWords(ring({ ...failed, hangup_code: null, words: 'Plivo refused.' }))).toBe('Plivo refused.');
    language.value = 'es';
    expect(ringInWords(ring({ ...failed, hangup_code: 3000 }))).toBe('Sonó, y nadie contestó.');
    expect(ringInWords(ring({ ...failed, hangup_code: null, words: 'Plivo refused.' }))).toContain('Plivo refused.');
  });

  it('is over when it failed or ended', () => {
    expect([ring({}), ring({ state: 'failed', ended_at: null }), ring({ ended_at: null })].map(isOver)).toEqual([true, true, false]);
  });
});

describe('news of a phone', () => {
  const news = (id: string, state: string) => ({ id, label: 'Desk', state, device: null });

  it('stay until the same phone is well again', () => {
    const gone = nextNews(null, news('a', 'gone'));

    expect(gone?.state).toBe('gone');
    expect(nextNews(gone, news('b', 'registered'))).toBe(gone);
    expect(nextNews(gone, news('a', 'registered'))).toBeNull();
    expect(nextNews(null, news('a', 'changed'))).toBeNull();
  });
});

describe('the steps of the programs', () => {
  it('are said in every language, one sentence for each', () => {
    for (const [file, words] of Object.entries(sipFiles)) {
      for (const name of programNames) {
        expect(words.setup.programs[name]?.steps.length, `${file} ${name}`).toBe(programs[name].steps.length);
      }
    }
  });

  it('say the same codes in every language', () => {
    const codes = Object.values(sipFiles).map(({ causes, advice, ring: { hangups }, registration: { states }, pending }) =>
      [causes, advice, hangups, states, pending].map((known) => Object.keys(known).toSorted()),
    );

    expect(codes.length).toBeGreaterThan(1);
    for (const one of codes) expect(one).toEqual(codes[0]);
    expect(Object.keys(sipWords.value.causes)[0]).toBe('user_name');
  });

  it('hold the values, with an outbound proxy only where there is one', () => {
    const plain = valuesOf(decodeProvision(aProvision));
    const proxied = valuesOf(decodeProvision({ ...aProvision, stun: null, server: { ...aProvision.server, outbound_proxy: '127.0.0.1:5070' } }));

    expect([plain.address, plain.proxy, plain.server, plain.stunPort]).toEqual(['ana123456789012@phone.plivo.com', null, 'phone.plivo.com', '3478']);
    expect([proxied.proxy, proxied.server, proxied.stunHost]).toEqual(['127.0.0.1:5070', '127.0.0.1:5070', null]);
  });
});

describe('the name of a device', () => {
  it('has 1 to 40 characters, as the server counts', () => {
    expect([' ', 'x', `${'a'.repeat(20)}   ${'b'.repeat(19)}`, '📞'.repeat(40), 'x'.repeat(41)].map(labelHolds)).toEqual([false, true, true, true, false]);
  });
});
