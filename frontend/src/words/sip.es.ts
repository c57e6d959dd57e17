/** Spanish: SIP phones. */
import type { SipWords } from './sip.en';
import { sipAdminEs } from './sip-admin.es';
import { sipPhonesEs } from './sip-phones.es';
import { sipSetupEs } from './sip-setup.es';

export const sip: SipWords = { ...sipPhonesEs, setup: sipSetupEs, admin: sipAdminEs };
