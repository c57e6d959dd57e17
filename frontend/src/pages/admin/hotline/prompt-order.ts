/** What callers hear, in the order in which they would: pure. */
import type { PromptRow } from '../../../server/prompts';

const chapters = {
  way: ['greeting', 'menu_choice', 'menu_again', 'please_hold', 'still_trying'],
  end: ['nobody_leave_message', 'closed_leave_message', 'nobody_alternatives', 'closed_alternatives', 'message_thanks', 'message_empty'],
  rare: ['prove_human', 'prove_again', 'too_many_calls', 'blocked', 'fault', 'no_hotline', 'confirm_private_phone'],
} as const;
export type Chapter = keyof typeof chapters | 'digits';

/** The prompts of a language by chapter. One that is new to this page is among the rare. */
export function byChapter(rows: readonly PromptRow[]): readonly (readonly [Chapter, readonly PromptRow[]])[] {
  const known: readonly string[] = [...chapters.way, ...chapters.end, ...chapters.rare];
  const pick = (names: readonly string[]) => names.flatMap((name) => rows.filter(({ prompt }) => prompt === name));
  const digits = rows.filter(({ prompt }) => prompt.startsWith('digit_'));
  const strange = rows.filter((row) => !known.includes(row.prompt) && !digits.includes(row));
  return [
    ['way', pick(chapters.way)],
    ['end', pick(chapters.end)],
    ['rare', [...pick(chapters.rare), ...strange]],
    ['digits', digits],
  ];
}

export type Source = 'recording' | 'own_text' | 'ours' | 'none';

/** What is heard for a prompt. Without a voice only a recording is heard. */
export function sourceOf(row: Pick<PromptRow, 'own_text' | 'recording'>, hasVoice: boolean): Source {
  if (row.recording !== null) return 'recording';
  if (!hasVoice) return 'none';
  return row.own_text === null ? 'ours' : 'own_text';
}
