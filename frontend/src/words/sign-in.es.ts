/** Español: sign-in, joining and set-up. */
import type { signInEn } from './sign-in.en';

export const signInEs: typeof signInEn = {};
