/** Opening hours as they are edited: pure. Times are written `HH:MM`; weekday 0 is Monday. */
import type { Holiday, Span } from '../../../server/hotlines';

export const weekdays = [0, 1, 2, 3, 4, 5, 6] as const;
const DAY = 24 * 60;
const WEEK = 7 * DAY;

export type Week = readonly (readonly Pair[])[];
export interface Pair {
  readonly opens: string;
  readonly closes: string;
}

/** Spans by their day. */
export function weekOf(spans: readonly Span[]): Week {
  return weekdays.map((day) =>
    spans.filter(({ weekday }) => weekday === day).map(({ opens, closes }) => ({ opens, closes })),
  );
}

/** The week as the server takes it. */
export function spansOf(week: Week): readonly Span[] {
  return week.flatMap((pairs, weekday) => pairs.map((pair) => ({ weekday, ...pair })));
}

/** Whether two weeks say the same. */
export function sameWeek(one: Week, other: Week): boolean {
  return JSON.stringify(spansOf(one)) === JSON.stringify(spansOf(other));
}

/** What a new span begins with: the evening, or what the last one of that day leaves free. */
export function freshPair(pairs: readonly Pair[]): Pair {
  return pairs.length === 0 ? { opens: '18:00', closes: '22:00' } : { opens: pairs.at(-1)?.closes ?? '', closes: '' };
}

/** The week with one day replaced. */
export function withDay(week: Week, day: number, pairs: readonly Pair[]): Week {
  return week.map((old, at) => (at === day ? pairs : old));
}

/** Minutes after midnight, or null for what is no time. */
export function minutes(time: string): number | null {
  const found = /^([01][0-9]|2[0-3]):([0-5][0-9])$/.exec(time);
  return found === null ? null : Number(found[1]) * 60 + Number(found[2]);
}

export type Length = { readonly kind: 'same_day' | 'overnight' | 'whole_day'; readonly minutes: number };

/** How long a span lasts, and whether it runs into the next day. */
export function lengthOf({ opens, closes }: Pair): Length | null {
  const [from, to] = [minutes(opens), minutes(closes)];
  if (from === null || to === null) return null;
  if (from === to) return { kind: 'whole_day', minutes: DAY };
  // Midnight is the end of the same day for whoever reads it.
  if (to > from || to === 0) return { kind: 'same_day', minutes: (to === 0 ? DAY : to) - from };
  return { kind: 'overnight', minutes: to + DAY - from };
}

export interface WeekProblem {
  readonly day: number;
  readonly at: number;
  readonly kind: 'missing' | 'overlap';
}

/** Spans without a time, and spans that begin while another of the week still runs. The last Sunday meets Monday. */
export function weekProblems(week: Week): readonly WeekProblem[] {
  const placed = week.flatMap((pairs, day) => pairs.map((pair, at) => ({ day, at, pair, length: lengthOf(pair) })));
  const runs = placed.flatMap(({ day, at, pair, length }) =>
    length === null ? [] : [{ day, at, from: day * DAY + (minutes(pair.opens) ?? 0), length: length.minutes }],
  );
  const covers = (one: (typeof runs)[number], moment: number) => (moment - one.from + WEEK) % WEEK < one.length;
  return placed.flatMap(({ day, at, length }): readonly WeekProblem[] => {
    if (length === null) return [{ day, at, kind: 'missing' }];
    const mine = runs.find((run) => run.day === day && run.at === at);
    const others = runs.filter((run) => run !== mine);
    return mine !== undefined && others.some((other) => covers(other, mine.from)) ? [{ day, at, kind: 'overlap' }] : [];
  });
}

/** Holidays in order, each day once, without those that have no day yet. */
export function holidaysOf(rows: readonly Holiday[]): readonly Holiday[] {
  const days = new Map(rows.filter(({ day }) => day !== '').map(({ day, name }) => [day, name.trim()]));
  return [...days].map(([day, name]) => ({ day, name })).sort((a, b) => a.day.localeCompare(b.day));
}
