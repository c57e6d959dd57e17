/** The words of the pages about hotlines, apart from the others: a volunteer's page does not load them. */
import { computed } from '@preact/signals';
import { language } from './index';
import { hotline as english, type HotlineWords } from './hotlines.en';

const files = import.meta.glob<HotlineWords>('./hotlines.[a-z][a-z].ts', { eager: true, import: 'hotline' });

/** Every language these pages speak, by the path of its file. */
export const hotlineFiles = files;

/** The words in use; English where the language has none of these. */
export const hotlineWords = computed<HotlineWords>(() => files[`./hotlines.${language.value}.ts`] ?? english);
