/** Who is signed in. Pages read `me`; sign-in, joining and set-up call `welcome`; signing out calls `leave`. */
import { signal } from '@preact/signals';
import { ask, csrf, Problem } from './server/api';
import { nothing } from './server/decode';
import { decodeMe, type Me } from './server/wire';

/** Undefined until the server was asked, null when nobody is signed in. */
export const me = signal<Me | null | undefined>(undefined);

/** The server could not be asked who is signed in. */
export const unreachable = signal(false);

/** Takes a `Me` that the server has just given. */
export function welcome(person: Me): void {
  csrf.value = person.csrf;
  me.value = person;
  unreachable.value = false;
}

/** Forgets the person in this page, as after a session that has ended. */
export function forget(): void {
  csrf.value = null;
  me.value = null;
}

/** Asks the server who is signed in; null when nobody is, or when the server cannot be asked. */
export async function whoAmI(): Promise<Me | null> {
  try {
    const person = await ask('/api/me', { decode: decodeMe });
    welcome(person);
    return person;
  } catch (error) {
    if (error instanceof Problem && (error.status === 401 || error.status === 403)) forget();
    else unreachable.value = true;
    return null;
  }
}

/** Ends the session at the server, then here. */
export async function leave(): Promise<void> {
  try {
    await ask('/api/session', { method: 'DELETE', decode: nothing });
  } finally {
    forget();
  }
}
