/** Spanish: hotlines and their callers. */
import type { HotlineWords } from './hotlines.en';
import { hotlinePrivacyEs } from './hotlines-privacy.es';
import { hotlineSettingsEs } from './hotlines-settings.es';
import { hotlineSpokenEs } from './hotlines-spoken.es';
import { hotlineWatchEs } from './hotlines-watch.es';

export const hotline: HotlineWords = { ...hotlineSettingsEs, ...hotlineSpokenEs, ...hotlineWatchEs, privacy: hotlinePrivacyEs };
