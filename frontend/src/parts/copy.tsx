/** A text to be taken elsewhere, with a button that puts it on the clipboard. */
import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { words } from '../words';
import { tell } from './toast';

export interface CopyProps {
  /** What the text is: names the button for whoever hears it. */
  readonly label: string;
  readonly text: string;
  readonly testId?: string;
}

/** Where the browser has no clipboard for us, the text is selected, ready for the person's own copy. */
export function Copy({ label, text, testId }: CopyProps) {
  const copied = useSignal(false);
  const field = useRef<HTMLInputElement>(null);
  const say = words.value.admin.parts;

  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      copied.value = true;
      tell(say.copied(label));
    } catch {
      field.current?.select();
      tell(say.copyYourself);
    }
  }

  return (
    <div class="copy">
      <input
        ref={field}
        class="input exact"
        readOnly
        value={text}
        aria-label={label}
        data-testid={testId}
        onFocus={(event) => event.currentTarget.select()}
      />
      <button type="button" class="button" onClick={() => void copy()}>
        {copied.value ? say.copyAgain : say.copy}
        <span class="only-heard"> {label}</span>
      </button>
    </div>
  );
}
