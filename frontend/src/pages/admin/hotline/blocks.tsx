/** Who is blocked, why and until when: lengthened or lifted here. */
import { useSignal } from '@preact/signals';
import { Confirm } from '../../../parts/confirm';
import { Dialog } from '../../../parts/dialog';
import { TextField } from '../../../parts/field';
import { Pager } from '../../../parts/pager';
import { Status } from '../../../parts/status';
import { DataTable, type Column } from '../../../parts/table';
import { tell } from '../../../parts/toast';
import { PAGE } from '../../../server/admin';
import { lengthenBlock, liftBlock, readBlocks, type Block } from '../../../server/callers';
import { readHotlines } from '../../../server/hotlines';
import { sentence } from '../../../server/sentence';
import { language, words } from '../../../words';
import { hotlineWords } from '../../../words/hotlines';
import { attempt } from '../deed';
import { exactMoment } from '../moments';
import { Empty, Shown, useReading } from '../remote';
import { confirmed } from '../step-up';
import { readCount } from './counts';
import { Reveal } from './reveal';

/** A year, and a day for leap years, in hours: the server's own limit. */
const MOST_HOURS = 24 * 366;

type Open = { readonly kind: 'none' } | { readonly kind: 'lengthen' | 'lift'; readonly block: Block };

export function Blocks() {
  const say = hotlineWords.value.privacy;
  const offset = useSignal(0);
  const open = useSignal<Open>({ kind: 'none' });
  const blocks = useReading(() => readBlocks(offset.value), offset.value, ['audit', 'board']);
  const hotlines = useReading(readHotlines, 'hotlines');
  const names = new Map(hotlines.now.kind === 'here' ? hotlines.now.value.items.map(({ id, name }) => [id, name]) : []);
  const reasons: Readonly<Record<string, string>> = say.reasons;
  const close = () => (open.value = { kind: 'none' });

  async function lift(block: Block): Promise<void> {
    const lifted = await attempt(() => liftBlock(block.id));
    close();
    if (lifted === null) return;
    tell(say.lifted(block.caller.label));
    blocks.again();
  }

  const columns: readonly Column<Block>[] = [
    { name: say.caller, heads: true, draw: ({ caller }) => caller.label },
    { name: say.state, draw: (block) => <BlockState block={block} /> },
    { name: say.reason, draw: ({ reason }) => reasons[reason] ?? reason.replaceAll('_', ' ') },
    { name: say.hotline, draw: ({ hotline_id: id }) => names.get(id) ?? id },
    {
      name: say.by,
      draw: (block) => (
        <>
          {block.made_by?.name ?? '–'}
          <span class="quiet small block">{exactMoment(block.made_at, language.value)}</span>
        </>
      ),
    },
    {
      name: words.value.admin.parts.deeds,
      deeds: true,
      draw: (block) => (
        <div class="row ends">
          {block.in_force && (
            <>
              <button type="button" class="button small" data-testid="lengthen" onClick={() => (open.value = { kind: 'lengthen', block })}>
                {say.lengthen}
                <span class="only-heard"> {block.caller.label}</span>
              </button>
              <button type="button" class="button small" data-testid="lift" onClick={() => (open.value = { kind: 'lift', block })}>
                {say.lift}
                <span class="only-heard"> {block.caller.label}</span>
              </button>
            </>
          )}
          <Reveal caller={block.caller.id} label={block.caller.label} onForgotten={blocks.again} />
        </div>
      ),
    },
  ];

  return (
    <section class="card stack" aria-labelledby="blocks-title">
      <h2 id="blocks-title" class="card-title">
        {say.blocks}
      </h2>
      <p class="quiet">{say.blocksIntro}</p>
      <Shown reading={blocks}>
        {({ items, total }) =>
          items.length === 0 ? (
            <Empty what={say.blocksNone} hint={say.blocksNoneHint} />
          ) : (
            <>
              <DataTable caption={say.blocks} columns={columns} rows={items} keyOf={({ id }) => id} testId="blocks-table" />
              <Pager total={total} limit={PAGE} offset={offset.value} onTurn={(next) => (offset.value = next)} />
            </>
          )
        }
      </Shown>
      {open.value.kind === 'lift' && (
        <Confirm title={say.liftTitle(open.value.block.caller.label)} deed={say.lift} onYes={() => liftOf(open.value, lift)} onNo={close}>
          <p>{say.liftWhat}</p>
        </Confirm>
      )}
      {open.value.kind === 'lengthen' && <Lengthen block={open.value.block} onDone={blocks.again} onClose={close} />}
    </section>
  );
}

async function liftOf(open: Open, lift: (block: Block) => Promise<void>): Promise<void> {
  if (open.kind === 'lift') await lift(open.block);
}

function BlockState({ block }: { readonly block: Block }) {
  const say = hotlineWords.value.privacy;
  if (block.in_force) return <Status mood="warn">{say.until(exactMoment(block.until, language.value))}</Status>;
  const over = block.lifted_at === null ? say.over(exactMoment(block.until, language.value)) : say.liftedAt(exactMoment(block.lifted_at, language.value));
  return <Status mood="quiet">{over}</Status>;
}

interface LengthenProps {
  readonly block: Block;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

function Lengthen({ block, onDone, onClose }: LengthenProps) {
  const say = hotlineWords.value.privacy;
  const hours = useSignal('12');
  const wrong = useSignal<string | undefined>(undefined);

  async function send(): Promise<void> {
    const by = readCount(hours.value, [1, MOST_HOURS]);
    wrong.value = by === null ? hotlineWords.value.parts.range(1, MOST_HOURS) : undefined;
    if (by === null) return;
    try {
      const longer = await confirmed(() => lengthenBlock(block.id, by));
      tell(say.lengthened(block.caller.label, exactMoment(longer.until, language.value)));
      onDone();
      onClose();
    } catch (error) {
      wrong.value = sentence(error);
    }
  }

  return (
    <Dialog title={say.lengthenTitle(block.caller.label)} onClose={onClose}>
      <form
        class="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <p>{say.until(exactMoment(block.until, language.value))}</p>
        <TextField label={say.hours} hint={say.hoursHint} text={hours} wrong={wrong.value} inputMode="numeric" first testId="lengthen-hours" />
        <div class="row ends">
          <button type="button" class="button" onClick={onClose}>
            {words.value.common.cancel}
          </button>
          <button class="button main" data-testid="lengthen-deed">
            {say.lengthen}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
