import { describe, expect, it } from 'vitest';
import {
  decodeAdminCall,
  decodeAuditRow,
  decodeConnection,
  decodeDeviceRow,
  decodePrepared,
  decodeVolunteer,
} from '../../src/server/admin';
import { Undecodable } from '../../src/server/decode';
import { aCall, aConnection, aDevice, aVolunteer } from './samples';

describe('what the administrator is told', () => {
  it('is decoded: a connection, without any token', () => {
    const connection = decodeConnection(aConnection);

    expect(connection.auth_token_last4).toBe('9f3c');
    expect(connection).not.toHaveProperty('auth_token');
  });

  it('is decoded: a volunteer with and without a device', () => {
    expect(decodeVolunteer(aVolunteer).device?.since).toBe(Date.UTC(2026, 10, 20, 10));
    expect(decodeVolunteer({ ...aVolunteer, device: null }).device).toBeNull();
  });

  it('is decoded: a device, its times as instants', () => {
    expect(decodeDeviceRow(aDevice).ended_at).toBe(Date.UTC(2026, 10, 20, 10, 2));
  });

  it('is decoded: a call with and without its volunteer', () => {
    expect(decodeAdminCall(aCall).volunteer?.name).toBe('Ada');
    expect(decodeAdminCall({ ...aCall, volunteer: null }).volunteer).toBeNull();
  });

  it('is decoded: the actor of an audit entry as a name or as a record', () => {
    const row = { seq: 1, at: '2026-11-20T10:00:00.000Z', action: 'a.b', subject: 'c1', detail: {} };

    expect(decodeAuditRow({ ...row, actor: 'softphone' }).actor).toBe('softphone');
    expect(decodeAuditRow({ ...row, actor: { id: null, name: 'softphone' } }).actor).toBe('softphone');
  });

  it('is decoded: credit as text or as a number', () => {
    const prepared = { application: null, numbers: [], problems: [] };
    const credits = (cash: unknown) =>
      decodePrepared({ ...prepared, account: { name: null, type: null, cash_credits: cash } }).account?.cash_credits;

    expect([credits('12.5'), credits(12.5)]).toEqual(['12.5', '12.5']);
  });

  it('is refused when it is not what was agreed', () => {
    expect(() => decodeVolunteer({ ...aVolunteer, role: 'owner' })).toThrow(Undecodable);
  });
});
