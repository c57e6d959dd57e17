/** One phone of somebody, with what only an administrator can do to it. */
import { useSignal } from '@preact/signals';
import { Confirm } from '../../parts/confirm';
import { tell } from '../../parts/toast';
import { movePhone, recreatePhone, type SipPhone } from '../../server/phones';
import { sipWords } from '../../words/sip';
import { PhoneCard } from '../phones/phone-card';
import { attempt } from './deed';

export interface SipPhonePanelProps {
  readonly phone: SipPhone;
  readonly onChanged: () => void;
  readonly onClose: () => void;
}

export function SipPhonePanel({ phone, onChanged, onClose }: SipPhonePanelProps) {
  const say = sipWords.value.admin;
  const asking = useSignal(false);

  function gone(): void {
    onChanged();
    onClose();
  }

  return (
    <>
      <PhoneCard phone={phone} door="/api/admin/phones" onChanged={onChanged} onGone={gone}>
        {phone.state === 'missing_at_plivo' && (
          <button type="button" class="button main" data-testid="sip-recreate" onClick={() => (asking.value = true)}>
            {say.recreate}
          </button>
        )}
      </PhoneCard>
      {asking.value && <RecreateDialog phone={phone} onDone={onChanged} onClose={() => (asking.value = false)} />}
    </>
  );
}

/** Attaches a phone to our application. */
export async function lead(phone: { readonly id: string }, onDone: () => void): Promise<void> {
  const moved = await attempt(() => movePhone(phone.id));
  if (moved !== null) tell(sipWords.value.admin.moved(moved.label));
  onDone();
}

export interface RecreateProps {
  readonly phone: { readonly id: string; readonly label: string };
  readonly onDone: () => void;
  readonly onClose: () => void;
}

export function RecreateDialog({ phone, onDone, onClose }: RecreateProps) {
  const say = sipWords.value.admin;

  async function recreate(): Promise<void> {
    const made = await attempt(() => recreatePhone(phone.id));
    if (made !== null) tell(say.recreated(made.label));
    onDone();
    onClose();
  }

  return (
    <Confirm title={say.recreateTitle(phone.label)} deed={say.recreate} onYes={recreate} onNo={onClose}>
      <p>{say.recreateWhat}</p>
    </Confirm>
  );
}
