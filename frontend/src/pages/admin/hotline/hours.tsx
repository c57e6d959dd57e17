/** When a hotline is open: the week, its time zone, and holidays. */
import { useSignal, type Signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { ChoiceField, RadioField } from '../../../parts/field';
import { changeHotline, type Holiday } from '../../../server/hotlines';
import { language } from '../../../words';
import { hotlineWords } from '../../../words/hotlines';
import type { PartProps } from './hotline-page';
import {
  freshPair, holidaysOf, lengthOf, sameWeek, spansOf, weekdays, weekOf, weekProblems, withDay, type Pair, type Week,
} from './hours-draft';
import { SettingsForm, type Wrong } from './settings-form';
import { zoneName, zonesWith } from './zones';

/** A Monday, to name the days of the week from. */
const MONDAY = Date.UTC(2024, 0, 1);

/** The name of a day of the week; 0 is Monday. */
export function dayName(weekday: number, reader: string, style: 'long' | 'short' = 'long'): string {
  const name = new Intl.DateTimeFormat(reader, { weekday: style, timeZone: 'UTC' }).format(MONDAY + weekday * 86_400_000);
  return name.charAt(0).toLocaleUpperCase(reader) + name.slice(1);
}

export function Hours({ hotline, onSaved }: PartProps) {
  const say = hotlineWords.value.hours;
  const zone = useSignal(hotline.time_zone);
  const clock = useSignal<string>(hotline.round_the_clock ? 'always' : 'hours');
  const week = useSignal<Week>(weekOf(hotline.hours));
  const holidays = useSignal<readonly Holiday[]>(hotline.holidays);
  const touched =
    zone.value !== hotline.time_zone ||
    (clock.value === 'always') !== hotline.round_the_clock ||
    !sameWeek(week.value, weekOf(hotline.hours)) ||
    JSON.stringify(holidaysOf(holidays.value)) !== JSON.stringify(hotline.holidays);

  function check(): Wrong {
    if (clock.value === 'always') return {};
    const problem = weekProblems(week.value)[0];
    return problem === undefined ? {} : { hours: say.problems[problem.kind](dayName(problem.day, language.value)) };
  }

  const save = () =>
    changeHotline(hotline.id, {
      time_zone: zone.value,
      round_the_clock: clock.value === 'always',
      ...(clock.value === 'always' ? {} : { hours: spansOf(week.value) }),
      holidays: holidaysOf(holidays.value),
    });

  return (
    <SettingsForm
      title={say.title}
      intro={say.intro}
      testId="hours"
      fields={['time_zone', 'hours', 'holidays']}
      touched={touched}
      check={check}
      save={save}
      onSaved={(saved) => {
        week.value = weekOf(saved.hours);
        holidays.value = saved.holidays;
        onSaved(saved);
      }}
    >
      {(wrong) => (
        <>
          <ChoiceField
            label={say.zone}
            hint={say.zoneHint}
            value={zone}
            wrong={wrong['time_zone']}
            choices={zonesWith(hotline.time_zone).map((value) => ({ value, label: zoneName(value) }))}
            testId="hours-zone"
          />
          <RadioField
            label={say.open}
            value={clock}
            choices={(['always', 'hours'] as const).map((value) => ({
              value,
              label: say.clocks[value],
              explanation: say.clockHints[value],
            }))}
            testId="hours-clock"
          />
          {clock.value === 'hours' && <WeekEditor week={week} wrong={wrong['hours']} />}
          <Holidays rows={holidays} wrong={wrong['holidays']} />
        </>
      )}
    </SettingsForm>
  );
}

function WeekEditor({ week, wrong }: { readonly week: Signal<Week>; readonly wrong: string | undefined }) {
  const say = hotlineWords.value.hours;
  const problems = weekProblems(week.value);
  return (
    <div class="week" data-testid="week">
      {weekdays.map((day) => (
        <Day key={day} day={day} week={week} bad={problems.filter((one) => one.day === day).map(({ at }) => at)} />
      ))}
      <div class="row">
        <button
          type="button"
          class="button small"
          onClick={() => (week.value = weekdays.map((day) => (day < 5 ? (week.value[0] ?? []) : (week.value[day] ?? []))))}
        >
          {say.copyWorkdays}
        </button>
        <button type="button" class="button small" data-testid="copy-all" onClick={() => (week.value = weekdays.map(() => week.value[0] ?? []))}>
          {say.copyAll}
        </button>
      </div>
      {wrong !== undefined && <p class="wrong">{wrong}</p>}
    </div>
  );
}

interface DayProps {
  readonly day: number;
  readonly week: Signal<Week>;
  /** The spans that something is wrong with. */
  readonly bad: readonly number[];
}

function Day({ day, week, bad }: DayProps) {
  const say = hotlineWords.value.hours;
  const name = dayName(day, language.value);
  const pairs = week.value[day] ?? [];
  const box = useRef<HTMLFieldSetElement>(null);
  const fresh = useRef(false);
  const put = (next: readonly Pair[]) => (week.value = withDay(week.value, day, next));

  // A new span is filled in next.
  useEffect(() => {
    if (fresh.current) [...(box.current?.querySelectorAll<HTMLElement>('input') ?? [])].at(-2)?.focus();
    fresh.current = false;
  }, [pairs.length]);

  return (
    <fieldset ref={box} class="day" data-testid={`day-${day}`}>
      <legend>{name}</legend>
      <div class="day-spans">
        {pairs.length === 0 && <span class="quiet day-closed">{say.closedDay}</span>}
        {pairs.map((pair, at) => {
          const change = (changed: Partial<Pair>) => put(pairs.map((old, other) => (other === at ? { ...old, ...changed } : old)));
          const length = lengthOf(pair);
          return (
            <div key={at} class="span">
              <input
                type="time"
                class="input"
                aria-label={say.opens(name)}
                aria-invalid={bad.includes(at)}
                value={pair.opens}
                onInput={(event) => change({ opens: event.currentTarget.value })}
              />
              <span aria-hidden="true">–</span>
              <input
                type="time"
                class="input"
                aria-label={say.closes(name)}
                aria-invalid={bad.includes(at)}
                value={pair.closes}
                onInput={(event) => change({ closes: event.currentTarget.value })}
              />
              <button type="button" class="button bare small" onClick={() => put(pairs.filter((_, other) => other !== at))}>
                <span aria-hidden="true">✕</span>
                <span class="only-heard">{say.removeSpan(name, pair.opens, pair.closes)}</span>
              </button>
              {length !== null && length.kind !== 'same_day' && (
                <span class="quiet small">{length.kind === 'overnight' ? say.overnight : say.wholeDay}</span>
              )}
            </div>
          );
        })}
      </div>
      <button
        type="button"
        class="button bare small"
        onClick={() => {
          fresh.current = true;
          put([...pairs, freshPair(pairs)]);
        }}
      >
        {say.addSpan}
        <span class="only-heard"> {name}</span>
      </button>
    </fieldset>
  );
}

function Holidays({ rows, wrong }: { readonly rows: Signal<readonly Holiday[]>; readonly wrong: string | undefined }) {
  const say = hotlineWords.value.hours;
  const put = (at: number, changed: Partial<Holiday>) =>
    (rows.value = rows.value.map((old, other) => (other === at ? { ...old, ...changed } : old)));
  return (
    <fieldset class="stack tight" data-testid="holidays">
      <legend class="strong">{say.holidays}</legend>
      <p class="quiet small">{say.holidaysHint}</p>
      {rows.value.length === 0 && <p class="quiet">{say.holidaysNone}</p>}
      {rows.value.map(({ day, name }, at) => (
        <div key={at} class="span holiday">
          <input
            type="date"
            class="input"
            aria-label={say.holidayDay}
            value={day}
            onInput={(event) => put(at, { day: event.currentTarget.value })}
          />
          <input
            type="text"
            class="input"
            aria-label={say.holidayName}
            placeholder={say.holidayName}
            maxLength={80}
            value={name}
            onInput={(event) => put(at, { name: event.currentTarget.value })}
          />
          <button type="button" class="button bare small" onClick={() => (rows.value = rows.value.filter((_, other) => other !== at))}>
            <span aria-hidden="true">✕</span>
            <span class="only-heard">{say.removeHoliday(name || day)}</span>
          </button>
        </div>
      ))}
      {wrong !== undefined && <p class="wrong">{wrong}</p>}
      <div>
        <button type="button" class="button small" onClick={() => (rows.value = [...rows.value, { day: '', name: '' }])}>
          {say.addHoliday}
        </button>
      </div>
    </fieldset>
  );
}
