/** The log of hotline calls: filters, pages, a file, and the way to the story of each. */
import { signal, useSignal } from '@preact/signals';
import { Pager } from '../../../parts/pager';
import { ChoiceField, TextField } from '../../../parts/field';
import { Status, type Mood } from '../../../parts/status';
import { DataTable, type Column } from '../../../parts/table';
import { path } from '../../../route';
import { PAGE, readVolunteers } from '../../../server/admin';
import { endings, everything, exportPath, readLog, type LogFilter, type LoggedCall } from '../../../server/call-log';
import { readHotlines } from '../../../server/hotlines';
import { language, words } from '../../../words';
import { hotlineWords } from '../../../words/hotlines';
import { duration, exactMoment } from '../moments';
import { Empty, Shown, useReading } from '../remote';
import { DayField } from './day-field';
import { callerLanguages, languageName } from './language-names';
import { below, storyPath } from './places';
import { StoryPage } from './story';
import { zoneName } from './zones';

/** What is looked at: it outlives the look at one call. */
const looking = signal<{ readonly filter: LogFilter; readonly offset: number }>({ filter: everything, offset: 0 });

export function LogSection() {
  const [id] = below(path.value);
  return id === undefined ? <LogList /> : <StoryPage key={id} id={id} />;
}

function LogList() {
  const say = hotlineWords.value.log;
  const { filter, offset } = looking.value;
  const log = useReading(() => readLog(filter, offset), JSON.stringify(looking.value), ['board']);
  return (
    <div class="stack">
      <Filters />
      <section class="card stack" aria-label={words.value.admin.log.title}>
        <Shown reading={log}>
          {({ items, total, time_zone: zone }) => (
            <>
              <div class="row spread">
                <p role="status">
                  {say.found(total)} <span class="quiet small">{say.zone(zoneName(zone))}</span>
                </p>
                <a class="button small" href={exportPath(filter)} download data-testid="log-export">
                  {say.export}
                </a>
              </div>
              {items.length === 0 ? (
                <Empty what={say.none} hint={JSON.stringify(filter) === JSON.stringify(everything) ? say.noneHint : say.noneFiltered} />
              ) : (
                <DataTable caption={words.value.admin.log.title} columns={columns()} rows={items} keyOf={({ id }) => id} testId="log-table" />
              )}
              <Pager total={total} limit={PAGE} offset={offset} onTurn={(next) => (looking.value = { filter, offset: next })} />
            </>
          )}
        </Shown>
      </section>
    </div>
  );
}

const endingMoods: Readonly<Record<string, Mood>> = {
  answered: 'good', message: 'good', gave_up: 'warn', alternatives: 'warn', lost: 'danger', blocked: 'quiet', too_many: 'quiet',
};

/** How a call ended, or that it goes on. */
export function Ending({ call }: { readonly call: Pick<LoggedCall, 'ending'> }) {
  const say = hotlineWords.value.log;
  if (call.ending === null) return <Status mood="warn">{say.open}</Status>;
  return <Status mood={endingMoods[call.ending] ?? 'quiet'}>{say.endings[call.ending]}</Status>;
}

function columns(): readonly Column<LoggedCall>[] {
  const say = hotlineWords.value.log;
  const length = (seconds: number | null) => <span class="numbers">{seconds === null ? '–' : duration(seconds)}</span>;
  return [
    {
      name: say.when,
      heads: true,
      draw: ({ id, started_at: at }) => (
        <a href={storyPath(id)} data-testid="log-call">
          <time class="numbers" dateTime={new Date(at).toISOString()}>
            {exactMoment(at, language.value)}
          </time>
        </a>
      ),
    },
    {
      name: say.caller,
      draw: ({ label, repeat }) => (
        <>
          {label}
          {repeat && <span class="quiet small block">{hotlineWords.value.board.repeat}</span>}
        </>
      ),
    },
    {
      name: say.hotline,
      draw: (call) => (
        <>
          {call.hotline.name}
          {call.language !== null && <span class="quiet small block">{languageName(call.language, language.value)}</span>}
        </>
      ),
    },
    { name: say.ending, draw: (call) => <Ending call={call} /> },
    { name: say.waited, draw: (call) => length(call.waited_seconds) },
    { name: say.talked, draw: (call) => length(call.talked_seconds) },
    {
      name: say.by,
      draw: (call) => (
        <>
          {call.answered_by?.name ?? '–'}
          {call.outcome !== null && <span class="quiet small block">{call.outcome}</span>}
        </>
      ),
    },
  ];
}

function Filters() {
  const say = hotlineWords.value.log;
  const hotlines = useReading(readHotlines, 'hotlines');
  const volunteers = useReading(() => readVolunteers(0, 200), 'volunteers');
  const { filter } = looking.value;
  const fields = {
    hotline: useSignal(filter.hotline),
    ending: useSignal(filter.ending),
    language: useSignal(filter.language),
    volunteer: useSignal(filter.volunteer),
    from: useSignal(filter.from),
    to: useSignal(filter.to),
    label: useSignal(filter.label),
  };
  const any = { value: '', label: say.any };
  const listed = <T extends { readonly id: string; readonly name: string }>(items: readonly T[]) =>
    items.map(({ id, name }) => ({ value: id, label: name }));

  function look(chosen: LogFilter): void {
    looking.value = { filter: chosen, offset: 0 };
  }

  return (
    <form
      class="card stack"
      role="search"
      aria-label={say.filters}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const { hotline, ending, language: code, volunteer, from, to, label } = fields;
        look({
          hotline: hotline.value, ending: ending.value, language: code.value, volunteer: volunteer.value,
          from: from.value, to: to.value, label: label.value,
        });
      }}
    >
      <div class="filters">
        <ChoiceField
          label={say.hotline}
          value={fields.hotline}
          choices={[any, ...listed(hotlines.now.kind === 'here' ? hotlines.now.value.items : [])]}
          testId="log-hotline"
        />
        <ChoiceField
          label={say.ending}
          value={fields.ending}
          choices={[any, ...endings.map((value) => ({ value, label: say.endings[value] })), { value: 'open', label: say.open }]}
          testId="log-ending"
        />
        <ChoiceField
          label={say.language}
          value={fields.language}
          choices={[any, ...callerLanguages.map((code) => ({ value: code, label: languageName(code, language.value) }))]}
        />
        <ChoiceField
          label={say.by}
          value={fields.volunteer}
          choices={[any, ...listed(volunteers.now.kind === 'here' ? volunteers.now.value.items : [])]}
        />
        <DayField label={say.from} value={fields.from} />
        <DayField label={say.to} value={fields.to} />
        <TextField label={say.caller} hint={say.callerHint} text={fields.label} exact testId="log-label" />
      </div>
      <div class="row">
        <button class="button main" data-testid="log-filter">
          {say.filter}
        </button>
        <button
          type="button"
          class="button"
          onClick={() => {
            for (const field of Object.values(fields)) field.value = '';
            look(everything);
          }}
        >
          {say.clear}
        </button>
      </div>
    </form>
  );
}
