/** Signs of life: the page answers what the server says, so that a page that has died is known before a caller rings. */

/** Answers are this far apart, in milliseconds: the server pings more often than it needs to hear. */
const APART = 20_000;

export interface Presence {
  /** Something was heard from the server; `opening` is answered at once. */
  heard(opening: boolean): void;
}

export function keepPresence(ticks: () => number, tell: () => void): Presence {
  let last = Number.NEGATIVE_INFINITY;
  return {
    heard: (opening) => {
      if (!opening && ticks() - last < APART) return;
      last = ticks();
      tell();
    },
  };
}
