/** Spanish: hotlines and their callers. */
import type { HotlineWords } from './hotline.en';
import { hotlinePrivacyEs } from './hotline-privacy.es';
import { hotlineSettingsEs } from './hotline-settings.es';
import { hotlineSpokenEs } from './hotline-spoken.es';
import { hotlineWatchEs } from './hotline-watch.es';

export const hotline: HotlineWords = { ...hotlineSettingsEs, ...hotlineSpokenEs, ...hotlineWatchEs, privacy: hotlinePrivacyEs };
