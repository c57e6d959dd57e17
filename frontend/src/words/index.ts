/** The page's words in the volunteer's language. A further language is one file beside `en.ts` and one line in `languages`. */
import { computed, signal } from '@preact/signals';
import { en, type Words } from './en';
import { es } from './es';

/** Every language the page speaks, by its code; the name is written in the language itself. */
export const languages = {
  en: { name: 'English', words: en },
  es: { name: 'Español', words: es },
} as const;

export type Language = keyof typeof languages;

const remembered = 'softphone.language';

function isLanguage(code: string): code is Language {
  return Object.hasOwn(languages, code);
}

/** The first of the person's languages that we have, or English. */
export function bestLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const code = tag.toLowerCase().split('-')[0] ?? '';
    if (isLanguage(code)) return code;
  }
  return 'en';
}

function firstLanguage(): Language {
  const kept = localStorage.getItem(remembered);
  return bestLanguage(kept === null ? navigator.languages : [kept, ...navigator.languages]);
}

/** The language in use. Change it with `speak`. */
export const language = signal<Language>(firstLanguage());

/** The words in use: read `words.value.phone.…` while drawing and the page follows a change of language. */
export const words = computed<Words>(() => languages[language.value].words);

/** Changes the language and remembers it in this browser. */
export function speak(code: Language): void {
  localStorage.setItem(remembered, code);
  language.value = code;
  document.documentElement.lang = code;
}
