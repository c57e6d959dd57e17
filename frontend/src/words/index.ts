/** The page's words in the volunteer's language. A further language is one file beside `en.ts`, named by its code. */
import { computed, signal } from '@preact/signals';
import { spoken as english, type Spoken, type Words } from './en';

const files = import.meta.glob<Spoken>('./[a-z][a-z].ts', { eager: true, import: 'spoken' });

/** Every language the page speaks, by its two letters. */
export const languages: Readonly<Record<string, Spoken>> = Object.fromEntries(
  Object.entries(files).map(([path, spoken]) => [path.slice('./'.length, -'.ts'.length), spoken]),
);

const remembered = 'softphone.language';

/** The first of the person's languages that we have, or English. */
export function bestLanguage(wanted: readonly string[]): string {
  for (const tag of wanted) {
    const code = tag.toLowerCase().split('-')[0] ?? '';
    if (Object.hasOwn(languages, code)) return code;
  }
  return 'en';
}

function firstLanguage(): string {
  const kept = localStorage.getItem(remembered);
  return bestLanguage(kept === null ? navigator.languages : [kept, ...navigator.languages]);
}

/** The language in use. Change it with `speak`. */
export const language = signal(firstLanguage());

/** The words in use: read `words.value.phone.…` while drawing and the page follows a change of language. */
export const words = computed<Words>(() => (languages[language.value] ?? english).words);

/** Changes the language and remembers it in this browser. */
export function speak(code: string): void {
  localStorage.setItem(remembered, code);
  language.value = code;
  document.documentElement.lang = code;
}
