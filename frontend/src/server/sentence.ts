/** Failures as sentences in the person's language. */
import { language, words } from '../words';
import { Problem } from './api';

/** Any thrown thing as a `Problem`: what is none is a fault of ours. */
export function failureOf(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem({ code: 'fault', status: 0 });
}

/** What the server adds to a sentence of its own: Plivo's words, or the last digits of a number. */
const addition = /Plivo says: .+$|…\d+/;

/** A refusal in the person's language. The server speaks English, and may say more than we know; elsewhere our words
 * for its code come first, with what it adds. */
export function inWords(code: string, message: string): string {
  const known: Readonly<Record<string, string>> = words.value.problems;
  const own = known[code];
  if (own === undefined || (language.value === 'en' && message !== code)) return message;
  const added = language.value === 'en' ? undefined : addition.exec(message)?.[0].replace('Plivo says:', 'Plivo:');
  return added === undefined ? own : `${own} (${added})`;
}

/** One sentence that a person can act on. */
export function sentence(error: unknown): string {
  const { common, admin } = words.value;
  const failure = failureOf(error);
  switch (failure.code) {
    case 'unreachable':
      return common.unreachable;
    case 'fault':
      return common.fault;
    case 'not_signed_in':
      return admin.signedOut;
    case 'not_allowed':
      return admin.onlyAdmins;
    default:
      return inWords(failure.code, failure.message);
  }
}
