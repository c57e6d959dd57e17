/** What a volunteer knows of the hotline's callers: those who ring or talk, the call that was, and the pause after it. */
import type { Doubt, Duty, HotlineNews, Offer, OwnCall } from '../server/hotline';

export interface Caller {
  /** The caller's reference: it comes with the ring as `X-PH-ref`. */
  readonly ref: string;
  readonly hotline: string;
  readonly language: string;
  readonly label: string;
  readonly repeat: boolean;
  readonly spokeBefore: boolean;
  /** In the page's own clock, milliseconds. */
  readonly waitingSince: number;
}

export interface Hotline {
  /** Lately known, the newest first: the ring and the news of it come by different ways, in either order. */
  readonly callers: readonly Caller[];
  /** The call that I am in, or had last. */
  readonly last: OwnCall | null;
  /** In the server's clock, milliseconds; null when there is no pause. */
  readonly pauseUntil: number | null;
  readonly doubt: Doubt | null;
  /** The call whose questions were put away. */
  readonly putAway: string | null;
}

export type HotlineEvent =
  | { readonly kind: 'read'; readonly duty: Duty; readonly at: number }
  | { readonly kind: 'news'; readonly news: HotlineNews; readonly at: number }
  | { readonly kind: 'pause'; readonly until: number | null }
  | { readonly kind: 'call'; readonly ref: string; readonly change: Partial<Pick<OwnCall, 'outcome' | 'note' | 'hard'>> }
  | { readonly kind: 'put-away'; readonly ref: string }
  | { readonly kind: 'doubt'; readonly doubt: Doubt | null };

export const quietHotline: Hotline = { callers: [], last: null, pauseUntil: null, doubt: null, putAway: null };

/** Callers remembered: more than ever ring at once for one person. */
const REMEMBERED = 8;
/** A call that nothing was said of is asked about for this long, in milliseconds: until the shift is surely over. */
const ASKED_FOR = 2 * 60 * 60 * 1_000;

function callerOf(offer: Offer, at: number): Caller {
  return {
    ref: offer.id,
    hotline: offer.hotline.name,
    language: offer.language,
    label: offer.label,
    repeat: offer.repeat,
    spokeBefore: offer.spoke_before,
    waitingSince: at - offer.waited_seconds * 1_000,
  };
}

function withCaller(callers: readonly Caller[], offer: Offer, at: number): readonly Caller[] {
  const known = callers.find(({ ref }) => ref === offer.id);
  // Later news tell how long the caller had waited when they were answered; the count that is shown goes on.
  const caller = known ? { ...callerOf(offer, at), waitingSince: known.waitingSince } : callerOf(offer, at);
  return [caller, ...callers.filter(({ ref }) => ref !== offer.id)].slice(0, REMEMBERED);
}

/** The hotline after something has happened. */
export function nextHotline(now: Hotline, event: HotlineEvent): Hotline {
  switch (event.kind) {
    case 'read': {
      const { offered, items, wrap_up_until } = event.duty;
      const last = items[0] ?? null;
      const told = last !== null && last.ended_at === null ? [...offered, last] : offered;
      const callers = told.reduce((known, offer) => withCaller(known, offer, event.at), now.callers);
      return { ...now, callers, last, pauseUntil: wrap_up_until };
    }
    case 'news': {
      const callers = withCaller(now.callers, event.news, event.at);
      return { ...now, callers, pauseUntil: event.news.state === 'ended' ? event.news.wrap_up_until : now.pauseUntil };
    }
    case 'pause':
      return { ...now, pauseUntil: event.until };
    case 'call':
      return now.last?.id === event.ref ? { ...now, last: { ...now.last, ...event.change } } : now;
    case 'put-away':
      return { ...now, putAway: event.ref };
    case 'doubt':
      return { ...now, doubt: event.doubt?.why == null ? null : event.doubt };
    default:
      return event satisfies never;
  }
}

/** The caller who came with this reference. */
export function callerFor(hotline: Hotline, ref: string | null): Caller | null {
  return ref === null ? null : (hotline.callers.find((caller) => caller.ref === ref) ?? null);
}

/** How much of the pause is left, in whole seconds; 0 without one. `serverNow` in milliseconds. */
export function pauseLeft(hotline: Hotline, serverNow: number): number {
  return hotline.pauseUntil === null ? 0 : Math.max(0, Math.ceil((hotline.pauseUntil - serverNow) / 1_000));
}

/** The call that is to be asked about, if there is one. */
export function askedAbout(hotline: Hotline, serverNow: number): OwnCall | null {
  const { last } = hotline;
  if (last === null || last.ended_at === null || hotline.putAway === last.id) return null;
  const open = last.outcome === null && last.outcomes.length > 0 && serverNow - last.ended_at < ASKED_FOR;
  return open || pauseLeft(hotline, serverNow) > 0 ? last : null;
}
