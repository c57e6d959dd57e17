/** Live news for the administrator: one stream while the page is seen, none while it is hidden. */
import { listen, type Alert, type ServerEvent } from '../../server/events';

/** `devices`: who is where; `calls`: a call moved; `audit`: something was changed; `board`: a caller of a
 * hotline moved, or a shift became empty. */
export type News = 'devices' | 'calls' | 'audit' | 'board';

type Ear = { readonly kinds: readonly News[]; readonly hear: () => void };

/** Events come in handfuls; one reading serves them all. In milliseconds. */
const GATHER = 150;
/** Registrations run out without anybody saying so: look again now and then. In milliseconds. */
const LOOK_AGAIN = 30_000;

const ears = new Set<Ear>();
const gathered = new Set<News>();
let gathering: ReturnType<typeof setTimeout> | undefined;

/** Calls `hear` soon after news of one of these kinds, until the returned function is called. */
export function onNews(kinds: readonly News[], hear: () => void): () => void {
  const ear: Ear = { kinds, hear };
  ears.add(ear);
  return () => {
    ears.delete(ear);
  };
}

/** Which of our lists an event concerns. */
export function newsOf(event: ServerEvent): readonly News[] {
  switch (event.kind) {
    case 'devices':
    case 'availability':
      return ['devices'];
    case 'call':
      return ['calls', 'devices'];
    case 'audit':
      return ['audit'];
    case 'board':
    case 'alert':
      return ['board'];
    default:
      return [];
  }
}

function spread(kinds: readonly News[]): void {
  if (kinds.length === 0) return;
  for (const kind of kinds) gathered.add(kind);
  gathering ??= setTimeout(() => {
    gathering = undefined;
    const fresh = new Set(gathered);
    gathered.clear();
    for (const ear of [...ears]) if (ear.kinds.some((kind) => fresh.has(kind))) ear.hear();
  }, GATHER);
}

/** What is more than news of a list: the session is over; a shift became empty, or is well again. */
export interface Hearer {
  readonly onEnded: () => void;
  readonly onAlert: (alert: Alert, began: boolean) => void;
}

/** Opens the stream until the returned function is called. */
export function followNews({ onEnded, onAlert }: Hearer): () => void {
  let close: (() => void) | null = null;
  let lost = false;

  function take(event: ServerEvent): void {
    if (event.kind === 'session_ended') onEnded();
    if (event.kind === 'alert') onAlert(event.alert, event.began);
    // What was missed while the stream was away is read, not guessed.
    if (event.kind === 'stream' && event.open && lost) spread(['devices', 'calls', 'audit', 'board']);
    if (event.kind === 'stream') lost = !event.open;
    spread(newsOf(event));
  }

  function look(): void {
    if (document.hidden) {
      close?.();
      close = null;
      lost = true;
    } else {
      close ??= listen(take);
    }
  }

  const beat = setInterval(() => {
    if (!document.hidden) spread(['devices', 'board']);
  }, LOOK_AGAIN);
  document.addEventListener('visibilitychange', look);
  look();
  return () => {
    clearInterval(beat);
    document.removeEventListener('visibilitychange', look);
    close?.();
  };
}
