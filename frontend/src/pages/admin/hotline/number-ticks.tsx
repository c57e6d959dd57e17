/** Which of the connection's numbers lead to a hotline. */
import type { Signal } from '@preact/signals';
import type { Connection } from '../../../server/admin';
import { hotlineWords } from '../../../words/hotlines';
import { showNumber } from '../checks';

export interface NumberTicksProps {
  readonly connection: Connection | null;
  readonly chosen: Signal<readonly string[]>;
  readonly wrong: string | undefined;
}

export function NumberTicks({ connection, chosen, wrong }: NumberTicksProps) {
  const say = hotlineWords.value.hotlines;
  const known = [...new Set([...(connection?.numbers ?? []), ...chosen.value])];

  function turn(number: string, wanted: boolean): void {
    chosen.value = known.filter((one) => (one === number ? wanted : chosen.value.includes(one)));
  }

  return (
    <fieldset class="ticks" aria-invalid={wrong !== undefined} tabIndex={wrong === undefined ? undefined : -1}>
      <legend>{say.numbers}</legend>
      <p class="quiet small">{known.length === 0 ? say.numbersNoneAtAll : say.numbersHint}</p>
      {known.map((number) => (
        <label key={number} class="tick">
          <input
            type="checkbox"
            checked={chosen.value.includes(number)}
            onChange={(event) => turn(number, event.currentTarget.checked)}
          />
          <span class="exact">{showNumber(number)}</span>
        </label>
      ))}
      {wrong !== undefined && <p class="wrong">{wrong}</p>}
    </fieldset>
  );
}
