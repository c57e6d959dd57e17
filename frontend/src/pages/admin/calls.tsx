/** Every call, with what came of it. Numbers are shortened by the server. */
import { useSignal } from '@preact/signals';
import { Pager } from '../../parts/pager';
import { Status, type Mood } from '../../parts/status';
import { DataTable, type Column } from '../../parts/table';
import { PAGE, readCalls, type AdminCall } from '../../server/admin';
import { language, words } from '../../words';
import { duration, exactMoment } from './moments';
import { Empty, Shown, useReading } from './remote';

export function CallsSection() {
  const say = words.value.admin.calls;
  const offset = useSignal(0);
  const calls = useReading(() => readCalls(offset.value), offset.value, ['calls']);

  const columns: readonly Column<AdminCall>[] = [
    {
      name: say.when,
      heads: true,
      draw: ({ started_at: at }) =>
        at === null ? '–' : <time class="numbers" dateTime={new Date(at).toISOString()}>{exactMoment(at, language.value)}</time>,
    },
    { name: say.who, draw: (call) => call.volunteer?.name ?? '–' },
    { name: say.way, draw: (call) => say.ways[call.direction] },
    { name: say.peer, draw: peerInWords },
    { name: say.result, draw: (call) => <Result call={call} /> },
    {
      name: say.length,
      draw: ({ seconds }) => <span class="numbers">{seconds === null ? '–' : duration(seconds)}</span>,
    },
  ];

  return (
    <section class="card">
      <Shown reading={calls}>
        {({ items, total }) =>
          total === 0 ? (
            <Empty what={say.none} hint={say.noneHint} />
          ) : (
            <>
              <DataTable caption={say.title} columns={columns} rows={items} keyOf={(call) => call.id} testId="calls-table" />
              <Pager total={total} limit={PAGE} offset={offset.value} onTurn={(next) => (offset.value = next)} />
            </>
          )
        }
      </Shown>
    </section>
  );
}

/** A colleague by name and extension, anybody else by the last digits. */
export function peerInWords({ peer }: Pick<AdminCall, 'peer'>): string {
  const say = words.value.admin.calls;
  const extension = peer.extension === null ? '' : ` (${say.extension(peer.extension)})`;
  return peer.name === null ? (peer.masked ?? say.unknown) : `${peer.name}${extension}`;
}

function Result({ call }: { readonly call: AdminCall }) {
  const say = words.value.admin.calls;
  if (call.state === 'ringing') return <Status mood="warn">{say.ringing}</Status>;
  if (call.state === 'answered') return <Status mood="good">{say.talking}</Status>;
  const outcome = call.outcome ?? (call.state === 'refused' ? 'refused' : null);
  const known: Readonly<Record<string, string>> = say.results;
  const refused = call.reason === null ? undefined : words.value.phone.refusals[call.reason];
  const why = refused ?? call.message;
  const moods: Readonly<Record<string, Mood>> = { answered: 'good', failed: 'danger', refused: 'danger' };
  return (
    <>
      <Status mood={moods[outcome ?? ''] ?? 'quiet'}>{(outcome === null ? say.over : known[outcome]) ?? say.over}</Status>
      {why !== null && <span class="quiet small block">{why}</span>}
    </>
  );
}
