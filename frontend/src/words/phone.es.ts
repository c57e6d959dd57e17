/** Español: the phone page. */
import type { phoneEn } from './phone.en';

export const phoneEs: typeof phoneEn = {};
