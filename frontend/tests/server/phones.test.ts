import { describe, expect, it } from 'vitest';
import { Undecodable } from '../../src/server/decode';
import { readEvent } from '../../src/server/events';
import { decodeAllPhones, decodeCompared, decodeLink, decodePhone, decodeProvision, decodeRing } from '../../src/server/phones';
import { aPhone, aProvision, aRing } from './phone-samples';

describe('what is told of SIP phones', () => {
  it('is decoded: a phone, its times as instants', () => {
    const phone = decodePhone(aPhone);

    expect(phone.registration.since).toBe(Date.UTC(2026, 10, 20, 10));
    expect(phone.advice[0]?.causes[0]?.code).toBe('user_name');
  });

  it('is decoded: a phone that Plivo has not made yet', () => {
    const phone = decodePhone({ ...aPhone, username: null, sip_uri: null, state: 'being_made', credentials_given_at: null });

    expect([phone.username, phone.credentials_given_at]).toEqual([null, null]);
  });

  it('is decoded: everybody’s phones, with how reading them goes', () => {
    const watch = [{ connection: { id: 'c', name: 'Main' }, read_at: null, problem: 'Plivo is down.', next_at: null }];

    const page = decodeAllPhones({ items: [aPhone], total: 1, limit: 25, offset: 0, watch });

    expect([page.items.length, page.watch[0]?.problem]).toEqual([1, 'Plivo is down.']);
  });

  it('is decoded: a link, a test call, what is revealed, an endpoint of either side', () => {
    const both = { where: 'only_at_plivo', kind: null, phone: null, volunteer: null, plivo_id: '1', alias: 'Lobby' };

    expect(decodeLink({ link: 'https://x/phone-setup#s', expires_at: '2026-11-20T10:15:00Z', rotated: true }).rotated).toBe(true);
    expect(decodeRing(aRing).answered_after_seconds).toBe(1.8);
    expect(decodeProvision(aProvision).account.username).toBe('ana123456789012');
    expect(decodeCompared({ ...both, username: 'lobby1', application: 'none', registered: false, user_agent: null }).application).toBe('none');
  });

  it('is decoded: news of one’s own phone', () => {
    const news = { id: 'p', label: 'Desk', state: 'displaced', device: 'Zoiper 5.6', at: 'x', message: 'y' };

    expect(readEvent('sip_phone', news)).toEqual({ kind: 'sip_phone', news: { id: 'p', label: 'Desk', state: 'displaced', device: 'Zoiper 5.6' } });
  });

  it('is refused when it is not what was agreed', () => {
    expect(() => decodePhone({ ...aPhone, state: 'lost' })).toThrow(Undecodable);
    expect(() => decodeProvision({ ...aProvision, account: { username: 'a' } })).toThrow(Undecodable);
  });
});
