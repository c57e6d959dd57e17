import { describe, expect, it } from 'vitest';
import { takeInvite } from '../../../src/pages/sign-in/invite';

describe('an invitation', () => {
  it('leaves the address bar when it is taken', () => {
    const shown: string[] = [];
    const past = { replaceState: (_state: unknown, _title: string, address?: string | URL | null) => void shown.push(String(address)) };

    const invite = takeInvite({ pathname: '/join', search: '?a=b', hash: '#secret' }, past);

    expect(invite).toBe('secret');
    expect(shown).toEqual(['/join?a=b']);
  });

  it('is nothing when the address holds none, and the address is left alone', () => {
    const shown: string[] = [];

    const invite = takeInvite({ pathname: '/join', search: '', hash: '' }, { replaceState: () => void shown.push('changed') });

    expect(invite).toBeNull();
    expect(shown).toEqual([]);
  });
});
