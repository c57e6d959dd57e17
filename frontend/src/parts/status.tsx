/** A state said in words, with a sign beside it that also tells without colour. */
import './parts.css';

export type Mood = 'good' | 'warn' | 'danger' | 'quiet';

const signs = { good: '✓', warn: '!', danger: '✕', quiet: '–' } as const;

/** The sign is for the eye alone: the words carry the meaning. */
export function Status({ mood, children }: { readonly mood: Mood; readonly children: string }) {
  return (
    <span class={`status ${mood}`}>
      <span class="status-sign" aria-hidden="true">
        {signs[mood]}
      </span>
      {children}
    </span>
  );
}
