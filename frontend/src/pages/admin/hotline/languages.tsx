/** The languages of a hotline, in the order of its menu. */
import { useSignal, type Signal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { ChoiceField } from '../../../parts/field';
import { Status } from '../../../parts/status';
import { changeHotline } from '../../../server/hotlines';
import { readPrompts, type PromptLanguage } from '../../../server/prompts';
import { language } from '../../../words';
import { hotlineWords } from '../../../words/hotlines';
import { Shown, useReading } from '../remote';
import type { PartProps } from './hotline-page';
import { callerLanguages, languageName } from './language-names';
import { moved } from './ordered';
import { partPath } from './places';
import { SettingsForm } from './settings-form';

/** One key of a telephone each (`domain/prompts.py`, `MOST_CHOICES`). */
const MOST = 9;

export function Languages({ hotline, onSaved }: PartProps) {
  const say = hotlineWords.value.languages;
  const chosen = useSignal<readonly string[]>(hotline.languages);
  const first = useSignal(hotline.default_language);
  const prompts = useReading(() => readPrompts(hotline.id), hotline.id, ['audit']);
  const touched = chosen.value.join() !== hotline.languages.join() || first.value !== hotline.default_language;

  return (
    <SettingsForm
      title={say.title}
      intro={say.intro}
      testId="languages"
      fields={['languages', 'default_language']}
      touched={touched}
      save={() => changeHotline(hotline.id, { languages: chosen.value, default_language: first.value })}
      onSaved={onSaved}
    >
      {(wrong) => (
        <Shown reading={prompts}>
          {(known) => (
            <>
              <Menu chosen={chosen} first={first} known={known} prompts={partPath(hotline.id, 'prompts')} />
              {wrong['languages'] !== undefined && <p class="wrong">{wrong['languages']}</p>}
              <Adding chosen={chosen} />
              <ChoiceField
                label={say.first}
                hint={say.firstHint}
                value={first}
                wrong={wrong['default_language']}
                choices={chosen.value.map((code) => ({ value: code, label: languageName(code, language.value) }))}
                testId="default-language"
              />
            </>
          )}
        </Shown>
      )}
    </SettingsForm>
  );
}

interface MenuProps {
  readonly chosen: Signal<readonly string[]>;
  readonly first: Signal<string>;
  readonly known: readonly PromptLanguage[];
  /** Where recordings are made. */
  readonly prompts: string;
}

function Menu({ chosen, first, known, prompts }: MenuProps) {
  const say = hotlineWords.value.languages;
  const list = useRef<HTMLOListElement>(null);
  const told = useSignal('');
  const usable = chosen.value.filter((code) => known.find((one) => one.code === code)?.usable_in_menu === true);

  function move(at: number, by: number): void {
    const code = chosen.value[at] ?? '';
    chosen.value = moved(chosen.value, at, by);
    told.value = say.movedTo(languageName(code, language.value), chosen.value.indexOf(code) + 1);
    // The button goes with its row; the focus stays on the language that is being moved.
    queueMicrotask(() => list.current?.querySelector<HTMLElement>(`[data-code="${code}"] button:not(:disabled)`)?.focus());
  }

  function remove(code: string): void {
    chosen.value = chosen.value.filter((other) => other !== code);
    if (first.value === code) first.value = chosen.value[0] ?? '';
  }

  return (
    <>
      <ol ref={list} class="menu-order" data-testid="menu-order">
        {chosen.value.map((code, at) => {
          const name = languageName(code, language.value);
          const voice = known.find((one) => one.code === code);
          const key = usable.indexOf(code) + 1;
          return (
            <li key={code} data-code={code}>
              <span class="key" aria-hidden={key === 0}>
                {key === 0 || usable.length < 2 ? '–' : key}
              </span>
              <span class="menu-name">
                <span class="strong">{name}</span>{' '}
                <span class="quiet" lang={code} dir="auto">
                  {voice?.own_name === name ? '' : voice?.own_name}
                </span>
                {voice !== undefined && !voice.usable_in_menu && (
                  <span class="block small">
                    <Status mood="warn">{say.notOffered(voice.missing_recordings.length)}</Status>{' '}
                    <a href={prompts}>{say.record}</a>
                  </span>
                )}
              </span>
              <span class="row">
                <button type="button" class="button bare small" disabled={at === 0} onClick={() => move(at, -1)}>
                  <span aria-hidden="true">↑</span>
                  <span class="only-heard">{say.up(name)}</span>
                </button>
                <button type="button" class="button bare small" disabled={at === chosen.value.length - 1} onClick={() => move(at, 1)}>
                  <span aria-hidden="true">↓</span>
                  <span class="only-heard">{say.down(name)}</span>
                </button>
                <button type="button" class="button bare small" disabled={chosen.value.length === 1} onClick={() => remove(code)}>
                  <span aria-hidden="true">✕</span>
                  <span class="only-heard">{say.remove(name)}</span>
                </button>
              </span>
            </li>
          );
        })}
      </ol>
      <p class="quiet small">{usable.length < 2 ? say.noMenu : say.menu}</p>
      <p class="only-heard" role="status">
        {told.value}
      </p>
    </>
  );
}

function Adding({ chosen }: { readonly chosen: Signal<readonly string[]> }) {
  const say = hotlineWords.value.languages;
  const wanted = useSignal('');
  const free = callerLanguages.filter((code) => !chosen.value.includes(code));
  if (free.length === 0 || chosen.value.length >= MOST) return <p class="quiet small">{say.full}</p>;
  return (
    <div class="adding">
      <ChoiceField
        label={say.add}
        value={wanted}
        choices={[
          { value: '', label: say.choose },
          ...free.map((code) => ({ value: code, label: languageName(code, language.value) })),
        ]}
        testId="add-language"
      />
      <button
        type="button"
        class="button"
        disabled={wanted.value === ''}
        data-testid="add-language-deed"
        onClick={() => {
          chosen.value = [...chosen.value, wanted.value];
          wanted.value = '';
        }}
      >
        {say.addDeed}
      </button>
    </div>
  );
}
