/** English: sign-in, joining and set-up. */
export const signInEn = {};
