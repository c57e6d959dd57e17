/** On or off, said in words as well as in colour. */
import './parts.css';
import './switch.css';

export interface SwitchProps {
  readonly label: string;
  readonly on: boolean;
  readonly words: { readonly on: string; readonly off: string };
  readonly onTurn: (on: boolean) => void;
  readonly testId?: string;
  readonly describedBy?: string;
}

/** A switch shows what is, and asks for its opposite; it turns only when whoever drew it says that it has turned. */
export function Switch({ label, on, words, onTurn, testId, describedBy }: SwitchProps) {
  return (
    <button
      type="button"
      class="switch"
      role="switch"
      aria-checked={on}
      aria-label={label}
      aria-describedby={describedBy}
      data-testid={testId}
      onClick={() => onTurn(!on)}
    >
      <span class="switch-track" aria-hidden="true">
        <span class="switch-knob" />
      </span>
      <span class="switch-word" aria-hidden="true">
        {on ? words.on : words.off}
      </span>
    </button>
  );
}
