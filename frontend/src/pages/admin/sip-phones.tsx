/** The SIP phones of everybody, how reading them at Plivo goes, and the comparison with what Plivo has. */
import { useSignal } from '@preact/signals';
import { Dialog } from '../../parts/dialog';
import { Pager } from '../../parts/pager';
import { Status } from '../../parts/status';
import { DataTable, type Column } from '../../parts/table';
import { tell } from '../../parts/toast';
import { PAGE } from '../../server/admin';
import { addPhoneFor, readAllPhones, type SipPhone, type Watch } from '../../server/phones';
import { language, words } from '../../words';
import { sipWords } from '../../words/sip';
import { standingOf } from '../phones/in-words';
import { PhoneFacts } from '../phones/phone-card';
import { AddDialog } from '../phones/phone-dialogs';
import '../phones/phones.css';
import { moment } from './moments';
import { Empty, Shown, useReading } from './remote';
import { CompareSection } from './sip-compare';
import { SipPhonePanel } from './sip-phone-panel';
import { Whose } from './sip-whose';

type Open = { readonly kind: 'none' } | { readonly kind: 'add' } | { readonly kind: 'phone'; readonly id: string };

export function SipPhonesSection() {
  const say = sipWords.value.admin;
  const offset = useSignal(0);
  const list = useReading(() => readAllPhones(offset.value, PAGE), offset.value, ['devices', 'audit']);
  const open = useSignal<Open>({ kind: 'none' });
  const close = () => (open.value = { kind: 'none' });

  const columns: readonly Column<SipPhone>[] = [
    {
      name: say.phone,
      heads: true,
      draw: (phone) => (
        <>
          {phone.label}
          <span class="quiet small block exact">{phone.username}</span>
        </>
      ),
    },
    { name: say.volunteer, draw: ({ volunteer }) => volunteer.name },
    { name: say.state, draw: (phone) => <PhoneState phone={phone} /> },
    { name: say.device, draw: ({ registration }) => registration.device ?? '–' },
    { name: say.until, draw: ({ registration }) => <span class="numbers">{time(registration.until)}</span> },
    {
      name: words.value.admin.parts.deeds,
      deeds: true,
      draw: ({ id, label, volunteer }) => (
        <button type="button" class="button small" aria-label={say.openOf(label, volunteer.name)} data-testid={`sip-open-${label}`} onClick={() => (open.value = { kind: 'phone', id })}>
          {say.open}
        </button>
      ),
    },
  ];

  function added(phone: SipPhone): void {
    tell(sipWords.value.add.added(phone.label));
    list.again();
    open.value = { kind: 'phone', id: phone.id };
  }

  return (
    <>
      <section class="card stack">
        <div class="row spread">
          <p class="quiet sip-intro">{say.intro}</p>
          <button type="button" class="button main" data-testid="sip-add" onClick={() => (open.value = { kind: 'add' })}>
            {say.add}
          </button>
        </div>
        <Shown reading={list}>
          {({ items, total, watch }) => (
            <>
              <Attention count={items.filter(needsAttention).length} />
              {total === 0 ? (
                <Empty what={say.none} hint={say.noneHint} />
              ) : (
                <DataTable caption={words.value.admin.sip.title} columns={columns} rows={items} keyOf={({ id }) => id} testId="sip-table" rowTestId={({ label }) => `sip-${label}`} />
              )}
              <Pager total={total} limit={PAGE} offset={offset.value} byTime={false} onTurn={(next) => (offset.value = next)} />
              {total > 0 && <Watches watch={watch} />}
              <Panel open={open.value} phones={items} onChanged={list.again} onClose={close} />
            </>
          )}
        </Shown>
      </section>
      <CompareSection onChanged={list.again} />
      {open.value.kind === 'add' && <AddFor onDone={added} onClose={close} />}
    </>
  );
}

/** True for a phone that will not ring until somebody does something. */
function needsAttention({ state, advice, problem }: SipPhone): boolean {
  return state === 'missing_at_plivo' || advice.length > 0 || problem !== null;
}

function Attention({ count }: { readonly count: number }) {
  return <div role="status">{count > 0 && <p class="note warn">{sipWords.value.admin.attention(count)}</p>}</div>;
}

function PhoneState({ phone }: { readonly phone: SipPhone }) {
  const say = sipWords.value.admin;
  const { mood, sentence } = standingOf(phone);
  const told = (code: string) => phone.advice.some((one) => one.code === code);
  return (
    <>
      <Status mood={mood}>{sentence}</Status>
      {told('refused_program') && <span class="small block"><Status mood="danger">{say.refused}</Status></span>}
      {told('not_registered_yet') && <span class="small block"><Status mood="warn">{say.followUp}</Status></span>}
    </>
  );
}

interface PanelProps {
  readonly open: Open;
  readonly phones: readonly SipPhone[];
  readonly onChanged: () => void;
  readonly onClose: () => void;
}

function Panel({ open, phones, onChanged, onClose }: PanelProps) {
  const phone = open.kind === 'phone' ? phones.find(({ id }) => id === open.id) : undefined;
  if (phone === undefined) return null;
  return (
    <Dialog key={phone.id} title={`${phone.label} · ${phone.volunteer.name}`} onClose={onClose} place="side" testId="sip-panel">
      {phone.state === 'being_removed' ? <PhoneFacts phone={phone} /> : <SipPhonePanel phone={phone} onChanged={onChanged} onClose={onClose} />}
    </Dialog>
  );
}

/** How looking at Plivo goes, for every connection. */
function Watches({ watch }: { readonly watch: readonly Watch[] }) {
  const say = sipWords.value.admin.watch;
  return (
    <div class="stack tight" data-testid="sip-watch">
      <h2 class="small">{say.title}</h2>
      {watch.map(({ connection, read_at, problem, next_at }) => (
        <div key={connection.id} class="small">
          <Status mood={problem !== null ? 'warn' : read_at === null ? 'quiet' : 'good'}>
            {`${connection.name}: ${problem !== null ? say.failed(sipWords.value.plivoSaid(problem)) : read_at === null ? say.notYet : say.good(time(read_at))}`}
          </Status>
          {problem !== null && (
            <p class="quiet">
              {read_at !== null && say.still(time(read_at))} {next_at !== null && say.next(time(next_at))}
            </p>
          )}
        </div>
      ))}
      {watch.length === 0 && <p class="small quiet">{say.notYet}</p>}
    </div>
  );
}

function time(at: number | null): string {
  return at === null ? '–' : moment(at, language.value, Date.now());
}

function AddFor({ onDone, onClose }: { readonly onDone: (phone: SipPhone) => void; readonly onClose: () => void }) {
  const say = sipWords.value.admin;
  const whose = useSignal('');
  return (
    <AddDialog
      title={say.add}
      check={() => (whose.value === '' ? say.whoseMissing : null)}
      onAdd={(label) => addPhoneFor(whose.value, label)}
      onDone={onDone}
      onClose={onClose}
    >
      <Whose whose={whose} />
    </AddDialog>
  );
}
