/** Failures as sentences in the person's language. */
import { words } from '../words';
import { Problem } from './api';

/** Any thrown thing as a `Problem`: what is none is a fault of ours. */
export function failureOf(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem({ code: 'fault', status: 0 });
}

/** One sentence that a person can act on. The server's own sentence is the best where we have none in this language. */
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
      return failure.message;
  }
}
