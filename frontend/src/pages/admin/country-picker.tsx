/** The countries that may be called: found by typing, kept as a list that can be shortened. */
import { useComputed, useSignal, type Signal } from '@preact/signals';
import { TextField } from '../../parts/field';
import { language, words } from '../../words';
import { countries, countryName, findCountries } from './countries';

export function CountryPicker({ chosen }: { readonly chosen: Signal<readonly string[]> }) {
  const say = words.value.admin.connection;
  const sought = useSignal('');
  const all = useComputed(() => countries(language.value));
  const found = sought.value.trim() === '' ? [] : findCountries(all.value, sought.value);

  function turn(code: string, wanted: boolean): void {
    const rest = chosen.value.filter((other) => other !== code);
    chosen.value = wanted ? [...rest, code] : rest;
  }

  return (
    <section class="card stack" aria-labelledby="countries-title">
      <h2 id="countries-title">{say.countriesTitle}</h2>
      <p class="quiet">{say.countriesHint}</p>
      {chosen.value.length === 0 ? (
        <p>{say.countriesNone}</p>
      ) : (
        <ul class="row" aria-label={say.countriesTitle}>
          {chosen.value.map((code) => (
            <li key={code} class="chip">
              {countryName(code, language.value)}
              <button type="button" class="chip-away" onClick={() => turn(code, false)}>
                <span aria-hidden="true">✕</span>
                <span class="only-heard">{say.countriesRemove(countryName(code, language.value))}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      <TextField label={say.countriesSearch} text={sought} kind="search" testId="conn-country-search" />
      <p class="only-heard" role="status">
        {sought.value.trim() !== '' && (found.length === 0 ? say.countriesNoneFound : say.countriesFound(found.length))}
      </p>
      {sought.value.trim() !== '' && found.length === 0 && <p class="quiet">{say.countriesNoneFound}</p>}
      {found.length > 0 && (
        <ul class="country-list">
          {found.map(({ code, name }) => (
            <li key={code}>
              <label class="tick">
                <input
                  type="checkbox"
                  checked={chosen.value.includes(code)}
                  onChange={(event) => turn(code, event.currentTarget.checked)}
                />
                {name}
              </label>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
