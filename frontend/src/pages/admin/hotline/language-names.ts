/** Languages by name, in the reader's language. */
import { hotlineWords } from '../../../words/hotlines';

/** The name of a two-letter code: ours where the browser's would not fit what is spoken, the code where it has none. */
export function languageName(code: string, reader: string): string {
  const ours: Readonly<Record<string, string>> = hotlineWords.value.languageNames;
  if (ours[code] !== undefined) return ours[code];
  const name = new Intl.DisplayNames([reader], { type: 'language', fallback: 'code' }).of(code) ?? code;
  return name.charAt(0).toLocaleUpperCase(reader) + name.slice(1);
}

/** The languages callers can be spoken to in (the server has words for each). */
export const callerLanguages = ['en', 'es', 'zh', 'tl', 'vi', 'ar', 'fr', 'ht', 'ko', 'ru', 'hi', 'pt', 'de'] as const;
