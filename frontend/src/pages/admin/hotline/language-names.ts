/** Languages by name, in the reader's language. */

/** The name of a two-letter code; the code itself where the browser has none. */
export function languageName(code: string, reader: string): string {
  const name = new Intl.DisplayNames([reader], { type: 'language', fallback: 'code' }).of(code) ?? code;
  return name.charAt(0).toLocaleUpperCase(reader) + name.slice(1);
}

/** The languages callers can be spoken to in (the server has words for each). */
export const callerLanguages = ['en', 'es', 'zh', 'tl', 'vi', 'ar', 'fr', 'ht', 'ko', 'ru', 'hi', 'pt', 'de'] as const;
