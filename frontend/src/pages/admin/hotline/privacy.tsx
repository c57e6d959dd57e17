/** What is kept of callers and for how long, what was removed, and who is blocked. */
import { Status } from '../../../parts/status';
import { DataTable } from '../../../parts/table';
import { changeRetention, readRetention, type Retention } from '../../../server/callers';
import { language } from '../../../words';
import { hotlineWords } from '../../../words/hotlines';
import { exactMoment } from '../moments';
import { Shown, useReading } from '../remote';
import { Blocks } from './blocks';
import { CountField, countIn, useCount, wrongCounts } from './counts-form';
import { SettingsForm } from './settings-form';

const counts = ['pseudonym_days', 'pseudonym_keep_days', 'calls_days', 'logs_days', 'voicemail_days', 'audit_days'] as const;

export function PrivacySection() {
  const retention = useReading(readRetention, 'retention');
  return (
    <div class="stack">
      <Blocks />
      <Shown reading={retention}>
        {(held) => (
          <>
            <DaysForm held={held} onSaved={retention.put} />
            <Removed held={held} />
          </>
        )}
      </Shown>
    </div>
  );
}

function DaysForm({ held, onSaved }: { readonly held: Retention; readonly onSaved: (held: Retention) => void }) {
  const say = hotlineWords.value.privacy;
  const { settings } = held;
  const fields = {
    pseudonym_days: useCount(settings.pseudonym_days),
    pseudonym_keep_days: useCount(settings.pseudonym_keep_days),
    calls_days: useCount(settings.calls_days),
    logs_days: useCount(settings.logs_days),
    voicemail_days: useCount(settings.voicemail_days),
    audit_days: useCount(settings.audit_days),
  };
  const touched = counts.some((name) => fields[name].value.trim() !== String(settings[name]));
  const save = () =>
    changeRetention({
      pseudonym_days: countIn(fields.pseudonym_days),
      pseudonym_keep_days: countIn(fields.pseudonym_keep_days),
      calls_days: countIn(fields.calls_days),
      logs_days: countIn(fields.logs_days),
      voicemail_days: countIn(fields.voicemail_days),
      audit_days: countIn(fields.audit_days),
    });
  return (
    <SettingsForm
      title={say.retention}
      intro={say.retentionIntro}
      testId="retention"
      fields={counts}
      touched={touched}
      check={() => wrongCounts(counts, fields)}
      save={save}
      onSaved={onSaved}
    >
      {(wrong) => (
        <div class="pair">
          {counts.map((name) => (
            <CountField key={name} name={name} text={fields[name]} words={say.days[name]} wrong={wrong} />
          ))}
        </div>
      )}
    </SettingsForm>
  );
}

function Removed({ held: { runs, waiting_at_plivo: waiting } }: { readonly held: Retention }) {
  const say = hotlineWords.value.privacy;
  const known: Readonly<Record<string, string>> = say.kinds;
  const last = runs[0];
  return (
    <section class="card stack" aria-labelledby="removed-title">
      <h2 id="removed-title" class="card-title">
        {say.removed}
      </h2>
      <p>{last === undefined ? say.removedNever : say.removedLast(exactMoment(last.at, language.value))}</p>
      {waiting.recordings > 0 ? (
        <Status mood="warn">{say.waiting(waiting.recordings)}</Status>
      ) : (
        <Status mood="good">{say.waitingNone}</Status>
      )}
      {waiting.problem !== null && <p class="note warn">{waiting.problem}</p>}
      {runs.length > 0 && (
        <details class="fold">
          <summary>{say.runs}</summary>
          <DataTable
            caption={say.runs}
            columns={[
              { name: say.when, heads: true, draw: (run) => exactMoment(run.at, language.value) },
              {
                name: say.what,
                draw: (run) => run.removed.map(([name, count]) => `${count} ${known[name] ?? name.replaceAll('_', ' ')}`).join(', ') || '–',
              },
            ]}
            rows={runs}
            keyOf={(run) => run.at}
          />
        </details>
      )}
    </section>
  );
}
