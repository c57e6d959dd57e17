/** Asks before something happens that matters, and says what will happen. */
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { words } from '../words';
import { Dialog } from './dialog';

export interface ConfirmProps {
  readonly title: string;
  /** What will happen, in words. */
  readonly children: ComponentChildren;
  /** The deed, as a verb: "Switch off", never "OK". */
  readonly deed: string;
  readonly danger?: boolean;
  /** Does it. The dialog stays, and its buttons rest, until this ends; whoever drew it closes it. */
  readonly onYes: () => Promise<void>;
  readonly onNo: () => void;
}

/** A question with two answers. The focus starts on the harmless one when the deed is dangerous. */
export function Confirm({ title, children, deed, danger = false, onYes, onNo }: ConfirmProps) {
  const busy = useSignal(false);

  async function yes(): Promise<void> {
    if (busy.value) return;
    busy.value = true;
    try {
      await onYes();
    } finally {
      busy.value = false;
    }
  }

  return (
    <Dialog title={title} onClose={onNo}>
      {children}
      <div class="row ends">
        <button type="button" class="button" data-first={danger ? true : undefined} onClick={onNo}>
          {words.value.common.cancel}
        </button>
        <button
          type="button"
          class={danger ? 'button danger' : 'button main'}
          data-first={danger ? undefined : true}
          data-testid="confirm"
          aria-disabled={busy.value}
          onClick={() => void yes()}
        >
          {busy.value ? words.value.common.loading : deed}
        </button>
      </div>
    </Dialog>
  );
}
