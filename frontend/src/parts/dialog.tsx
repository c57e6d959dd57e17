/** Dialogs on the browser's own `<dialog>`: it keeps the focus inside, hears Escape and gives the focus back. */
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { words } from '../words';
import './parts.css';
import './dialog.css';
import { Toasts } from './toast';

export interface DialogProps {
  readonly title: string;
  /** Escape, the close button, or a click beside the dialog. Whoever draws the dialog then stops drawing it. */
  readonly onClose: () => void;
  readonly children: ComponentChildren;
  /** `side` is a panel at the right edge; `middle` (the default) asks for one decision. */
  readonly place?: 'middle' | 'side';
  readonly testId?: string;
}

/** A modal dialog, open for as long as it is drawn. Its heading is its name. */
export function Dialog({ title, onClose, children, place = 'middle', testId }: DialogProps) {
  const box = useRef<HTMLDialogElement>(null);
  const heading = useId();

  useEffect(() => {
    const dialog = box.current;
    if (dialog === null) return;
    if (!dialog.open) dialog.showModal();
    // The browser would take the close button; the first field, or else the heading, says more.
    const first = dialog.querySelector<HTMLElement>('[data-first], .dialog-body input, .dialog-body select');
    (first ?? dialog.querySelector<HTMLElement>('h2'))?.focus();
    return () => dialog.close();
  }, []);

  return (
    <dialog
      ref={box}
      class={`dialog ${place}`}
      aria-labelledby={heading}
      data-testid={testId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onMouseDown={(event) => {
        if (event.target === event.currentTarget) onClose();
      }}
    >
      <div class="dialog-box">
        <div class="dialog-head">
          <h2 id={heading} tabIndex={-1}>
            {title}
          </h2>
          <button type="button" class="button bare close" onClick={onClose}>
            <span aria-hidden="true">✕</span>
            <span class="only-heard">{words.value.common.close}</span>
          </button>
        </div>
        <div class="dialog-body stack">{children}</div>
        {/* What stands outside a modal dialog is neither heard nor seen while it is open. */}
        <Toasts />
      </div>
    </dialog>
  );
}
