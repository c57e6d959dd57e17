/** English: SIP phones. */
import { sipAdminEn } from './sip-admin.en';
import { sipPhonesEn } from './sip-phones.en';
import { sipSetupEn } from './sip-setup.en';

export const sip = { ...sipPhonesEn, setup: sipSetupEn, admin: sipAdminEn };

/** What every language must have. */
export type SipWords = typeof sip;
