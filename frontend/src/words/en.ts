/** English. The shape of this object is the shape of every language. */
import { adminEn } from './admin.en';
import { hotlineEn } from './hotline.en';
import { phoneEn } from './phone.en';
import { problemsEn } from './problems.en';
import { signInEn } from './sign-in.en';

const common = {
  product: 'Softphone',
  cancel: 'Cancel',
  save: 'Save',
  close: 'Close',
  retry: 'Try again',
  loading: 'One moment…',
  language: 'Language',
  signOut: 'Sign out',
  fault: 'Something went wrong. Please try again.',
  unreachable: 'The server cannot be reached. Check your connection and try again.',
};

const words = { common, phone: phoneEn, hotline: hotlineEn, signIn: signInEn, admin: adminEn, problems: problemsEn };

/** What every language must have: the same names, sentences and functions as English. */
export type Words = typeof words;

/** What the file of a language exports as `spoken`; the name is written in the language itself. */
export interface Spoken {
  readonly name: string;
  readonly words: Words;
}

export const spoken: Spoken = { name: 'English', words };
