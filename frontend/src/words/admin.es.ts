/** Español: the administrator's pages. */
import type { adminEn } from './admin.en';

export const adminEs: typeof adminEn = {};
