/** English: hotlines and their callers. */
import { hotlineSettingsEn } from './hotlines-settings.en';
import { hotlineSpokenEn } from './hotlines-spoken.en';
import { hotlineWatchEn } from './hotlines-watch.en';
import { hotlinePrivacyEn } from './hotlines-privacy.en';

export const hotline = { ...hotlineSettingsEn, ...hotlineSpokenEn, ...hotlineWatchEn, privacy: hotlinePrivacyEn };

/** What every language must have. */
export type HotlineWords = typeof hotline;
