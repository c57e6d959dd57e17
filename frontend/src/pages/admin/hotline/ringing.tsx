/** Who rings, for how long, and what a caller hears in between. */
import { useSignal } from '@preact/signals';
import { RadioField, TextField } from '../../../parts/field';
import { changeHotline, strategies } from '../../../server/hotlines';
import { hotlineWords } from '../../../words/hotlines';
import { CountField, countIn, useCount, wrongCounts } from './counts-form';
import type { PartProps } from './hotline-page';
import { SettingsForm } from './settings-form';

const counts = ['ring_at_once', 'ring_seconds', 'pause_seconds', 'longest_wait_seconds'] as const;

export function Ringing({ hotline, onSaved }: PartProps) {
  const say = hotlineWords.value.ringing;
  const strategy = useSignal<string>(hotline.strategy);
  const music = useSignal(hotline.music_url ?? '');
  const fields = {
    ring_at_once: useCount(hotline.ring_at_once),
    ring_seconds: useCount(hotline.ring_seconds),
    pause_seconds: useCount(hotline.pause_seconds),
    longest_wait_seconds: useCount(hotline.longest_wait_seconds),
  };
  const touched =
    strategy.value !== hotline.strategy ||
    music.value.trim() !== (hotline.music_url ?? '') ||
    counts.some((name) => fields[name].value.trim() !== String(hotline[name]));
  const shown = counts.filter((name) => name !== 'ring_at_once' || strategy.value === 'longest_idle');

  const save = () =>
    changeHotline(hotline.id, {
      strategy: strategy.value,
      ...Object.fromEntries(shown.map((name) => [name, countIn(fields[name])])),
      music_url: music.value.trim(),
    });

  return (
    <SettingsForm
      title={say.title}
      intro={say.intro}
      testId="ringing"
      fields={[...counts, 'music_url']}
      touched={touched}
      check={() => wrongCounts(shown, fields)}
      save={save}
      onSaved={onSaved}
    >
      {(wrong) => (
        <>
          <RadioField
            label={say.strategy}
            value={strategy}
            choices={strategies.map((value) => ({ value, label: say.strategies[value], explanation: say.strategyHints[value] }))}
            testId="strategy"
          />
          <div class="pair">
            {shown.map((name) => (
              <CountField key={name} name={name} text={fields[name]} words={say.counts[name]} wrong={wrong} />
            ))}
          </div>
          <TextField label={say.music} hint={say.musicHint} text={music} wrong={wrong['music_url']} exact testId="music-url" />
        </>
      )}
    </SettingsForm>
  );
}
