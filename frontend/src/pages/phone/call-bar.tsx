/** A call while another page is looked at: a bar that says so and leads back. */
import { isLive } from '../../phone/state';
import type { Session } from '../../session';
import '../../style/phone.css';
import { words } from '../../words';
import { spoken } from './state-card';

export function CallBar({ session }: { readonly session: Session }) {
  const phone = session.phone.value;
  if (!isLive(phone)) return null;
  const say = words.value.phone;
  return (
    <div class="call-bar" role="alert">
      <a href="/">{spoken(phone)}</a>
      {phone.kind === 'ringing' ? (
        <button type="button" class="button good" disabled={phone.answering} onClick={(event) => session.answer(event)}>{say.answer}</button>
      ) : (
        <button type="button" class="button danger" onClick={() => session.hangUp()}>{say.hangUp}</button>
      )}
    </div>
  );
}
