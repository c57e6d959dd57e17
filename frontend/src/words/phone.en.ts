/** English: the phone page. */
export const phoneEn = {};
