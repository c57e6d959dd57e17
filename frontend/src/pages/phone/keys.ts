/** The keyboard of the phone. A key pressed in a field or a dialog belongs to the field or the dialog. */
import { amReady, blockAsked, hotline, serverNow } from '../../hotline/duty';
import { callerFor, pauseLeft } from '../../hotline/state';
import { isLive } from '../../phone/state';
import type { Session } from '../../session';

function belongsElsewhere(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return true;
  const at = event.target;
  return at instanceof Element && at.closest('input, textarea, select, dialog, [contenteditable]') !== null;
}

/** On duty or off it, where the page shows a button for that. */
function turnDuty(session: Session): void {
  const { kind } = session.phone.value;
  if (kind === 'ready') void session.goAway();
  else if (kind === 'off-duty' || kind === 'microphone-blocked') void session.goOnDuty();
}

/** Binds the keys; returns the unbinder. `onHelp` is `?`. */
export function bindKeys(session: Session, onHelp: () => void): () => void {
  const pressed = (event: KeyboardEvent) => {
    const phone = session.phone.value;
    // A ringing phone comes before whatever is being typed; but a key held down is one press.
    if (phone.kind === 'ringing' && !event.repeat && (event.key === 'Enter' || event.key === 'Escape')) {
      const onButton = event.target instanceof HTMLButtonElement;
      if (event.key === 'Enter' && onButton && event.target.dataset['testid'] === 'decline') return;
      event.preventDefault();
      if (event.key === 'Enter') session.answer(event);
      else session.decline();
      return;
    }
    if (belongsElsewhere(event)) return;
    if (event.repeat) return;
    const { last } = hotline.value;
    if (event.key === '?') onHelp();
    else if (/^[dD]$/.test(event.key)) turnDuty(session);
    else if (/^[bB]$/.test(event.key) && phone.kind === 'talking') blockAsked.value = callerFor(hotline.value, phone.call.ref)?.ref ?? null;
    else if (/^[rR]$/.test(event.key) && !isLive(phone) && last && pauseLeft(hotline.value, serverNow()) > 0) void amReady(last.id);
    else if (phone.kind === 'talking' && (event.key === 'm' || event.key === 'M')) session.mute(!phone.muted);
    else if (phone.kind === 'talking' && /^[0-9*#]$/.test(event.key)) session.digit(event.key);
  };
  addEventListener('keydown', pressed);
  return () => removeEventListener('keydown', pressed);
}
