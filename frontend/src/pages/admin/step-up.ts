/** Changes that matter ask for the password once more, then happen. */
import { signal } from '@preact/signals';
import { failureOf } from '../../server/sentence';

/** The person did not want to give the password: nothing was changed, and nothing is wrong. */
export class NotConfirmed extends Error {
  constructor() {
    super('not confirmed');
    this.name = 'NotConfirmed';
  }
}

/** Sends a request; when the server wants the password first, asks for it and sends the request once more. */
export async function withStepUp<T>(request: () => Promise<T>, askPassword: () => Promise<boolean>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    if (failureOf(error).code !== 'step_up_required') throw error;
  }
  if (!(await askPassword())) throw new NotConfirmed();
  return request();
}

interface Question {
  readonly answer: (confirmed: boolean) => void;
  readonly answered: Promise<boolean>;
}

/** The open question, for the dialog to be drawn from. */
export const question = signal<Question | null>(null);

/** Opens the dialog. Two changes at once wait for the same answer. */
export function askPassword(): Promise<boolean> {
  if (question.value !== null) return question.value.answered;
  const { promise, resolve } = deferred();
  question.value = {
    answered: promise,
    answer: (confirmed) => {
      question.value = null;
      resolve(confirmed);
    },
  };
  return promise;
}

function deferred(): { readonly promise: Promise<boolean>; readonly resolve: (confirmed: boolean) => void } {
  let resolve: (confirmed: boolean) => void = () => undefined;
  const promise = new Promise<boolean>((settle) => (resolve = settle));
  return { promise, resolve };
}

/** `withStepUp` with the page's own dialog. */
export function confirmed<T>(request: () => Promise<T>): Promise<T> {
  return withStepUp(request, askPassword);
}
