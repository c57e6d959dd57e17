// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import { takeInvite } from '../../../src/pages/sign-in/invite';

describe('an invitation', () => {
  it('leaves the address bar when it is taken', () => {
    history.replaceState(null, '', '/join#secret');

    const invite = takeInvite();

    expect(invite).toBe('secret');
    expect(location.hash).toBe('');
    expect(takeInvite()).toBeNull();
  });
});
