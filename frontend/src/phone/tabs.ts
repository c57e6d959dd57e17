/**
 * One phone per browser: the tabs agree among themselves which is it.
 *
 * The holder of a Web Lock is the phone and has the event stream; the others wait in the lock's queue, so that when the
 * holder's tab is closed or crashes the next one takes over. A channel carries what a lock cannot say: "give it to me"
 * and "not now, I am in a call".
 */

const NAME = 'softphone.phone';

export interface TabHearer {
  /** This tab is the phone now. */
  readonly onHeld: () => void;
  /** Another tab is the phone; `busy` when it is in a call and keeps it. */
  readonly onElsewhere: (busy: boolean) => void;
  /** Another tab asks for the phone: true gives it away (what must be put down is put down before returning). */
  readonly onAsked: () => boolean;
}

export interface Tabs {
  /** Asks the other tab for the phone. */
  takeHere(): void;
  leave(): void;
}

type Word = 'give' | 'busy';

function readWord(said: unknown): Word | null {
  return said === 'give' || said === 'busy' ? said : null;
}

/** Takes part in the agreement until `leave`. A browser without locks is always the phone. */
export function agreeWithTabs(hear: TabHearer, locks: LockManager | undefined = navigator.locks): Tabs {
  if (!locks) {
    queueMicrotask(hear.onHeld);
    return { takeHere: () => undefined, leave: () => undefined };
  }
  const channel = new BroadcastChannel(NAME);
  const ended = new AbortController();
  let letGo: (() => void) | null = null;

  const hold = () =>
    new Promise<void>((resolve) => {
      letGo = () => {
        letGo = null;
        resolve();
      };
      hear.onHeld();
    });

  const queue = () => {
    locks.request(NAME, { signal: ended.signal }, hold).then(undefined, () => undefined);
  };

  channel.onmessage = (message: MessageEvent<unknown>) => {
    const word = readWord(message.data);
    if (word === 'give' && letGo) {
      if (!hear.onAsked()) {
        channel.postMessage('busy');
        return;
      }
      letGo();
      hear.onElsewhere(false);
      queue();
    } else if (word === 'busy' && !letGo) hear.onElsewhere(true);
  };

  locks
    .request(NAME, { ifAvailable: true }, (lock) => {
      if (ended.signal.aborted) return undefined;
      if (lock) return hold();
      hear.onElsewhere(false);
      queue();
      return undefined;
    })
    .then(undefined, () => undefined);

  return {
    takeHere: () => channel.postMessage('give'),
    leave: () => {
      ended.abort();
      letGo?.();
      channel.close();
    },
  };
}
