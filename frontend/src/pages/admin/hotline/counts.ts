/** Whole numbers as people write them, held to the ranges that the server holds them to: pure. */

export type Range = readonly [least: number, most: number];

/** `hotline_rules.py` and `privacy.py` hold the same. */
export const ranges = {
  ring_seconds: [10, 60],
  pause_seconds: [0, 60],
  longest_wait_seconds: [30, 3600],
  wrap_up_seconds: [0, 1800],
  hard_wrap_up_seconds: [0, 7200],
  ring_at_once: [1, 40],
  pseudonym_days: [1, 365],
  pseudonym_keep_days: [1, 7],
  calls_days: [1, 3650],
  voicemail_days: [1, 365],
  logs_days: [1, 365],
  audit_days: [90, 3650],
  caller_calls_per_hour: [0, 1000],
  all_calls_per_hour: [0, 100_000],
  check_above: [0, 100_000],
  messages_per_caller: [0, 100],
  messages_in_all: [0, 10_000],
  block_hours: [1, 72],
} as const satisfies Readonly<Record<string, Range>>;
export type CountName = keyof typeof ranges;

/** The number that was written, or null if it is none or out of its range. */
export function readCount(written: string, [least, most]: Range): number | null {
  const trimmed = written.trim();
  if (!/^[0-9]{1,9}$/.test(trimmed)) return null;
  const count = Number(trimmed);
  return count >= least && count <= most ? count : null;
}
