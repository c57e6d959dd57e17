/** Closing the page: asks during a call and on duty, and says goodbye to our server unless the page is only loaded anew. */
import { holdsLine, isLive, lineOf } from '../../phone/state';
import type { Session } from '../../session';

interface Navigating {
  addEventListener(kind: 'navigate', hear: (event: Event) => void): void;
}

function navigation(): Navigating | null {
  const found: unknown = Reflect.get(window, 'navigation');
  return found instanceof EventTarget ? found : null;
}

/**
 * Binds to the page's end. A reload is not a goodbye; only browsers with the Navigation API can tell the two apart, so
 * in the others a closed page is forgotten when its registration expires.
 */
export function guardClosing(session: Session): void {
  const watched = navigation();
  let reloading = false;
  watched?.addEventListener('navigate', (event) => {
    reloading = Reflect.get(event, 'navigationType') === 'reload';
  });
  addEventListener('beforeunload', (event) => {
    const phone = session.phone.value;
    // Our own reload brings the volunteer back on duty by itself; the browser's cannot be told from leaving.
    if (isLive(phone) || (!reloading && holdsLine(lineOf(phone)))) event.preventDefault();
  });
  addEventListener('pagehide', (event) => {
    if (watched && !reloading && !event.persisted) session.goodbye();
  });
}
