/** Name and numbers of a hotline, the way its numbers lead at Plivo, and its end. */
import { useSignal } from '@preact/signals';
import { Confirm } from '../../../parts/confirm';
import { TextField } from '../../../parts/field';
import { Status } from '../../../parts/status';
import { tell } from '../../../parts/toast';
import { go } from '../../../route';
import { readConnections, type Connection } from '../../../server/admin';
import { changeHotline, prepareHotline, removeHotline, type Hotline, type PreparedHotline } from '../../../server/hotlines';
import { hotlineWords } from '../../../words/hotlines';
import { attempt } from '../deed';
import { Consequences } from '../overview';
import { Shown, useReading } from '../remote';
import type { PartProps } from './hotline-page';
import { NumberTicks } from './number-ticks';
import { SettingsForm } from './settings-form';

async function readConnectionOf({ connection_id: id }: Hotline): Promise<Connection | null> {
  return (await readConnections()).items.find((one) => one.id === id) ?? null;
}

export function General({ hotline, onSaved }: PartProps) {
  const say = hotlineWords.value.hotlines;
  const connection = useReading(() => readConnectionOf(hotline), hotline.connection_id);
  const name = useSignal(hotline.name);
  const numbers = useSignal<readonly string[]>(hotline.numbers);
  const touched = name.value.trim() !== hotline.name || numbers.value.join() !== hotline.numbers.join();

  return (
    <>
      <SettingsForm
        title={say.generalTitle}
        testId="general"
        fields={['name', 'numbers']}
        touched={touched}
        check={() => (name.value.trim() === '' ? { name: say.nameMissing } : {})}
        save={() => changeHotline(hotline.id, { name: name.value.trim(), numbers: numbers.value })}
        onSaved={onSaved}
      >
        {(wrong) => (
          <>
            <TextField label={say.name} hint={say.nameHint} text={name} wrong={wrong['name']} testId="hotline-name" />
            <Shown reading={connection}>
              {(held) => <NumberTicks connection={held} chosen={numbers} wrong={wrong['numbers']} />}
            </Shown>
          </>
        )}
      </SettingsForm>
      <Lead hotline={hotline} />
      <Removal hotline={hotline} />
    </>
  );
}

/** Has Plivo ask us about calls to the numbers. */
function Lead({ hotline }: { readonly hotline: Hotline }) {
  const say = hotlineWords.value.hotlines;
  const found = useSignal<PreparedHotline | null>(null);
  const busy = useSignal(false);

  async function prepare(): Promise<void> {
    if (busy.value) return;
    busy.value = true;
    found.value = await attempt(() => prepareHotline(hotline.id));
    busy.value = false;
  }

  return (
    <section class="card stack" aria-labelledby="lead-title">
      <h3 id="lead-title" class="card-title">
        {say.leadTitle}
      </h3>
      <p class="quiet">{hotline.numbers.length === 0 ? say.leadNoNumbers : say.leadIntro}</p>
      <div>
        <button
          type="button"
          class="button"
          disabled={hotline.numbers.length === 0}
          aria-disabled={busy.value}
          data-testid="hotline-prepare"
          onClick={() => void prepare()}
        >
          {busy.value ? say.leading : say.lead}
        </button>
      </div>
      <div role="status" class="stack tight">
        {found.value !== null && (
          <>
            <Status mood="good">{say.led(found.value.attached)}</Status>
            {found.value.missing > 0 && <Status mood="danger">{say.ledMissing(found.value.missing)}</Status>}
          </>
        )}
      </div>
    </section>
  );
}

function Removal({ hotline }: { readonly hotline: Hotline }) {
  const say = hotlineWords.value.hotlines;
  const asked = useSignal(false);

  async function remove(): Promise<void> {
    const done = await attempt(async () => {
      await removeHotline(hotline.id);
      return true;
    });
    asked.value = false;
    if (done === null) return;
    tell(say.removed(hotline.name));
    go('/admin/hotlines');
  }

  return (
    <section class="card stack" aria-labelledby="removal-title">
      <h3 id="removal-title" class="card-title">
        {say.removeTitle}
      </h3>
      <p class="quiet">{say.removeHint}</p>
      <button type="button" class="button outlined-danger" data-testid="hotline-remove" onClick={() => (asked.value = true)}>
        {say.remove}
      </button>
      {asked.value && (
        <Confirm title={say.removeAsk(hotline.name)} deed={say.remove} danger onYes={remove} onNo={() => (asked.value = false)}>
          <Consequences sentences={say.removeWhat} />
        </Confirm>
      )}
    </section>
  );
}
