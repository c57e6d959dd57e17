/** The pages of SIP phones: one's own, and the one behind a link. */
export { PhonesPage } from './my-phones';
export { PhoneSetupPage } from './setup';
