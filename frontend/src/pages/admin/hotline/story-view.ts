/** The story of a call as a ladder: every question of Plivo and every round of ringing, in time. Pure. */
import type { Line, Round, Rung, Story } from '../../../server/call-log';

export type Step =
  | { readonly kind: 'line'; readonly after: number; readonly line: Line }
  | { readonly kind: 'round'; readonly after: number; readonly round: Round };

/** Everything in the order in which it happened. A round begins with the answer that orders it, so it stands below. */
export function stepsOf({ ladder, rounds }: Pick<Story, 'ladder' | 'rounds'>): readonly Step[] {
  const lines = ladder.map((line): Step => ({ kind: 'line', after: line.after_ms, line }));
  const rung = rounds.map((round): Step => ({ kind: 'round', after: round.after_ms, round }));
  return [...lines, ...rung].sort((a, b) => a.after - b.after || Number(a.kind === 'round') - Number(b.kind === 'round'));
}

export interface Bar {
  /** Shares of the round's length, 0 to 1. */
  readonly until: number;
  readonly answered: number | null;
}

/** How long a phone rang within its round, and when it was answered. */
export function barOf(rung: Rung, round: Round): Bar {
  const answered = rung.answered_after_ms ?? rung.connected_after_ms;
  // A phone that was answered ends with the conversation, long after the ringing.
  const rings = round.rung.map((one) => one.answered_after_ms ?? one.connected_after_ms ?? one.ended_after_ms ?? 0);
  const whole = Math.max(1, round.lasted_ms ?? Math.max(...rings));
  const stopped = answered ?? rung.ended_after_ms ?? round.lasted_ms ?? whole;
  const share = (ms: number) => Math.min(1, Math.max(0, ms / whole));
  return { until: share(stopped), answered: answered === null ? null : share(answered) };
}

/** A question in words; the step that stands behind some is left out. A question that is new to this page by its name. */
export function askInWords(asked: string, known: Readonly<Record<string, string>>): string {
  return known[asked.split(' ')[0] ?? ''] ?? asked.replaceAll('_', ' ');
}

/** Milliseconds as seconds with one decimal: `3.2`. */
export function seconds(ms: number, reader: string): string {
  return new Intl.NumberFormat(reader, { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(ms / 1000);
}
