/** Colleagues and recent calls: read when somebody looks, and again when something has changed. */
import { signal } from '@preact/signals';
import { ask } from '../../server/api';
import { decodeCalls, decodePeople, type Call, type Person } from '../../server/wire';

/** Null until they were read once. */
export const people = signal<readonly Person[] | null>(null);
export const calls = signal<readonly Call[] | null>(null);

/** Colleagues come and go without an event of their own: they are read again this often, in milliseconds. */
const PEOPLE_EVERY = 15_000;
/** Several events of one call arrive together: they are one reason to read again, in milliseconds. */
const SETTLE = 400;

export async function readPeople(): Promise<void> {
  try {
    people.value = (await ask('/api/people?limit=100&offset=0', { decode: decodePeople })).items;
  } catch {
    // What is shown stays shown.
  }
}

async function readCalls(): Promise<void> {
  try {
    calls.value = (await ask('/api/calls?limit=12&offset=0', { decode: decodeCalls })).items;
  } catch {
    // What is shown stays shown.
  }
}

let pending: ReturnType<typeof setTimeout> | undefined;

/** Calls have changed. */
export function callsChanged(): void {
  clearTimeout(pending);
  pending = setTimeout(() => {
    void readCalls();
    void readPeople();
  }, SETTLE);
}

/** Keeps both lists fresh while the page is looked at; returns the unbinder. */
export function keepLists(): () => void {
  void readPeople();
  void readCalls();
  const timer = setInterval(() => {
    if (document.visibilityState === 'visible') void readPeople();
  }, PEOPLE_EVERY);
  const seen = () => {
    if (document.visibilityState === 'visible') void readPeople();
  };
  document.addEventListener('visibilitychange', seen);
  return () => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', seen);
    people.value = null;
    calls.value = null;
  };
}
