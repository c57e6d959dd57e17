/** Where in the page we are: the path, followed without loading the page anew. */
import { signal } from '@preact/signals';

/** The path shown. */
export const path = signal(location.pathname);

/** Shows another path. */
export function go(to: string): void {
  history.pushState(null, '', to);
  path.value = location.pathname;
  scrollTo(0, 0);
}

/** Follows back, forward, and links of our own; returns the unbinder. */
export function followLinks(): () => void {
  const back = () => {
    path.value = location.pathname;
  };
  const click = (event: MouseEvent) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (!link || link.target || link.origin !== location.origin || link.hasAttribute('download')) return;
    event.preventDefault();
    go(link.pathname);
  };
  addEventListener('popstate', back);
  document.addEventListener('click', click);
  return () => {
    removeEventListener('popstate', back);
    document.removeEventListener('click', click);
  };
}
