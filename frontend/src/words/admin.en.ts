/** English: the administrator's pages. */
export const adminEn = {};
