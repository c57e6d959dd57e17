import { describe, expect, it } from 'vitest';
import { checkPassword, passwordHolds } from '../../../src/pages/sign-in/password';

const ADA = { login: 'ada.l@example.org', name: 'Ada Lovelace' };

describe('a new password', () => {
  it.each([
    ['four small words', true],
    ['too short', false],
    ['my LOVELACE password', false],
    ['this is ada.l here', false],
    ['', false],
    ['🦉🦉🦉🦉🦉🦉', false],
    ['🦉 in the night', true],
  ])('is judged as it is typed: %s', (password, holds) => {
    expect(passwordHolds(checkPassword(password, ADA, 12))).toBe(holds);
  });

  it('may contain a part of the name that is too short to tell', () => {
    expect(passwordHolds(checkPassword('a long evening', { login: 'ev', name: 'Li' }, 12))).toBe(true);
  });
});
