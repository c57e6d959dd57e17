/** Counts the seconds down until another attempt is worth it. */
import { useSignal, type Signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

export interface Countdown {
  readonly seconds: Signal<number>;
  readonly start: (seconds: number) => void;
}

/** Zero when nothing is to be waited for. */
export function useCountdown(): Countdown {
  const seconds = useSignal(0);
  const running = seconds.value > 0;
  useEffect(() => {
    if (!running) return;
    const beat = setInterval(() => (seconds.value = Math.max(0, seconds.value - 1)), 1000);
    return () => clearInterval(beat);
  }, [running]);
  return { seconds, start: (wait) => (seconds.value = Math.ceil(wait)) };
}
