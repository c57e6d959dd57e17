/** The page's language, from a list that unfolds. */
import { bestLanguage, language, languages, speak, words } from '../../words';

export function LanguageChoice() {
  return (
    <label>
      <span class="only-heard">{words.value.common.language}</span>
      <select class="language" data-testid="language" value={language.value} onChange={(event) => speak(bestLanguage([event.currentTarget.value]))}>
        {Object.entries(languages).map(([code, { name }]) => <option key={code} value={code} lang={code}>{name}</option>)}
      </select>
    </label>
  );
}
