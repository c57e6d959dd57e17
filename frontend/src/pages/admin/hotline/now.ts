/** The present moment, again and again: for what ticks. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

const SECOND = 1000;

/** Milliseconds since 1970, fresh every second while the page is seen. */
export function useNow(): number {
  const now = useSignal(Date.now());
  useEffect(() => {
    const beat = setInterval(() => {
      if (!document.hidden) now.value = Date.now();
    }, SECOND);
    return () => clearInterval(beat);
  }, []);
  return now.value;
}
