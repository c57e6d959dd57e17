/** Plivo's endpoints and ours, side by side: what is only on one side is adopted, made again or removed. */
import { useSignal } from '@preact/signals';
import { Confirm } from '../../parts/confirm';
import { Status } from '../../parts/status';
import { DataTable, type Column } from '../../parts/table';
import { tell } from '../../parts/toast';
import { adoptEndpoint, comparePhones, removeEndpoint, removePhone, type Compared, type SipPhone } from '../../server/phones';
import { sentence } from '../../server/sentence';
import { language, words } from '../../words';
import { sipWords } from '../../words/sip';
import { AddDialog } from '../phones/phone-dialogs';
import { attempt } from './deed';
import { moment } from './moments';
import { lead, RecreateDialog } from './sip-phone-panel';
import { Whose } from './sip-whose';

type Comparison = Awaited<ReturnType<typeof comparePhones>>;
type State =
  | { readonly kind: 'none' }
  | { readonly kind: 'asking'; readonly before: Comparison | null }
  | { readonly kind: 'failed'; readonly why: string }
  | { readonly kind: 'here'; readonly found: Comparison };
type Open = { readonly deed: 'none' } | { readonly deed: 'adopt' | 'remove' | 'recreate'; readonly one: Compared };

/** True for an endpoint about which somebody must decide. A browser's is made again by itself. */
function differs({ where, kind, application }: Compared): boolean {
  if (where === 'both') return kind === 'sip' && application !== 'ours';
  return where === 'only_at_plivo' || kind === 'sip';
}

const nameOf = ({ alias, username }: Compared) => alias || (username ?? sipWords.value.admin.compare.noAlias);

export function CompareSection({ onChanged }: { readonly onChanged: () => void }) {
  const say = sipWords.value.admin.compare;
  const state = useSignal<State>({ kind: 'none' });
  const all = useSignal(false);
  const open = useSignal<Open>({ deed: 'none' });
  const now = state.value;
  const found = now.kind === 'here' ? now.found : now.kind === 'asking' ? now.before : null;

  async function compare(): Promise<void> {
    if (state.value.kind === 'asking') return;
    state.value = { kind: 'asking', before: found };
    try {
      state.value = { kind: 'here', found: await comparePhones() };
    } catch (error) {
      state.value = { kind: 'failed', why: sentence(error) };
    }
  }

  function done(): void {
    onChanged();
    void compare();
  }

  const shown = found?.items.filter((one) => all.value || differs(one)) ?? [];
  const count = found?.items.filter(differs).length ?? 0;

  return (
    <section class="card stack" aria-labelledby="compare-title" data-testid="sip-compare">
      <h2 id="compare-title">{say.title}</h2>
      <div class="row spread">
        <p class="quiet sip-intro">{say.intro}</p>
        <button type="button" class="button" data-testid="compare" aria-disabled={now.kind === 'asking'} onClick={() => void compare()}>
          {now.kind === 'asking' ? say.asking : found === null ? say.deed : say.again}
        </button>
      </div>
      <div role="status" class="stack tight">
        {now.kind === 'failed' && <p class="note danger" data-testid="compare-failed">{now.why}</p>}
        {found !== null && (
          <>
            <p data-testid="compare-result">
              <Status mood={count === 0 ? 'good' : 'warn'}>{count === 0 ? say.same : say.differ(count)}</Status>
            </p>
            <p class="quiet small">{say.checked(moment(found.checked_at, language.value, Date.now()))}</p>
          </>
        )}
      </div>
      {found !== null && (
        <>
          <label class="tick">
            <input type="checkbox" checked={all.value} onChange={() => (all.value = !all.value)} />
            {say.all}
          </label>
          {shown.length > 0 && <ComparedTable rows={shown} onOpen={(next) => (open.value = next)} onDone={done} />}
        </>
      )}
      <Deed open={open.value} onDone={done} onClose={() => (open.value = { deed: 'none' })} />
    </section>
  );
}

interface TableProps {
  readonly rows: readonly Compared[];
  readonly onOpen: (open: Open) => void;
  readonly onDone: () => void;
}

function ComparedTable({ rows, onOpen, onDone }: TableProps) {
  const say = sipWords.value.admin;
  const columns: readonly Column<Compared>[] = [
    {
      name: say.compare.endpoint,
      heads: true,
      draw: (one) => (
        <>
          <span class="endpoint-name">{nameOf(one)}</span>
          <span class="quiet small block exact">{one.username}</span>
        </>
      ),
    },
    { name: say.compare.where, draw: (one) => <Where one={one} /> },
    { name: say.volunteer, draw: ({ volunteer }) => volunteer?.name ?? '–' },
    { name: say.compare.application, draw: ({ application }) => (application === null ? '–' : say.compare.applications[application]) },
    {
      name: say.compare.signedIn,
      draw: ({ registered, user_agent }) => (registered === null ? '–' : registered ? (user_agent ?? say.compare.yes) : say.compare.no),
    },
    { name: words.value.admin.parts.deeds, deeds: true, draw: (one) => <Deeds one={one} onOpen={onOpen} onDone={onDone} /> },
  ];
  return (
    <DataTable
      caption={say.compare.title}
      columns={columns}
      rows={rows}
      keyOf={({ plivo_id, phone, username }) => `${plivo_id} ${phone} ${username}`}
      testId="compare-table"
      rowTestId={(one) => `compare-${one.where}-${nameOf(one)}`}
    />
  );
}

function Where({ one }: { readonly one: Compared }) {
  const say = sipWords.value.admin.compare;
  return (
    <>
      <Status mood={differs(one) ? 'warn' : one.where === 'both' ? 'good' : 'quiet'}>{say.wheres[one.where] ?? one.where}</Status>
      {one.kind !== null && <span class="quiet small block">{say.kinds[one.kind]}</span>}
      {one.where === 'only_here' && one.kind === 'browser' && <span class="quiet small block">{say.browserHint}</span>}
    </>
  );
}

/** What may be done about it. */
function Deeds({ one, onOpen, onDone }: { readonly one: Compared } & Omit<TableProps, 'rows'>) {
  const say = sipWords.value.admin;
  const name = nameOf(one);
  const { phone } = one;
  if (one.where === 'only_at_plivo') {
    return (
      <div class="row ends">
        <button type="button" class="button small" aria-label={say.compare.adoptOf(name)} data-testid="adopt" onClick={() => onOpen({ deed: 'adopt', one })}>
          {say.compare.adopt}
        </button>
        <button type="button" class="button small" aria-label={say.compare.removeOf(name)} data-testid="remove-at-plivo" onClick={() => onOpen({ deed: 'remove', one })}>
          {say.compare.remove}
        </button>
      </div>
    );
  }
  if (phone === null) return null;
  if (one.where === 'only_here') {
    return (
      <div class="row ends">
        <button type="button" class="button small" aria-label={`${say.recreate}: ${name}`} data-testid="recreate" onClick={() => onOpen({ deed: 'recreate', one })}>
          {say.recreate}
        </button>
        <button type="button" class="button small" aria-label={sipWords.value.phone.removeOf(name)} data-testid="remove-here" onClick={() => onOpen({ deed: 'remove', one })}>
          {sipWords.value.phone.remove}
        </button>
      </div>
    );
  }
  return one.application === 'ours' ? null : (
    <button type="button" class="button small" aria-label={`${say.move}: ${name}`} data-testid="move" onClick={() => void lead({ id: phone }, onDone)}>
      {say.move}
    </button>
  );
}

function Deed({ open, onDone, onClose }: { readonly open: Open; readonly onDone: () => void; readonly onClose: () => void }) {
  if (open.deed === 'none') return null;
  const { deed, one } = open;
  const { phone } = one;
  switch (deed) {
    case 'adopt':
      return <AdoptDialog one={one} onDone={onDone} onClose={onClose} />;
    case 'remove':
      return <RemoveDialog one={one} onDone={onDone} onClose={onClose} />;
    case 'recreate':
      return phone === null ? null : <RecreateDialog phone={{ id: phone, label: nameOf(one) }} onDone={onDone} onClose={onClose} />;
    default:
      return deed satisfies never;
  }
}

interface DeedProps {
  readonly one: Compared;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

function AdoptDialog({ one, onDone, onClose }: DeedProps) {
  const say = sipWords.value.admin;
  const whose = useSignal('');
  const { plivo_id } = one;

  function adopted(phone: SipPhone): void {
    tell(say.compare.adopted(phone.label));
    onDone();
    onClose();
  }

  return plivo_id === null ? null : (
    <AddDialog
      title={say.compare.adoptTitle(nameOf(one))}
      deed={say.compare.adopt}
      label={one.alias}
      check={() => (whose.value === '' ? say.whoseMissing : null)}
      onAdd={(label) => adoptEndpoint(plivo_id, whose.value, label)}
      onDone={adopted}
      onClose={onClose}
    >
      <p class="note warn">{say.compare.adoptWhat}</p>
      <Whose whose={whose} />
    </AddDialog>
  );
}

/** Removes a stranger at Plivo, or a phone of ours that Plivo has not. */
function RemoveDialog({ one, onDone, onClose }: DeedProps) {
  const say = sipWords.value;
  const name = nameOf(one);
  const { phone, plivo_id } = one;
  const stranger = one.where === 'only_at_plivo';

  async function remove(): Promise<void> {
    const removed = await attempt(async () => {
      if (stranger && plivo_id !== null) await removeEndpoint(plivo_id);
      if (!stranger && phone !== null) await removePhone('/api/admin/phones', phone);
      return true;
    });
    if (removed !== null) tell(stranger ? say.admin.compare.removed(name) : say.phone.removed(name));
    onDone();
    onClose();
  }

  return (
    <Confirm
      title={stranger ? say.admin.compare.removeTitle(name) : say.phone.removeTitle(name)}
      deed={stranger ? say.admin.compare.remove : say.phone.remove}
      danger
      onYes={remove}
      onNo={onClose}
    >
      <p>{stranger ? say.admin.compare.removeWhat : say.phone.removeWhat}</p>
    </Confirm>
  );
}
