/** One call: what is known of it, who was rung, and its ladder. */
import { Status, type Mood } from '../../../parts/status';
import { readStory, type Line, type Round, type Rung, type Story } from '../../../server/call-log';
import { language } from '../../../words';
import { hotlineWords } from '../../../words/hotlines';
import { duration, exactMoment } from '../moments';
import { Shown, useReading } from '../remote';
import { languageName } from './language-names';
import { Ending } from './log';
import { Reveal } from './reveal';
import { askInWords, barOf, seconds, stepsOf } from './story-view';

export function StoryPage({ id }: { readonly id: string }) {
  const say = hotlineWords.value.story;
  const story = useReading(() => readStory(id), id, ['board']);
  return (
    <>
      <p>
        <a href="/admin/log">{say.back}</a>
      </p>
      <Shown reading={story}>{(held) => <Whole story={held} />}</Shown>
    </>
  );
}

function Whole({ story }: { readonly story: Story }) {
  const say = hotlineWords.value.story;
  const log = hotlineWords.value.log;
  const length = (value: number | null) => (value === null ? '–' : duration(value));
  const facts: readonly (readonly [string, string])[] = [
    [log.when, exactMoment(story.started_at, language.value)],
    [log.hotline, story.hotline.name],
    [log.language, story.language === null ? '–' : languageName(story.language, language.value)],
    [log.waited, length(story.waited_seconds)],
    [log.talked, length(story.talked_seconds)],
    [log.by, story.answered_by?.name ?? '–'],
    [log.outcome, story.outcome ?? '–'],
    ...(story.hangup_code === null ? [] : [[say.hangup, String(story.hangup_code)] as const]),
  ];
  return (
    <>
      <section class="card stack" aria-labelledby="story-title">
        <div class="row spread">
          <h2 id="story-title" data-testid="story-title">
            {story.label}
          </h2>
          <Ending call={story} />
        </div>
        <dl class="call-facts">
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt class="quiet small">{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        <div class="row">
          {story.repeat && <span class="quiet small">{hotlineWords.value.board.repeat}</span>}
          {story.hard && <span class="quiet small">{say.hard}</span>}
          <Reveal caller={story.caller_id} label={story.label} />
        </div>
      </section>
      <section class="card stack" aria-labelledby="ladder-title">
        <h2 id="ladder-title">{say.ladder}</h2>
        <p class="quiet">{say.ladderIntro}</p>
        {story.ladder.length === 0 && story.rounds.length === 0 ? <p class="quiet">{say.ladderNone}</p> : <Ladder story={story} />}
      </section>
    </>
  );
}

function Ladder({ story }: { readonly story: Story }) {
  const say = hotlineWords.value.story;
  return (
    <>
      <div class="ladder-head small strong" aria-hidden="true">
        <span>{say.time}</span>
        <span>Plivo</span>
        <span>{say.us}</span>
      </div>
      <ol class="ladder" data-testid="ladder">
        {stepsOf(story).map((step) =>
          step.kind === 'line' ? (
            <Asked key={`line ${step.line.seq}`} line={step.line} />
          ) : (
            <RoundStep key={`round ${step.round.step} ${step.round.half}`} round={step.round} />
          ),
        )}
      </ol>
    </>
  );
}

function When({ after, gap }: { readonly after: number; readonly gap: number | null }) {
  const say = hotlineWords.value.story;
  return (
    <span class="ladder-time numbers small">
      {say.seconds(seconds(after, language.value))}
      {gap !== null && gap > 0 && <span class="block quiet">{say.gap(seconds(gap, language.value))}</span>}
    </span>
  );
}

/** One question and its answer: an arrow there, an arrow back. */
function Asked({ line }: { readonly line: Line }) {
  const say = hotlineWords.value.story;
  const told = Object.entries(line.told);
  return (
    <li class="ladder-step">
      <When after={line.after_ms} gap={line.gap_ms} />
      <div class="ladder-rails">
        <div class="ladder-arrow there">
          <span class="strong">{askInWords(line.asked, say.asks)}</span>
          {told.length > 0 && (
            <span class="quiet small block">{told.map(([name, value]) => `${name} ${value}`).join(' · ')}</span>
          )}
        </div>
        <div class="ladder-arrow back">
          <span>{line.answered === '' ? say.nothing : line.answered}</span>
          {line.document !== null && (
            <details class="fold">
              <summary class="small">{say.xml}</summary>
              <pre class="document" tabIndex={0} aria-label={say.xml}>
                {line.document}
              </pre>
            </details>
          )}
        </div>
      </div>
    </li>
  );
}

const fateMoods: Readonly<Record<Rung['fate'], Mood>> = {
  answered: 'good', declined: 'warn', lost_race: 'quiet', not_reached: 'danger', no_answer: 'warn', stopped: 'quiet', ringing: 'warn',
};

function RoundStep({ round }: { readonly round: Round }) {
  const say = hotlineWords.value.story;
  return (
    <li class="ladder-step">
      <When after={round.after_ms} gap={null} />
      <div class="ladder-round">
        <p class="strong">{say.round(round.round, say.halves[round.half])}</p>
        {round.lasted_ms !== null && <p class="quiet small">{say.lasted(seconds(round.lasted_ms, language.value))}</p>}
        <ul>
          {round.rung.map((rung) => (
            <li key={`${rung.volunteer.id} ${rung.phone}`}>
              <Fate rung={rung} round={round} />
            </li>
          ))}
        </ul>
      </div>
    </li>
  );
}

function Fate({ rung, round }: { readonly rung: Rung; readonly round: Round }) {
  const say = hotlineWords.value.story;
  const { until, answered } = barOf(rung, round);
  const at = (ms: number | null, said: (seconds: string) => string) => (ms === null ? [] : [said(seconds(ms, language.value))]);
  const delays = [
    ...at(rung.heard_after_ms, say.heardAfter),
    ...at(rung.answered_after_ms, say.answeredAfter),
    ...at(rung.connected_after_ms, say.connectedAfter),
    ...at(rung.ended_after_ms, say.endedAfter),
    ...(rung.hangup_cause === null ? [] : [say.cause(rung.hangup_cause, rung.hangup_code)]),
  ];
  return (
    <div class="fate">
      <span>
        <span class="strong">{rung.volunteer.name || say.someone}</span>{' '}
        <span class="quiet small">{hotlineWords.value.whoRings.phones[rung.phone]}</span>
      </span>
      <svg class={`bar ${fateMoods[rung.fate]}`} viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
        <rect class="bar-ground" width="100" height="8" />
        <rect class="bar-fill" width={Math.max(1, until * 100)} height="8" />
        {answered !== null && <rect class="bar-mark" x={Math.min(98, answered * 100)} width="2" height="8" />}
      </svg>
      <Status mood={fateMoods[rung.fate]}>{say.fates[rung.fate]}</Status>
      {delays.length > 0 && <span class="quiet small">{delays.join(' · ')}</span>}
    </div>
  );
}
