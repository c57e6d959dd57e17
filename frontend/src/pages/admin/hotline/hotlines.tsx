/** The hotlines: a list of them, and the page of one. */
import { useSignal } from '@preact/signals';
import { Dialog } from '../../../parts/dialog';
import { ChoiceField, TextField, useWrongFocus } from '../../../parts/field';
import { Status } from '../../../parts/status';
import { DataTable, type Column } from '../../../parts/table';
import { go, path } from '../../../route';
import { createHotline, readHotlines, type Hotline } from '../../../server/hotlines';
import { language, words } from '../../../words';
import { hotlineWords } from '../../../words/hotlines';
import { showNumber } from '../checks';
import { SectionLink } from '../link';
import { readConnection } from '../overview';
import { Empty, Shown, useReading } from '../remote';
import { confirmed } from '../step-up';
import { HotlinePage } from './hotline-page';
import { languageName } from './language-names';
import { NumberTicks } from './number-ticks';
import { below, partAt, partPath } from './places';
import { refusalOf, type Wrong } from './settings-form';
import { likelyZone, zoneName, zonesWith } from './zones';

export function HotlinesSection() {
  const [id, part] = below(path.value);
  return id === undefined ? <HotlineList /> : <HotlinePage key={id} id={id} part={partAt(part)} />;
}

function HotlineList() {
  const say = hotlineWords.value.hotlines;
  const hotlines = useReading(readHotlines, 'hotlines', ['audit']);
  const making = useSignal(false);
  const columns: readonly Column<Hotline>[] = [
    {
      name: say.name,
      heads: true,
      draw: ({ id, name }) => (
        <a href={partPath(id, 'general')} data-testid={`hotline-${id}`}>
          {name}
        </a>
      ),
    },
    { name: say.state, draw: (hotline) => <HotlineState hotline={hotline} /> },
    { name: say.numbers, draw: ({ numbers }) => (numbers.length === 0 ? say.numbersNone : numbers.map(showNumber).join(', ')) },
    { name: say.languages, draw: (one) => one.languages.map((code) => languageName(code, language.value)).join(', ') },
    { name: say.members, draw: ({ members }) => <span class="numbers">{members.length}</span> },
  ];

  return (
    <section class="card stack">
      <div class="row spread">
        <p class="quiet">{say.intro}</p>
        <button type="button" class="button main" data-testid="hotline-new" onClick={() => (making.value = true)}>
          {say.create}
        </button>
      </div>
      <Shown reading={hotlines}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty what={say.none} hint={say.noneHint} />
          ) : (
            <DataTable caption={words.value.admin.hotlines.title} columns={columns} rows={items} keyOf={({ id }) => id} testId="hotlines-table" />
          )
        }
      </Shown>
      {making.value && <NewHotline onClose={() => (making.value = false)} />}
    </section>
  );
}

/** Open, closed by its hours, or closed by the switch. */
export function HotlineState({ hotline }: { readonly hotline: Pick<Hotline, 'closed' | 'open_now'> }) {
  const say = hotlineWords.value.hotlines;
  if (hotline.closed) return <Status mood="danger">{say.states.switched}</Status>;
  return hotline.open_now ? <Status mood="good">{say.states.open}</Status> : <Status mood="quiet">{say.states.hours}</Status>;
}

function NewHotline({ onClose }: { readonly onClose: () => void }) {
  const say = hotlineWords.value.hotlines;
  const name = useSignal('');
  const zone = useSignal(likelyZone());
  const numbers = useSignal<readonly string[]>([]);
  const connection = useReading(readConnection, 'connection');
  const wrong = useSignal<Wrong>({});
  const busy = useSignal(false);
  const form = useWrongFocus(wrong.value);

  async function send(): Promise<void> {
    if (busy.value) return;
    wrong.value = name.value.trim() === '' ? { name: say.nameMissing } : {};
    if (Object.keys(wrong.value).length > 0) return;
    busy.value = true;
    try {
      const made = await confirmed(() =>
        createHotline({ name: name.value.trim(), time_zone: zone.value, numbers: numbers.value }),
      );
      go(partPath(made.id, 'hours'));
    } catch (error) {
      wrong.value = refusalOf(error, ['name', 'time_zone', 'numbers']);
    } finally {
      busy.value = false;
    }
  }

  return (
    <Dialog title={say.create} onClose={onClose}>
      <Shown reading={connection}>
        {(held) =>
          held === null ? (
            <Empty what={say.noConnection} hint={say.noConnectionHint}>
              <SectionLink to="connection" look="button main">
                {words.value.admin.overview.healthConnect}
              </SectionLink>
            </Empty>
          ) : (
            <form
              ref={form}
              class="stack"
              noValidate
              onSubmit={(event) => {
                event.preventDefault();
                void send();
              }}
            >
              <TextField label={say.name} hint={say.nameHint} text={name} wrong={wrong.value['name']} first testId="hotline-name" />
              <ChoiceField
                label={say.zone}
                hint={say.zoneHint}
                value={zone}
                wrong={wrong.value['time_zone']}
                choices={zonesWith(zone.value).map((value) => ({ value, label: zoneName(value) }))}
                testId="hotline-zone"
              />
              <NumberTicks connection={held} chosen={numbers} wrong={wrong.value['numbers']} />
              <div role="alert">{wrong.value['all'] !== undefined && <p class="note danger">{wrong.value['all']}</p>}</div>
              <div class="row ends">
                <button type="button" class="button" onClick={onClose}>
                  {words.value.common.cancel}
                </button>
                <button class="button main" data-testid="hotline-create" aria-disabled={busy.value}>
                  {busy.value ? hotlineWords.value.parts.saving : say.createDeed}
                </button>
              </div>
            </form>
          )
        }
      </Shown>
    </Dialog>
  );
}
