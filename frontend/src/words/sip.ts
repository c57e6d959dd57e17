/** The words of the pages about SIP phones, apart from the others: a volunteer who answers in the browser does not load them. */
import { computed } from '@preact/signals';
import { language } from './index';
import { sip as english, type SipWords } from './sip.en';

const files = import.meta.glob<SipWords>('./sip.[a-z][a-z].ts', { eager: true, import: 'sip' });

/** Every language these pages speak, by the path of its file. */
export const sipFiles = files;

/** The words in use; English where the language has none of these. */
export const sipWords = computed<SipWords>(() => files[`./sip.${language.value}.ts`] ?? english);
