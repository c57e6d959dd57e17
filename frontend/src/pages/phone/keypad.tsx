/** Twelve keys as on every telephone. */
import { words } from '../../words';

const keys = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'] as const;

export function Keypad({ onKey }: { readonly onKey: (key: string) => void }) {
  return (
    <div class="keypad" role="group" aria-label={words.value.phone.keypad}>
      {keys.map((key) => (
        <button key={key} type="button" class="button keypad-key numbers" data-testid={`key-${key}`} onClick={() => onKey(key)}>
          {key}
        </button>
      ))}
    </div>
  );
}
