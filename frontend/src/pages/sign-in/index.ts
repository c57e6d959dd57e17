/** The pages before one is signed in. */
export { JoinPage } from './join';
export { SetupPage } from './setup';
export { SignInPage, type EntranceProps } from './sign-in';
