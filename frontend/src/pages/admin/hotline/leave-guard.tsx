/** Asks before somebody leaves changes behind that are not saved. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Confirm } from '../../../parts/confirm';
import { go } from '../../../route';
import { hotlineWords } from '../../../words/hotlines';

/** Closing the page, the browser asks in its own words; within the page we do. */
export function LeaveGuard({ touched }: { readonly touched: boolean }) {
  const say = hotlineWords.value.parts;
  const wanted = useSignal<string | null>(null);

  useEffect(() => {
    if (!touched) return undefined;
    const click = (event: MouseEvent) => {
      if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
      const link = event.target instanceof Element ? event.target.closest('a') : null;
      if (!link || link.target || link.origin !== location.origin || link.hasAttribute('download')) return;
      event.preventDefault();
      wanted.value = link.pathname;
    };
    const close = (event: BeforeUnloadEvent) => event.preventDefault();
    // Before `route.ts` follows the link.
    document.addEventListener('click', click, true);
    addEventListener('beforeunload', close);
    return () => {
      document.removeEventListener('click', click, true);
      removeEventListener('beforeunload', close);
    };
  }, [touched]);

  if (wanted.value === null) return null;
  const to = wanted.value;
  return (
    <Confirm title={say.leaveTitle} deed={say.leave} danger onYes={async () => go(to)} onNo={() => (wanted.value = null)}>
      <p>{say.leaveWhat}</p>
    </Confirm>
  );
}
