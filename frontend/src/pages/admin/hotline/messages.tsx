/** Messages that callers leave, and the limits that keep a hotline free for those in need. */
import { useSignal } from '@preact/signals';
import { RadioField } from '../../../parts/field';
import { changeLimits, readLimits, type Hotline, type Limits } from '../../../server/hotlines';
import { readPrompts, type PromptRow } from '../../../server/prompts';
import { hotlineWords } from '../../../words/hotlines';
import { Shown, useReading } from '../remote';
import { CountField, countIn, useCount, wrongCounts } from './counts-form';
import { partPath } from './places';
import { SettingsForm } from './settings-form';

const messageCounts = ['messages_per_caller', 'messages_in_all'] as const;
const limitCounts = ['caller_calls_per_hour', 'all_calls_per_hour', 'check_above', 'block_hours'] as const;
const counts = [...messageCounts, ...limitCounts] as const;

export function Messages({ hotline }: { readonly hotline: Hotline }) {
  const limits = useReading(() => readLimits(hotline.id), hotline.id);
  return <Shown reading={limits}>{(held) => <LimitsForm hotline={hotline} held={held} onSaved={limits.put} />}</Shown>;
}

interface LimitsFormProps {
  readonly hotline: Hotline;
  readonly held: Limits;
  readonly onSaved: (limits: Limits) => void;
}

function LimitsForm({ hotline, held, onSaved }: LimitsFormProps) {
  const say = hotlineWords.value.messages;
  const mail = useSignal(held.voicemail_enabled ? 'on' : 'off');
  const fields = {
    messages_per_caller: useCount(held.messages_per_caller),
    messages_in_all: useCount(held.messages_in_all),
    caller_calls_per_hour: useCount(held.caller_calls_per_hour),
    all_calls_per_hour: useCount(held.all_calls_per_hour),
    check_above: useCount(held.check_above),
    block_hours: useCount(held.block_hours),
  };
  const touched =
    (mail.value === 'on') !== held.voicemail_enabled || counts.some((name) => fields[name].value.trim() !== String(held[name]));

  const save = () =>
    changeLimits(hotline.id, {
      voicemail_enabled: mail.value === 'on',
      messages_per_caller: countIn(fields.messages_per_caller),
      messages_in_all: countIn(fields.messages_in_all),
      caller_calls_per_hour: countIn(fields.caller_calls_per_hour),
      all_calls_per_hour: countIn(fields.all_calls_per_hour),
      check_above: countIn(fields.check_above),
      block_hours: countIn(fields.block_hours),
    });

  return (
    <SettingsForm
      title={say.title}
      testId="messages"
      fields={counts}
      touched={touched}
      check={() => wrongCounts(counts, fields)}
      save={save}
      onSaved={onSaved}
    >
      {(wrong) => (
        <>
          <RadioField
            label={say.voicemail}
            value={mail}
            choices={(['on', 'off'] as const).map((value) => ({ value, label: say.mails[value], explanation: say.mailHints[value] }))}
            testId="voicemail"
          />
          {mail.value === 'on' ? (
            <div class="pair">
              {messageCounts.map((name) => (
                <CountField key={name} name={name} text={fields[name]} words={say.counts[name]} wrong={wrong} />
              ))}
            </div>
          ) : (
            <Alternatives hotline={hotline} />
          )}
          <h4 class="card-title">{say.limits}</h4>
          <p class="quiet">{say.limitsIntro}</p>
          <div class="pair">
            {limitCounts.map((name) => (
              <CountField key={name} name={name} text={fields[name]} words={say.counts[name]} wrong={wrong} />
            ))}
          </div>
        </>
      )}
    </SettingsForm>
  );
}

async function readAlternatives({ id, default_language: code }: Hotline): Promise<readonly PromptRow[]> {
  const rows = (await readPrompts(id)).find((one) => one.code === code)?.prompts ?? [];
  return rows.filter(({ prompt }) => prompt === 'nobody_alternatives' || prompt === 'closed_alternatives');
}

/** What callers hear where they cannot leave a message. */
function Alternatives({ hotline }: { readonly hotline: Hotline }) {
  const say = hotlineWords.value.messages;
  const rows = useReading(() => readAlternatives(hotline), hotline.id, ['audit']);
  return (
    <Shown reading={rows}>
      {(held) => (
        <div class="stack tight">
          {held.map((row) => (
            <div key={row.prompt}>
              <p class="strong">{row.prompt === 'closed_alternatives' ? say.whenClosed : say.whenNobody}</p>
              <blockquote class="said" lang={row.language} dir="auto">
                {row.own_text ?? row.text}
              </blockquote>
            </div>
          ))}
          {held.some((row) => row.own_text === null && row.recording === null) && <p class="note warn">{say.alternativesOurs}</p>}
          <p>
            <a href={partPath(hotline.id, 'prompts')}>{say.alternativesEdit}</a>
          </p>
        </div>
      )}
    </Shown>
  );
}
