/** The invitation in the address: `/join#<invite>`. What follows `#` is never sent to a server by the browser itself. */

type Place = Pick<Location, 'hash' | 'pathname' | 'search'>;
type Past = Pick<History, 'replaceState'>;

/** Takes the invitation out of the address bar, so that neither history nor a screenshot keeps it. */
export function takeInvite(place: Place = location, past: Past = history): string | null {
  const invite = place.hash.slice(1);
  if (invite === '') return null;
  past.replaceState(null, '', place.pathname + place.search);
  return invite;
}

/** Calls `then` when a second invitation is pasted into the open page, which does not load it anew. */
export function onInvitePasted(then: (invite: string) => void): () => void {
  function look(): void {
    const invite = takeInvite();
    if (invite !== null) then(invite);
  }
  window.addEventListener('hashchange', look);
  return () => window.removeEventListener('hashchange', look);
}
