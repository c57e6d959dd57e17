/** The live board: callers, volunteers, today's figures, and what is wrong. It follows what happens by itself. */
import { useSignal } from '@preact/signals';
import { ChoiceField } from '../../../parts/field';
import { Status, type Mood } from '../../../parts/status';
import { DataTable, type Column } from '../../../parts/table';
import { readBoard, type Board, type BoardHotline, type LiveCall, type Today } from '../../../server/board';
import { readHotlines } from '../../../server/hotlines';
import { language } from '../../../words';
import { hotlineWords } from '../../../words/hotlines';
import { duration, moment } from '../moments';
import { Empty, Shown, useReading } from '../remote';
import { callsInOrder, counted } from './board-view';
import { BoardVolunteers } from './board-volunteers';
import { languageName } from './language-names';
import { useNow } from './now';
import { partPath, storyPath } from './places';
import { decisionInWords } from './who-rings';

/** A board, and how far the server's clock was ahead of ours when it came, in milliseconds. */
interface Timed {
  readonly board: Board;
  readonly ahead: number;
}

async function readTimed(hotline: string): Promise<Timed> {
  const board = await readBoard(hotline);
  return { board, ahead: board.at - Date.now() };
}

export function BoardSection() {
  const say = hotlineWords.value.board;
  const hotline = useSignal('');
  const hotlines = useReading(readHotlines, 'hotlines', ['audit']);
  const board = useReading(() => readTimed(hotline.value), hotline.value, ['board', 'devices']);
  const known = hotlines.now.kind === 'here' ? hotlines.now.value.items : [];

  return (
    <div class="stack" data-testid="board">
      {known.length > 1 && (
        <ChoiceField
          label={say.hotline}
          value={hotline}
          choices={[{ value: '', label: say.all }, ...known.map(({ id, name }) => ({ value: id, label: name }))]}
          testId="board-hotline"
        />
      )}
      <Shown reading={board}>{(timed) => <Whole {...timed} />}</Shown>
    </div>
  );
}

function Whole({ board, ahead }: Timed) {
  const say = hotlineWords.value.board;
  if (board.hotlines.length === 0) {
    return (
      <section class="card">
        <Empty what={say.noHotline} hint={say.noHotlineHint}>
          <a class="button main" href="/admin/hotlines">
            {say.toHotlines}
          </a>
        </Empty>
      </section>
    );
  }
  const { waiting, ringing, talking, message } = counted(board.calls);
  return (
    <>
      <Alerts board={board} />
      <section class="card stack" aria-labelledby="live-title">
        <h2 id="live-title">{say.live}</h2>
        <p role="status" data-testid="board-summary">
          {say.summary(waiting, ringing, talking, message)}
        </p>
        {board.calls.length === 0 ? <p class="quiet">{say.noCalls}</p> : <Calls calls={callsInOrder(board.calls)} ahead={ahead} />}
      </section>
      <section class="card stack" aria-labelledby="today-title">
        <h2 id="today-title">{say.today}</h2>
        <TodayFigures today={board.today} />
      </section>
      <section class="card stack" aria-labelledby="shifts-title">
        <h2 id="shifts-title">{say.shifts}</h2>
        <ul class="people">
          {board.hotlines.map((one) => (
            <li key={one.id}>
              <Shift hotline={one} />
            </li>
          ))}
        </ul>
      </section>
      <section class="card stack" aria-labelledby="there-title">
        <h2 id="there-title">{say.volunteers}</h2>
        <BoardVolunteers volunteers={board.volunteers} calls={board.calls} />
      </section>
    </>
  );
}

function Alerts({ board }: { readonly board: Board }) {
  const say = hotlineWords.value.board;
  const open = board.alerts.filter(({ ended_at: ended }) => ended === null);
  return (
    <div role="alert" class="stack tight" data-testid="board-alerts">
      {open.map((one) => (
        <p key={one.id} class={one.kind === 'empty_shift' ? 'note danger' : 'note warn'}>
          <span class="strong">{one.hotline.name}:</span> {say.alerts[one.kind]}{' '}
          <span class="small">{say.since(moment(one.began_at, language.value, Date.now()))}</span>{' '}
          <a href={partPath(one.hotline.id, 'who-rings')}>{say.why}</a>
        </p>
      ))}
    </div>
  );
}

const callMoods: Readonly<Record<LiveCall['state'], Mood>> = {
  proving: 'quiet', menu: 'quiet', waiting: 'warn', ringing: 'warn', talking: 'good', message: 'quiet',
};

function Calls({ calls, ahead }: { readonly calls: readonly LiveCall[]; readonly ahead: number }) {
  const say = hotlineWords.value.board;
  const now = useNow() + ahead;
  const ticking = (since: number) => <span class="numbers">{duration((now - since) / 1000)}</span>;
  const columns: readonly Column<LiveCall>[] = [
    {
      name: say.caller,
      heads: true,
      draw: (call) => (
        <>
          <a href={storyPath(call.id)}>{call.label}</a>
          {call.repeat && <span class="quiet small block">{say.repeat}</span>}
        </>
      ),
    },
    { name: say.state, draw: (call) => <Status mood={callMoods[call.state]}>{say.states[call.state]}</Status> },
    { name: say.for, draw: (call) => ticking(call.since) },
    { name: say.waits, draw: (call) => (call.state === 'talking' ? '–' : ticking(call.waiting_since)) },
    { name: say.with, draw: (call) => <With call={call} /> },
    {
      name: say.hotline,
      draw: (call) => (
        <>
          {call.hotline.name}
          {call.language !== null && <span class="quiet small block">{languageName(call.language, language.value)}</span>}
        </>
      ),
    },
  ];
  return <DataTable caption={say.live} columns={columns} rows={calls} keyOf={({ id }) => id} testId="board-calls" />;
}

function With({ call }: { readonly call: LiveCall }) {
  const say = hotlineWords.value.board;
  if (call.with.length === 0) return <>–</>;
  return (
    <ul>
      {call.with.map((one) => (
        <li key={`${one.id} ${one.phone}`}>
          {one.name}
          {one.phone !== null && <span class="quiet small"> · {hotlineWords.value.whoRings.phones[one.phone]}</span>}
          {call.state === 'ringing' && one.heard === true && <span class="quiet small"> · {say.heard}</span>}
        </li>
      ))}
    </ul>
  );
}

function TodayFigures({ today }: { readonly today: Today }) {
  const say = hotlineWords.value.board;
  const seconds = (value: number | null) => (value === null ? '–' : duration(value));
  const figures: readonly (readonly [string, string])[] = [
    [say.figures.answered, String(today.answered)],
    [say.figures.missed, String(today.missed)],
    [say.figures.voicemail, String(today.voicemail)],
    [say.figures.turnedAway, String(today.turned_away)],
    [say.figures.median, seconds(today.median_wait_seconds)],
    [say.figures.longest, seconds(today.longest_wait_seconds)],
  ];
  return (
    <dl class="figures" data-testid="board-today">
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt class="quiet small">{name}</dt>
          <dd class="numbers">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Shift({ hotline }: { readonly hotline: BoardHotline }) {
  const say = hotlineWords.value.board;
  const rings = hotline.decision.kind === 'ring';
  const busy = hotline.decision.kind === 'pause';
  const mood: Mood = !hotline.open ? 'quiet' : busy || (rings && hotline.doubtful > 0) ? 'warn' : rings ? 'good' : 'danger';
  return (
    <div class="stack tight">
      <Status mood={mood}>{hotline.name}</Status>
      <span>{decisionInWords(hotline.decision, hotline.would_ring)}</span>
      {hotline.doubtful > 0 && <span class="small">{say.doubtful(hotline.doubtful)}</span>}
      <a class="small" href={partPath(hotline.id, 'who-rings')}>
        {say.why}
      </a>
    </div>
  );
}
