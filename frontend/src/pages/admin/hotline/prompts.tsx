/** What callers hear, in each language, and the organisation's own in place of ours. */
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { ChoiceField } from '../../../parts/field';
import { Status, type Mood } from '../../../parts/status';
import type { Hotline } from '../../../server/hotlines';
import { readPrompts, type PromptLanguage, type PromptRow } from '../../../server/prompts';
import { language } from '../../../words';
import { hotlineWords } from '../../../words/hotlines';
import { Shown, useReading } from '../remote';
import { languageName } from './language-names';
import { byChapter, sourceOf, type Chapter, type Source } from './prompt-order';
import { PromptEditor } from './prompt-editor';

const moods: Readonly<Record<Source, Mood>> = { recording: 'good', own_text: 'good', ours: 'quiet', none: 'warn' };

export function Prompts({ hotline }: { readonly hotline: Hotline }) {
  const say = hotlineWords.value.prompts;
  const code = useSignal(hotline.default_language);
  const reading = useReading(() => readPrompts(hotline.id), hotline.id);
  return (
    <section class="card stack" aria-labelledby="prompts-title">
      <h3 id="prompts-title" class="card-title">
        {say.title}
      </h3>
      <p class="quiet">{say.intro}</p>
      <Shown reading={reading}>
        {(languages) => {
          const shown = languages.find((one) => one.code === code.value);
          return (
            <>
              <ChoiceField
                label={say.language}
                value={code}
                choices={sorted(languages, hotline).map((one) => ({ value: one.code, label: choiceLabel(one, hotline) }))}
                testId="prompt-language"
              />
              {shown !== undefined && <InLanguage key={shown.code} hotline={hotline} shown={shown} onChanged={reading.again} />}
            </>
          );
        }}
      </Shown>
    </section>
  );
}

/** The hotline's own languages first, in its order. */
function sorted(languages: readonly PromptLanguage[], hotline: Hotline): readonly PromptLanguage[] {
  const rank = ({ code }: PromptLanguage) => {
    const at = hotline.languages.indexOf(code);
    return at < 0 ? hotline.languages.length : at;
  };
  return languages.toSorted((a, b) => rank(a) - rank(b));
}

function choiceLabel(one: PromptLanguage, hotline: Hotline): string {
  const say = hotlineWords.value.prompts;
  const name = languageName(one.code, language.value);
  if (!one.usable_in_menu) return say.choiceMissing(name, one.missing_recordings.length);
  return hotline.languages.includes(one.code) ? say.choiceUsed(name) : name;
}

interface InLanguageProps {
  readonly hotline: Hotline;
  readonly shown: PromptLanguage;
  readonly onChanged: () => void;
}

function InLanguage({ hotline, shown, onChanged }: InLanguageProps) {
  const say = hotlineWords.value.prompts;
  const name = languageName(shown.code, language.value);
  const known: Readonly<Record<string, string>> = say.names;
  const title = (prompt: string) => known[prompt] ?? prompt.replaceAll('_', ' ');
  return (
    <div class="stack" data-testid="prompts">
      {!shown.has_voice && (
        <div class={shown.usable_in_menu ? 'note good' : 'note warn'} data-testid="prompts-missing">
          <p>{shown.usable_in_menu ? say.noVoiceDone(name) : say.noVoice(name)}</p>
          {shown.missing_recordings.length > 0 && (
            <ul class="consequences">
              {shown.missing_recordings.map((prompt) => (
                <li key={prompt}>{title(prompt)}</li>
              ))}
            </ul>
          )}
        </div>
      )}
      {byChapter(shown.prompts).map(([chapter, rows]) => (
        <section key={chapter} class="stack tight">
          <h4 class="card-title">{say.chapters[chapter]}</h4>
          <Folded chapter={chapter}>
            {rows.map((row) => (
              <PromptCard key={row.prompt} hotline={hotline} row={row} hasVoice={shown.has_voice} title={title(row.prompt)} onChanged={onChanged} />
            ))}
          </Folded>
        </section>
      ))}
    </div>
  );
}

/** Ten digits are many cards that few people want. */
function Folded({ chapter, children }: { readonly chapter: Chapter; readonly children: ComponentChildren }) {
  const say = hotlineWords.value.prompts;
  if (chapter !== 'digits') return <>{children}</>;
  return (
    <details class="fold">
      <summary class="quiet small">{say.digitsHint}</summary>
      <div class="stack tight">{children}</div>
    </details>
  );
}

interface PromptCardProps {
  readonly hotline: Hotline;
  readonly row: PromptRow;
  readonly hasVoice: boolean;
  readonly title: string;
  readonly onChanged: () => void;
}

function PromptCard({ hotline, row, hasVoice, title, onChanged }: PromptCardProps) {
  const say = hotlineWords.value.prompts;
  const open = useSignal(false);
  const source = sourceOf(row, hasVoice);
  const state = source === 'none' && !row.recording_needed ? say.fallsBack : say.sources[source];
  return (
    <details
      class="prompt"
      data-testid={`prompt-${row.prompt}`}
      open={open.value}
      onToggle={(event) => (open.value = event.currentTarget.open)}
    >
      <summary>
        <span class="strong">{title}</span>{' '}
        <span class="small">
          <Status mood={row.recording_needed ? 'warn' : source === 'none' ? 'quiet' : moods[source]}>
            {row.recording_needed ? say.needed : state}
          </Status>
        </span>
        <span class="block quiet prompt-text" lang={row.language} dir="auto">
          {row.own_text ?? row.text}
        </span>
      </summary>
      {open.value && <PromptEditor hotline={hotline} row={row} hasVoice={hasVoice} title={title} onChanged={onChanged} />}
    </details>
  );
}
