/** What can be wrong with the connection's fields before anybody is asked: pure, and only about shape. */

export type AuthIdProblem = 'missing' | 'email' | 'token' | 'shape';
export type AuthTokenProblem = 'missing' | 'auth_id' | 'shape';

/** 20 characters, `MA…` for a main account and `SA…` for a sub-account (`rest.md` 1.2). */
const AUTH_ID = /^(MA|SA)[A-Z0-9]{18}$/;
const AUTH_TOKEN = /^[A-Za-z0-9+/=_-]{40}$/;
/** E.164 without its plus: at most 15 digits; below 7 nobody can be called. */
const NUMBER = /^[1-9][0-9]{6,14}$/;

/** Blanks and line ends come along when one copies from a web page. */
export function tidy(text: string): string {
  return text.replace(/\s+/g, '');
}

/** What is wrong with an Auth ID, or null. An e-mail address is the commonest mistake. */
export function authIdProblem(text: string): AuthIdProblem | null {
  const id = tidy(text);
  if (id === '') return 'missing';
  if (id.includes('@')) return 'email';
  if (AUTH_TOKEN.test(id)) return 'token';
  return AUTH_ID.test(id) ? null : 'shape';
}

/** A sub-account works, but callbacks may be signed with the main account's token. */
export function isSubAccount(text: string): boolean {
  const id = tidy(text);
  return id.startsWith('SA') && AUTH_ID.test(id);
}

/** What is wrong with an Auth Token, or null. Keeping the stored one needs none. */
export function authTokenProblem(text: string, stored: boolean): AuthTokenProblem | null {
  const token = tidy(text);
  if (token === '') return stored ? null : 'missing';
  if (AUTH_ID.test(token)) return 'auth_id';
  return AUTH_TOKEN.test(token) ? null : 'shape';
}

export interface Numbers {
  readonly good: readonly string[];
  /** As they were written, for the person to find them again. */
  readonly bad: readonly string[];
}

/** Reads numbers as people write them, one on a line or parted by commas: `+1 (415) 555-0100`. */
export function readNumbers(text: string): Numbers {
  const written = text.split(/[\n,;]+/).map((line) => line.trim()).filter((line) => line !== '');
  const good: string[] = [];
  const bad: string[] = [];
  for (const line of written) {
    const digits = line.replace(/^\+|[\s().\-/]/g, '');
    if (!NUMBER.test(digits)) bad.push(line);
    else if (!good.includes(digits)) good.push(digits);
  }
  return { good, bad };
}

/** As a person reads it. */
export function showNumber(digits: string): string {
  return `+${digits}`;
}

/** Plivo's own limits for a token's life: 180 s to 24 h (`wire.md` 1.9). */
export function lifetimeHolds(seconds: number): boolean {
  return Number.isInteger(seconds) && seconds >= 180 && seconds <= 86_400;
}

/** Lower case, 2 to 64 of `a-z 0-9 . _ @ + -`. */
export function loginHolds(login: string): boolean {
  return /^[a-z0-9._@+-]{2,64}$/.test(login);
}

/** Empty (the server then finds a free one), or 2 to 5 digits. */
export function extensionHolds(extension: string): boolean {
  return extension === '' || /^[0-9]{2,5}$/.test(extension);
}
