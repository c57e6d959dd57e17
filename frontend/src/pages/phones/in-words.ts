/** A phone's state, advice and test calls as sentences. The server speaks English and may say more; elsewhere our words
 * for its codes are used. */
import type { Mood } from '../../parts/status';
import type { PhoneRegistration, Ring, SipPhone } from '../../server/phones';
import { language } from '../../words';
import { sipWords } from '../../words/sip';

const moods = { registered: 'good', doubtful: 'warn', not_registered: 'warn', never: 'quiet', unknown: 'quiet' } as const;

export interface Standing {
  readonly mood: Mood;
  readonly sentence: string;
}

/** The one thing to know first of a phone. */
export function standingOf({ state, registration, advice, credentials_given_at: given }: SipPhone): Standing {
  const say = sipWords.value;
  if (state !== 'ready') {
    return { mood: state === 'missing_at_plivo' ? 'danger' : 'warn', sentence: say.pending[state] ?? state };
  }
  const refused = advice.some(({ code }) => code === 'refused_program');
  const mood = refused ? 'danger' : moods[registration.state];
  const told = nobodyYet(registration, given) ?? registration.state;
  return { mood, sentence: say.registration.states[told] ?? told };
}

/** No device has ever signed in: because nothing was set up, or because one is waited for. Null otherwise. */
function nobodyYet({ state }: PhoneRegistration, given: number | null): 'never' | 'waiting' | null {
  if (given === null) return state === 'never' || state === 'unknown' ? 'never' : null;
  return state === 'never' ? 'waiting' : null;
}

/** Something that the server knows by a code, and says in English. */
export function coded(known: Readonly<Record<string, string>>, { code, message }: { readonly code: string; readonly message: string }): string {
  return known[code] ?? message;
}

/** What the server adds about a registration that could not be read; null where the state alone says it all. */
export function unread({ state, message }: PhoneRegistration): string | null {
  return state === 'doubtful' || state === 'unknown' ? sipWords.value.plivoSaid(message) : null;
}

/** What came of a test call so far, as one sentence. */
export function ringInWords(ring: Ring): string {
  const say = sipWords.value.ring;
  const device = ring.device ?? sipWords.value.registration.unknownDevice;
  const seconds = new Intl.NumberFormat(language.value, { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(
    ring.answered_after_seconds ?? 0,
  );
  switch (ring.state) {
    case 'calling':
      return say.calling(device);
    case 'answered':
      return ring.ended_at === null ? say.answered(device, seconds) : say.deaf(device, seconds);
    case 'confirmed':
      return say.confirmed(device, seconds);
    case 'failed': {
      const known = ring.hangup_code === null ? undefined : say.hangups[String(ring.hangup_code)];
      // Without a code it is Plivo's own refusal, or a code that only the server knows.
      return known ?? (language.value === 'en' ? ring.words : `${say.unknown} ${sipWords.value.plivoSaid(ring.words)}`);
    }
    default:
      return ring.state satisfies never;
  }
}

/** True once a test call can change no more. */
export function isOver({ state, ended_at }: Ring): boolean {
  return state === 'failed' || ended_at !== null;
}

/** True once a device has signed in with the credentials that were shown: a registration that was there before is none. */
export function hasArrived({ registration, credentials_given_at }: SipPhone, until: number | null): boolean {
  if (registration.state !== 'registered') return false;
  const begun = credentials_given_at !== null && (registration.since ?? 0) >= credentials_given_at;
  return begun || (until !== null && (registration.until ?? 0) > until);
}
