/** Who would ring for a caller now, and why not the others. */
import { useSignal } from '@preact/signals';
import { ChoiceField } from '../../../parts/field';
import { Status } from '../../../parts/status';
import { readWhoRings, type Decision, type Hotline, type Standing, type WhoRings } from '../../../server/hotlines';
import { language } from '../../../words';
import { hotlineWords } from '../../../words/hotlines';
import { Shown, useReading } from '../remote';
import { languageName } from './language-names';
import { grouped, reasonInWords } from './reasons';
import { momentAt, momentIn, zoneName } from './zones';

export function WhoRingsPart({ hotline }: { readonly hotline: Hotline }) {
  const say = hotlineWords.value.whoRings;
  const spoken = useSignal(hotline.default_language);
  const local = useSignal('');
  const at = momentIn(hotline.time_zone, local.value);
  const answer = useReading(() => readWhoRings(hotline.id, spoken.value, at), `${spoken.value} ${at}`, ['board', 'devices', 'calls', 'audit']);

  return (
    <section class="card stack" aria-labelledby="who-title">
      <h3 id="who-title" class="card-title">
        {say.title}
      </h3>
      <p class="quiet">{say.intro}</p>
      <div class="pair">
        <ChoiceField
          label={say.language}
          value={spoken}
          choices={hotline.languages.map((code) => ({ value: code, label: languageName(code, language.value) }))}
          testId="who-language"
        />
        <div class="field">
          <label for="who-moment">{say.moment}</label>
          <div class="span">
            <input
              id="who-moment"
              type="datetime-local"
              class="input"
              aria-describedby="who-moment-hint"
              data-testid="who-moment"
              value={local.value}
              onInput={(event) => (local.value = event.currentTarget.value)}
            />
            {local.value !== '' && (
              <button type="button" class="button small" onClick={() => (local.value = '')}>
                {say.now}
              </button>
            )}
          </div>
          <p class="hint" id="who-moment-hint">
            {say.momentHint(zoneName(hotline.time_zone))}
          </p>
        </div>
      </div>
      <Shown reading={answer}>{(told) => <Answer told={told} zone={hotline.time_zone} />}</Shown>
    </section>
  );
}

/** What happens to a caller, in one sentence. */
export function decisionInWords(decision: Decision, count: number): string {
  const say = hotlineWords.value.whoRings.decisions;
  const why = decision.reason ?? 'nobody';
  switch (decision.kind) {
    case 'ring':
      return say.ring(count, decision.seconds ?? 0);
    case 'pause':
      return say.pause(decision.seconds ?? 0);
    case 'message':
      return say.message[why];
    case 'alternatives':
      return say.alternatives[why];
    default:
      return decision.kind satisfies never;
  }
}

function Answer({ told, zone }: { readonly told: WhoRings; readonly zone: string }) {
  const say = hotlineWords.value.whoRings;
  const { first, later, not } = grouped(told.volunteers);
  const rings = told.decision.kind === 'ring';
  return (
    <div class="stack" data-testid="who-answer">
      <p class={rings ? 'note good' : 'note warn'} role="status" data-testid="who-decision">
        {decisionInWords(told.decision, first.length)}
      </p>
      <p class="quiet small">{say.asOf(momentAt(told.at, zone, language.value))}</p>
      <Group title={say.first(first.length)} none={say.firstNone} rows={first} mood="good" testId="who-first" />
      {later.length > 0 && <Group title={say.later(later.length)} none="" rows={later} mood="warn" testId="who-later" />}
      {not.length > 0 && <Group title={say.not(not.length)} none="" rows={not} mood="quiet" testId="who-not" />}
    </div>
  );
}

interface GroupProps {
  readonly title: string;
  readonly none: string;
  readonly rows: readonly Standing[];
  readonly mood: 'good' | 'warn' | 'quiet';
  readonly testId: string;
}

function Group({ title, none, rows, mood, testId }: GroupProps) {
  const say = hotlineWords.value.whoRings;
  return (
    <section data-testid={testId}>
      <h4 class="card-title">{title}</h4>
      {rows.length === 0 && <p class="quiet">{none}</p>}
      <ul class="people standings">
        {rows.map((one) => (
          <li key={one.id}>
            <Status mood={mood}>{one.name}</Status>
            <span class="quiet small">
              {one.why === 'rings' ? say.rings(one.phones.map((phone) => say.phones[phone])) : reasonInWords(one, say.reasons)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
