/** English: hotlines and their callers. */
import { hotlineSettingsEn } from './hotline-settings.en';
import { hotlineSpokenEn } from './hotline-spoken.en';
import { hotlineWatchEn } from './hotline-watch.en';
import { hotlinePrivacyEn } from './hotline-privacy.en';

export const hotline = { ...hotlineSettingsEn, ...hotlineSpokenEn, ...hotlineWatchEn, privacy: hotlinePrivacyEn };

/** What every language must have. */
export type HotlineWords = typeof hotline;
