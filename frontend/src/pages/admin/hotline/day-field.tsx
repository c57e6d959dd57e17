/** One day, written or chosen. */
import type { Signal } from '@preact/signals';
import { useId } from 'preact/hooks';

export interface DayFieldProps {
  readonly label: string;
  /** `YYYY-MM-DD`, or empty. */
  readonly value: Signal<string>;
}

export function DayField({ label, value }: DayFieldProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input id={id} type="date" class="input" value={value.value} onInput={(event) => (value.value = event.currentTarget.value)} />
    </div>
  );
}
