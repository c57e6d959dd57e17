/** Plain charts: calls by hour and weekday, waiting times, the share that was answered. Each is a table too. */
import { signal, useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { ChoiceField } from '../../../parts/field';
import { DataTable } from '../../../parts/table';
import { readFigures, type Figures } from '../../../server/call-log';
import { readHotlines } from '../../../server/hotlines';
import { language } from '../../../words';
import { hotlineWords } from '../../../words/hotlines';
import { duration } from '../moments';
import { Empty, Shown, useReading } from '../remote';
import { busiest, columnsOf, linesOf, shadesOf } from './charts-view';
import { DayField } from './day-field';
import { dayName } from './hours';
import { weekdays } from './hours-draft';
import { zoneName } from './zones';

const chosen = signal({ hotline: '', from: '', to: '' });

export function ChartsSection() {
  const say = hotlineWords.value.charts;
  const hotlines = useReading(readHotlines, 'hotlines');
  const figures = useReading(() => readFigures(chosen.value), JSON.stringify(chosen.value));
  const fields = { hotline: useSignal(chosen.value.hotline), from: useSignal(chosen.value.from), to: useSignal(chosen.value.to) };
  const known = hotlines.now.kind === 'here' ? hotlines.now.value.items : [];
  return (
    <div class="stack">
      <form
        class="card stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          chosen.value = { hotline: fields.hotline.value, from: fields.from.value, to: fields.to.value };
        }}
      >
        <div class="filters">
          <ChoiceField
            label={say.hotline}
            value={fields.hotline}
            choices={[{ value: '', label: say.all }, ...known.map(({ id, name }) => ({ value: id, label: name }))]}
          />
          <DayField label={say.from} value={fields.from} />
          <DayField label={say.to} value={fields.to} />
        </div>
        <div class="row">
          <button class="button main">{say.show}</button>
          <span class="quiet small">{say.defaultDays}</span>
        </div>
      </form>
      <Shown reading={figures}>{(held) => <Whole figures={held} />}</Shown>
    </div>
  );
}

function percent(share: number | null): string {
  return share === null ? '–' : new Intl.NumberFormat(language.value, { style: 'percent', maximumFractionDigits: 0 }).format(share);
}

function day(date: string): string {
  return new Intl.DateTimeFormat(language.value, { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(Date.parse(date));
}

function Whole({ figures }: { readonly figures: Figures }) {
  const say = hotlineWords.value.charts;
  if (figures.calls === 0) {
    return (
      <section class="card">
        <Empty what={say.none} hint={say.noneHint(day(figures.from), day(figures.to))} />
      </section>
    );
  }
  return (
    <>
      <section class="card stack" aria-labelledby="sum-title">
        <h2 id="sum-title">{say.sum(day(figures.from), day(figures.to))}</h2>
        <p>
          {say.summary(figures.calls, figures.answered, percent(figures.share_answered))}{' '}
          <span class="quiet small">{say.zone(zoneName(figures.time_zone))}</span>
        </p>
      </section>
      <Heat figures={figures} />
      <Waits figures={figures} />
      <Shares figures={figures} />
    </>
  );
}

function Heat({ figures }: { readonly figures: Figures }) {
  const say = hotlineWords.value.charts;
  const week = figures.hours_of_week;
  const shades = shadesOf(week);
  const top = busiest(week);
  return (
    <section class="card stack" aria-labelledby="heat-title">
      <h2 id="heat-title">{say.heat}</h2>
      {top !== null && <p class="quiet">{say.busiest(dayName(top.weekday, language.value), top.hour)}</p>}
      <table class="heat" data-testid="heat">
        <caption class="only-heard">{say.heat}</caption>
        <thead>
          <tr>
            <th scope="col">{say.hour}</th>
            {weekdays.map((weekday) => (
              <th key={weekday} scope="col">
                <abbr title={dayName(weekday, language.value)}>{dayName(weekday, language.value, 'short')}</abbr>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {Array.from({ length: 24 }, (_, hour) => (
            <tr key={hour}>
              <th scope="row" class="numbers">
                {hour}
              </th>
              {weekdays.map((weekday) => (
                <td key={weekday} class={`heat-${shades[weekday]?.[hour] ?? 0} numbers`}>
                  <Count count={week[weekday]?.[hour] ?? 0} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Where nobody called the eye finds nothing to read. */
function Count({ count }: { readonly count: number }) {
  return count === 0 ? <span class="only-heard">0</span> : <>{count}</>;
}

/** The numbers behind a drawing, for whoever cannot see it or wants them exactly. */
function AsTable({ children }: { readonly children: ComponentChildren }) {
  return (
    <details class="fold">
      <summary>{hotlineWords.value.charts.asTable}</summary>
      {children}
    </details>
  );
}

function Waits({ figures }: { readonly figures: Figures }) {
  const say = hotlineWords.value.charts;
  const { buckets, median_seconds: median, p90_seconds: most, longest_seconds: longest } = figures.waiting;
  const drawn = columnsOf(buckets);
  const name = ({ from_seconds: from, to_seconds: to }: (typeof buckets)[number]) =>
    to === null ? say.andMore(duration(from)) : say.bucket(duration(from), duration(to));
  const seconds = (value: number | null) => (value === null ? '–' : duration(value));
  const summary = say.waitSummary(seconds(median), seconds(most), seconds(longest));
  return (
    <section class="card stack" aria-labelledby="waits-title">
      <h2 id="waits-title">{say.waits}</h2>
      <p class="quiet">{summary}</p>
      <div class="columns" role="img" aria-label={`${say.waits}. ${summary}`} data-testid="waits">
        {drawn.map(({ height, part }, at) => {
          const bucket = buckets[at];
          if (bucket === undefined) return null;
          return (
            <div key={bucket.from_seconds} class="column">
              <span class="small numbers">{bucket.calls}</span>
              <svg viewBox="0 0 10 100" preserveAspectRatio="none" aria-hidden="true">
                <rect class="column-all" x="0" width="10" y={100 - height * 100} height={height * 100} />
                <rect class="column-part" x="0" width="10" y={100 - part * 100} height={part * 100} />
              </svg>
              <span class="small quiet">{name(bucket)}</span>
            </div>
          );
        })}
      </div>
      <p class="small legend">
        <span class="legend-part" aria-hidden="true" /> {say.answered} <span class="legend-all" aria-hidden="true" /> {say.notAnswered}
      </p>
      <AsTable>
        <DataTable
          caption={say.waits}
          columns={[
            { name: say.waited, heads: true, draw: name },
            { name: say.calls, draw: (one) => one.calls },
            { name: say.answered, draw: (one) => one.answered },
          ]}
          rows={buckets}
          keyOf={(one) => one.from_seconds}
        />
      </AsTable>
    </section>
  );
}

function Shares({ figures }: { readonly figures: Figures }) {
  const say = hotlineWords.value.charts;
  const days = figures.by_day;
  const summary = say.shareSummary(percent(figures.share_answered));
  return (
    <section class="card stack" aria-labelledby="shares-title">
      <h2 id="shares-title">{say.shares}</h2>
      <p class="quiet">{summary}</p>
      <div class="line-chart">
        <div class="axis small quiet numbers" aria-hidden="true">
          <span>{percent(1)}</span>
          <span>{percent(0.5)}</span>
          <span>{percent(0)}</span>
        </div>
        <svg viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label={`${say.shares}. ${summary}`} data-testid="shares">
          {[0, 50, 100].map((y) => (
            <line key={y} class="grid" x1="0" x2="100" y1={y} y2={y} />
          ))}
          {linesOf(days).map((line) => (
            <polyline
              key={line[0]?.x}
              class="share-line"
              points={line.map(({ x, y }) => `${x * 100},${100 - y * 100}`).join(' ')}
            />
          ))}
          {linesOf(days).flatMap((line) =>
            line.map(({ x, y }) => <line key={x} class="share-dot" x1={x * 100} x2={x * 100} y1={100 - y * 100} y2={100 - y * 100} />),
          )}
        </svg>
        <div class="axis-below row spread small quiet" aria-hidden="true">
          <span>{day(figures.from)}</span>
          <span>{day(figures.to)}</span>
        </div>
      </div>
      <AsTable>
        <DataTable
          caption={say.shares}
          columns={[
            { name: say.day, heads: true, draw: (one) => day(one.date) },
            { name: say.calls, draw: (one) => one.calls },
            { name: say.answered, draw: (one) => one.answered },
            { name: say.missed, draw: (one) => one.missed },
            { name: say.messages, draw: (one) => one.voicemail },
            { name: say.share, draw: (one) => percent(one.share_answered) },
          ]}
          rows={days.filter(({ calls }) => calls > 0)}
          keyOf={(one) => one.date}
        />
      </AsTable>
    </section>
  );
}
