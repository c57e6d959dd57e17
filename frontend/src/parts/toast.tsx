/** Short sentences about what has just happened: seen at the lower edge, heard by a screen reader. */
import { signal } from '@preact/signals';
import './parts.css';

interface Toast {
  readonly id: number;
  readonly sentence: string;
}

/** Long enough to read a sentence twice, in milliseconds. */
const SHOWN_FOR = 7000;

const toasts = signal<readonly Toast[]>([]);

/** Shows a sentence for some seconds. */
export function tell(sentence: string): void {
  const id = (toasts.value.at(-1)?.id ?? 0) + 1;
  toasts.value = [...toasts.value.slice(-2), { id, sentence }];
  setTimeout(() => (toasts.value = toasts.value.filter((toast) => toast.id !== id)), SHOWN_FOR);
}

/** Where the sentences appear. Drawn once by each page that tells anything. */
export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map((toast) => (
        <p key={toast.id} class="toast">
          {toast.sentence}
        </p>
      ))}
    </div>
  );
}
