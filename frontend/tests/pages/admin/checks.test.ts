import { describe, expect, it } from 'vitest';
import {
  authIdProblem,
  authTokenProblem,
  extensionHolds,
  isSubAccount,
  lifetimeHolds,
  loginHolds,
  readNumbers,
} from '../../../src/pages/admin/checks';

const MAIN = 'MAXXXXXXXXXXXXXXXXXX';
const SUB = 'SAXXXXXXXXXXXXXXXXXX';
const TOKEN = 'a'.repeat(40);

describe('an Auth ID', () => {
  it.each([
    ['a main account', MAIN, null],
    ['a sub-account', SUB, null],
    ['blanks from copying', ` ${MAIN}\n`, null],
    ['nothing', '  ', 'missing'],
    ['an e-mail address', 'ada@example.org', 'email'],
    ['the token in the wrong field', TOKEN, 'token'],
    ['small letters', MAIN.toLowerCase(), 'shape'],
    ['one character short', MAIN.slice(1), 'shape'],
  ])('is judged: %s', (_name, text, problem) => {
    expect(authIdProblem(text)).toBe(problem);
  });

  it('of a sub-account is known by its beginning', () => {
    expect([isSubAccount(SUB), isSubAccount(MAIN), isSubAccount('SA')]).toEqual([true, false, false]);
  });
});

describe('an Auth Token', () => {
  it.each([
    ['a whole one', TOKEN, false, null],
    ['nothing, none stored', '', false, 'missing'],
    ['nothing, one stored', '', true, null],
    ['the Auth ID in the wrong field', MAIN, false, 'auth_id'],
    ['half of it', TOKEN.slice(20), true, 'shape'],
  ])('is judged: %s', (_name, text, stored, problem) => {
    expect(authTokenProblem(text, stored)).toBe(problem);
  });
});

describe('numbers', () => {
  it('are read as people write them, each once', () => {
    const read = readNumbers('+1 (415) 555-0100\n14155550100, 1.415.555.0101;');

    expect(read).toEqual({ good: ['14155550100', '14155550101'], bad: [] });
  });

  it('that cannot be read are given back as written', () => {
    const read = readNumbers('0221 555\n+1 415 555 0100');

    expect(read).toEqual({ good: ['14155550100'], bad: ['0221 555'] });
  });
});

describe('small rules', () => {
  it('hold for a token life from 180 s to a day', () => {
    expect([179, 180, 86_400, 86_401, 200.5, Number.NaN].map(lifetimeHolds)).toEqual([
      false, true, true, false, false, false,
    ]);
  });

  it('hold for a sign-in name', () => {
    expect(['ada', 'ada@x.org', 'a', 'Ada', 'a b'].map(loginHolds)).toEqual([true, true, false, false, false]);
  });

  it('hold for an extension, which may be left empty', () => {
    expect(['', '10', '12345', '1', '123456', '1a'].map(extensionHolds)).toEqual([
      true, true, true, false, false, false,
    ]);
  });
});
