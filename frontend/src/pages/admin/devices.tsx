/** Who is on which device since when: the newest registration of every endpoint, and the history behind it. */
import { useSignal } from '@preact/signals';
import { Dialog } from '../../parts/dialog';
import { Pager } from '../../parts/pager';
import { Status } from '../../parts/status';
import { DataTable, type Column } from '../../parts/table';
import { PAGE, readDevices, readHistory, type DeviceRow } from '../../server/admin';
import { language, words } from '../../words';
import { exactMoment, moment } from './moments';
import { Empty, Shown, useReading } from './remote';

export function DevicesSection() {
  const say = words.value.admin.devices;
  const devices = useReading(() => readDevices(), 'devices', ['devices']);
  const open = useSignal<DeviceRow | null>(null);

  const columns: readonly Column<DeviceRow>[] = [
    { name: say.volunteer, heads: true, draw: (row) => row.volunteer.name },
    { name: say.state, draw: (row) => <DeviceState row={row} /> },
    { name: say.device, draw: (row) => row.device.label },
    { name: say.since, draw: (row) => <Moment at={row.registered_at} /> },
    { name: say.until, draw: (row) => (row.ended_at === null ? <Moment at={row.expires_at} /> : '–') },
    {
      name: words.value.admin.parts.deeds,
      deeds: true,
      draw: (row) => (
        <button type="button" class="button small" onClick={() => (open.value = row)}>
          {say.history}
          <span class="only-heard"> {row.volunteer.name}</span>
        </button>
      ),
    },
  ];

  return (
    <section class="card stack">
      <p class="quiet">{say.intro}</p>
      <Shown reading={devices}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty what={say.none} hint={say.noneHint} />
          ) : (
            <DataTable
              caption={say.title}
              columns={columns}
              rows={items}
              keyOf={(row) => row.endpoint.id}
              testId="devices-table"
            />
          )
        }
      </Shown>
      {open.value !== null && <History row={open.value} onClose={() => (open.value = null)} />}
    </section>
  );
}

function Moment({ at }: { readonly at: number }) {
  return (
    <time class="numbers" dateTime={new Date(at).toISOString()}>
      {moment(at, language.value, Date.now())}
    </time>
  );
}

/** The one thing that is true about this device now. */
export function DeviceState({ row }: { readonly row: DeviceRow }) {
  const say = words.value.admin.devices;
  if (row.ended_at !== null) return <Status mood="quiet">{say.ended(reasonInWords(row.end_reason))}</Status>;
  return row.reachable ? <Status mood="good">{say.reachable}</Status> : <Status mood="warn">{say.expired}</Status>;
}

function reasonInWords(code: string | null): string {
  const say = words.value.admin.devices;
  const known: Readonly<Record<string, string>> = say.reasons;
  return code === null ? '–' : (known[code] ?? say.unknownReason(code));
}

function History({ row, onClose }: { readonly row: DeviceRow; readonly onClose: () => void }) {
  const say = words.value.admin.devices;
  const offset = useSignal(0);
  const history = useReading(() => readHistory(row.endpoint.id, offset.value), offset.value, ['devices']);

  return (
    <Dialog title={say.historyOf(row.volunteer.name)} onClose={onClose} place="side" testId="device-history">
      {row.endpoint.username !== null && (
        <p class="small quiet">
          {say.endpoint}: <span class="exact">{row.endpoint.username}</span>
        </p>
      )}
      <Shown reading={history}>
        {({ items, total }) =>
          items.length === 0 ? (
            <Empty what={say.historyNone} hint="" />
          ) : (
            <>
              <ol class="history">
                {items.map((past) => (
                  <li key={`${past.device.id} ${past.registered_at}`}>
                    <p class="row spread">
                      <span class="strong">{past.device.label}</span>
                      <DeviceState row={past} />
                    </p>
                    <p class="small quiet numbers">
                      {exactMoment(past.registered_at, language.value)} –{' '}
                      {exactMoment(past.ended_at ?? past.expires_at, language.value)}
                    </p>
                  </li>
                ))}
              </ol>
              <Pager total={total} limit={PAGE} offset={offset.value} onTurn={(next) => (offset.value = next)} />
            </>
          )
        }
      </Shown>
    </Dialog>
  );
}
