/** Follows a phone that is being set up until it has signed in. The page behind the link needs no session for its
 * fields; whether the phone is signed in is told only to its owner and to administrators. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { me, whoAmI } from '../../account';
import { readAllPhones, readOwnPhones, type Door, type SipPhone } from '../../server/phones';
import { failureOf, sentence } from '../../server/sentence';
import { hasArrived } from './in-words';

export type Follow =
  | { readonly kind: 'asking' }
  | { readonly kind: 'signed-out' }
  /** Somebody is signed in who may not see this phone. */
  | { readonly kind: 'other' }
  | { readonly kind: 'unread'; readonly why: string }
  | { readonly kind: 'waiting'; readonly door: Door; readonly phone: SipPhone }
  | { readonly kind: 'registered'; readonly door: Door; readonly phone: SipPhone };

/** How often our server is asked, in milliseconds; it asks Plivo by itself, every 15 seconds. */
const ASK_EVERY = 2_000;
const MANY = 100;

interface Found {
  readonly door: Door;
  readonly phone: SipPhone;
}

/** The phone with this user name, as whoever is signed in here may see it; null where they may not. */
async function find(username: string): Promise<Found | null> {
  const mine = (await readOwnPhones()).items.find((phone) => phone.username === username);
  if (mine !== undefined) return { door: '/api/phones', phone: mine };
  if (me.value?.role !== 'admin') return null;
  for (let offset = 0; ; offset += MANY) {
    const { items, total } = await readAllPhones(offset, MANY);
    const found = items.find((phone) => phone.username === username);
    if (found !== undefined) return { door: '/api/admin/phones', phone: found };
    if (offset + items.length >= total || items.length === 0) return null;
  }
}

/** What is known now; it changes by itself, and stays once the phone has signed in. */
export function useFollow(username: string): Follow {
  const state = useSignal<Follow>({ kind: 'asking' });

  useEffect(() => {
    let gone = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    /** Until when a device was signed in before this one could be; undefined until that was read. */
    let before: number | null | undefined;

    async function look(): Promise<Follow> {
      // They may have signed in in another tab since.
      if (!me.value && (await whoAmI()) === null) return { kind: 'signed-out' };
      try {
        const found = await find(username);
        if (found === null) return { kind: 'other' };
        if (before === undefined) before = found.phone.registration.until;
        return { kind: hasArrived(found.phone, before) ? 'registered' : 'waiting', ...found };
      } catch (error) {
        if (failureOf(error).status === 401) me.value = null;
        return { kind: 'unread', why: sentence(error) };
      }
    }

    async function again(): Promise<void> {
      const now = await look();
      if (gone) return;
      state.value = now;
      if (now.kind !== 'registered') timer = setTimeout(() => void again(), ASK_EVERY);
    }

    void again();
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [username]);

  return state.value;
}
