/** The audit log, readable: who did what to whom, and when. */
import { useSignal } from '@preact/signals';
import { Pager } from '../../parts/pager';
import { DataTable, type Column } from '../../parts/table';
import { PAGE, readAudit, type AuditRow } from '../../server/admin';
import { language, words } from '../../words';
import { actionInWords, detailInWords } from './audit-words';
import { exactMoment } from './moments';
import { Empty, Shown, useReading } from './remote';

export function AuditSection() {
  const say = words.value.admin.audit;
  const offset = useSignal(0);
  const log = useReading(() => readAudit(offset.value), offset.value, ['audit']);

  const columns: readonly Column<AuditRow>[] = [
    {
      name: say.when,
      draw: ({ at }) => (
        <time class="numbers nowrap" dateTime={new Date(at).toISOString()}>
          {exactMoment(at, language.value)}
        </time>
      ),
    },
    { name: say.who, draw: (row) => row.actor },
    { name: say.what, heads: true, draw: (row) => actionInWords(row.action, say.actions) },
    { name: say.subject, draw: (row) => row.subject },
    { name: say.detail, draw: (row) => <Detail detail={row.detail} /> },
    { name: say.number, draw: (row) => <span class="quiet numbers">{row.seq}</span> },
  ];

  return (
    <section class="card stack">
      <p class="quiet">{say.intro}</p>
      <Shown reading={log}>
        {({ items, total }) =>
          total === 0 ? (
            <Empty what={say.none} hint={say.noneHint} />
          ) : (
            <>
              <DataTable caption={say.title} columns={columns} rows={items} keyOf={(row) => row.seq} testId="audit-table" />
              <Pager total={total} limit={PAGE} offset={offset.value} onTurn={(next) => (offset.value = next)} />
            </>
          )
        }
      </Shown>
    </section>
  );
}

function Detail({ detail }: { readonly detail: unknown }) {
  const facts = detailInWords(detail, words.value.admin.audit.details);
  if (facts.length === 0) return <span class="quiet">–</span>;
  return (
    <ul class="small">
      {facts.map(({ name, value }) => (
        <li key={name}>
          <span class="quiet">{name}:</span> {value}
        </li>
      ))}
    </ul>
  );
}
