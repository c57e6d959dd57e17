/** Fields for whole numbers, and what was written in them. */
import { useSignal, type Signal } from '@preact/signals';
import { TextField } from '../../../parts/field';
import { hotlineWords } from '../../../words/hotlines';
import { ranges, readCount, type CountName } from './counts';
import type { Wrong } from './settings-form';

export type CountSignals<Name extends CountName> = Readonly<Record<Name, Signal<string>>>;

/** What is wrong with them, by name. */
export function wrongCounts<Name extends CountName>(names: readonly Name[], fields: CountSignals<Name>): Wrong {
  const say = hotlineWords.value.parts;
  const bad = names.filter((name) => readCount(fields[name].value, ranges[name]) === null);
  return Object.fromEntries(bad.map((name) => [name, say.range(ranges[name][0], ranges[name][1])]));
}

/** The number in a field that `wrongCounts` had nothing against. */
export function countIn(field: Signal<string>): number {
  return Number(field.value.trim());
}

/** A signal that begins with a number. */
export function useCount(begin: number): Signal<string> {
  return useSignal(String(begin));
}

export interface CountFieldProps {
  readonly name: CountName;
  readonly text: Signal<string>;
  readonly words: { readonly label: string; readonly hint: string };
  readonly wrong: Wrong;
}

/** One number with its explanation. */
export function CountField({ name, text, words, wrong }: CountFieldProps) {
  return (
    <TextField
      label={words.label}
      hint={words.hint}
      text={text}
      wrong={wrong[name]}
      inputMode="numeric"
      testId={name.replaceAll('_', '-')}
    />
  );
}
