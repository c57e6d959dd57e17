/** Turns the pages of a long list. */
import { words } from '../words';

export interface PagerProps {
  readonly total: number;
  readonly limit: number;
  readonly offset: number;
  /** The list is in the order of time, newest first; otherwise by name. */
  readonly byTime?: boolean;
  readonly onTurn: (offset: number) => void;
}

/** Which part of the list is shown, and the way to the next; nothing at all when everything fits. */
export function Pager({ total, limit, offset, byTime = true, onTurn }: PagerProps) {
  const say = words.value.admin.parts;
  if (total <= limit && offset === 0) return null;
  const last = Math.min(total, offset + limit);
  return (
    <nav class="row spread pager" aria-label={say.pages}>
      <button
        type="button"
        class="button"
        disabled={offset === 0}
        onClick={() => onTurn(Math.max(0, offset - limit))}
      >
        {byTime ? say.newer : say.previous}
      </button>
      <p class="small quiet numbers" role="status">
        {say.range(Math.min(offset + 1, last), last, total)}
      </p>
      <button type="button" class="button" disabled={last >= total} onClick={() => onTurn(offset + limit)}>
        {byTime ? say.older : say.next}
      </button>
    </nav>
  );
}
