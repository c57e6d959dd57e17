import { describe, expect, it } from 'vitest';
import { changesOf, creationOf, draftOf, problemsOf } from '../../../src/pages/admin/connection-draft';
import { decodeConnection } from '../../../src/server/admin';
import { aConnection } from '../../server/samples';

const HELD = decodeConnection(aConnection);
const DRAFT = draftOf(HELD, 'US');

describe('the form of a connection', () => {
  it('that nobody touched has nothing to send and nothing wrong', () => {
    expect(changesOf(DRAFT, HELD)).toEqual({});
    expect(problemsOf(DRAFT, HELD)).toEqual({});
  });

  it('sends only what differs, so that an untouched Auth ID asks for no password', () => {
    const changes = changesOf({ ...DRAFT, name: ' Day line ', allowed: ['ES'] }, HELD);

    expect(changes).toEqual({ name: 'Day line', allowed_countries: ['ES'] });
  });

  it('drops the caller ID with its number', () => {
    const changes = changesOf({ ...DRAFT, numbers: '+14155550101' }, HELD);

    expect(changes).toEqual({ numbers: ['14155550101'], caller_id: null });
  });

  it('wants the Auth Token anew with another Auth ID', () => {
    const other = { ...DRAFT, authId: 'MAYYYYYYYYYYYYYYYYYY' };

    expect(problemsOf(other, HELD)).toEqual({ authToken: 'missing' });
  });

  it('names everything that is missing from a new one', () => {
    const empty = draftOf(null, 'DE');

    expect(problemsOf(empty, null)).toEqual({ name: true, authId: 'missing', authToken: 'missing' });
    expect(problemsOf({ ...empty, lifetime: '' }, null).lifetime).toBe(true);
  });

  it('makes a new one from tidied values', () => {
    const made = creationOf({ ...draftOf(null, 'DE'), name: ' A ', authId: ' MA1 ', authToken: 'x\n', callerId: '99' });

    expect(made).toEqual({
      name: 'A', auth_id: 'MA1', auth_token: 'x', country: 'DE', numbers: [], token_source: 'auto',
    });
  });
});
