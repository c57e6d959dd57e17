/** What follows a call: its outcome, a note, and a pause. */
import { useSignal, type Signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { changeHotline } from '../../../server/hotlines';
import { hotlineWords } from '../../../words/hotlines';
import { CountField, countIn, useCount, wrongCounts } from './counts-form';
import type { PartProps } from './hotline-page';
import { moved } from './ordered';
import { SettingsForm } from './settings-form';

const counts = ['wrap_up_seconds', 'hard_wrap_up_seconds'] as const;
/** `hotline_rules.py` holds the same. */
const MOST_OUTCOMES = 20;
const OUTCOME_CHARACTERS = 60;

export function After({ hotline, onSaved }: PartProps) {
  const say = hotlineWords.value.after;
  const outcomes = useSignal<readonly string[]>(hotline.outcomes);
  const notes = useSignal(hotline.notes_enabled);
  const fields = { wrap_up_seconds: useCount(hotline.wrap_up_seconds), hard_wrap_up_seconds: useCount(hotline.hard_wrap_up_seconds) };
  const written = () => outcomes.value.map((one) => one.trim()).filter((one) => one !== '');
  const touched =
    written().join('\n') !== hotline.outcomes.join('\n') ||
    notes.value !== hotline.notes_enabled ||
    counts.some((name) => fields[name].value.trim() !== String(hotline[name]));

  const save = () =>
    changeHotline(hotline.id, {
      outcomes: written(),
      notes_enabled: notes.value,
      wrap_up_seconds: countIn(fields.wrap_up_seconds),
      hard_wrap_up_seconds: countIn(fields.hard_wrap_up_seconds),
    });

  return (
    <SettingsForm
      title={say.title}
      intro={say.intro}
      testId="after"
      fields={[...counts, 'outcomes']}
      touched={touched}
      check={() => wrongCounts(counts, fields)}
      save={save}
      onSaved={(saved) => {
        outcomes.value = saved.outcomes;
        onSaved(saved);
      }}
    >
      {(wrong) => (
        <>
          <div class="pair">
            {counts.map((name) => (
              <CountField key={name} name={name} text={fields[name]} words={say.counts[name]} wrong={wrong} />
            ))}
          </div>
          <Outcomes rows={outcomes} wrong={wrong['outcomes']} />
          <label class="tick lone">
            <input
              type="checkbox"
              checked={notes.value}
              data-testid="notes-enabled"
              onChange={(event) => (notes.value = event.currentTarget.checked)}
            />
            <span>
              <span class="strong">{say.notes}</span>
              <span class="quiet small block">{say.notesHint}</span>
            </span>
          </label>
        </>
      )}
    </SettingsForm>
  );
}

function Outcomes({ rows, wrong }: { readonly rows: Signal<readonly string[]>; readonly wrong: string | undefined }) {
  const say = hotlineWords.value.after;
  const box = useRef<HTMLFieldSetElement>(null);
  const fresh = useRef(false);
  useEffect(() => {
    if (fresh.current) [...(box.current?.querySelectorAll<HTMLElement>('input') ?? [])].at(-1)?.focus();
    fresh.current = false;
  }, [rows.value.length]);

  return (
    <fieldset ref={box} class="stack tight" data-testid="outcomes">
      <legend class="strong">{say.outcomes}</legend>
      <p class="quiet small">{say.outcomesHint}</p>
      {rows.value.length === 0 && <p class="quiet">{say.outcomesNone}</p>}
      {rows.value.map((text, at) => (
        <div key={at} class="span outcome">
          <input
            type="text"
            class="input"
            aria-label={say.outcome(at + 1)}
            maxLength={OUTCOME_CHARACTERS}
            value={text}
            onInput={(event) => {
              const { value } = event.currentTarget;
              rows.value = rows.value.map((old, other) => (other === at ? value : old));
            }}
          />
          <button type="button" class="button bare small" disabled={at === 0} onClick={() => (rows.value = moved(rows.value, at, -1))}>
            <span aria-hidden="true">↑</span>
            <span class="only-heard">{say.up(text)}</span>
          </button>
          <button type="button" class="button bare small" onClick={() => (rows.value = rows.value.filter((_, other) => other !== at))}>
            <span aria-hidden="true">✕</span>
            <span class="only-heard">{say.remove(text)}</span>
          </button>
        </div>
      ))}
      {wrong !== undefined && <p class="wrong">{wrong}</p>}
      <div>
        <button
          type="button"
          class="button small"
          disabled={rows.value.length >= MOST_OUTCOMES}
          onClick={() => {
            fresh.current = true;
            rows.value = [...rows.value, ''];
          }}
        >
          {say.add}
        </button>
      </div>
    </fieldset>
  );
}
