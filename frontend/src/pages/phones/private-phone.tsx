/** A telephone of one's own that the hotline may ring. */
import { useSignal } from '@preact/signals';
import { Confirm } from '../../parts/confirm';
import { TextField, useWrongFocus } from '../../parts/field';
import { Switch } from '../../parts/switch';
import { tell } from '../../parts/toast';
import { changePrivatePhone, forgetPrivatePhone, readPrivatePhone, type PrivatePhone } from '../../server/phones';
import { failureOf, sentence } from '../../server/sentence';
import { words } from '../../words';
import { sipWords } from '../../words/sip';
import { attempt } from '../admin/deed';
import { Shown, useReading } from '../admin/remote';

export function PrivatePhoneSection() {
  const say = sipWords.value.private;
  const reading = useReading(readPrivatePhone, 'private-phone');
  return (
    <section class="card stack" aria-labelledby="private-title" data-testid="private-phone">
      <h2 id="private-title">{say.title}</h2>
      <p class="quiet">{say.intro}</p>
      <Shown reading={reading}>
        {(phone) => <PrivatePhoneForm key={`${phone.masked} ${phone.enabled} ${phone.in_fallback} ${phone.send_digits}`} phone={phone} onChanged={reading.put} onForgotten={reading.again} />}
      </Shown>
    </section>
  );
}

interface FormProps {
  readonly phone: PrivatePhone;
  readonly onChanged: (phone: PrivatePhone) => void;
  readonly onForgotten: () => void;
}

interface Wrong {
  readonly number?: string;
  readonly keys?: string;
  readonly all?: string;
}

function PrivatePhoneForm({ phone, onChanged, onForgotten }: FormProps) {
  const say = sipWords.value;
  const number = useSignal('');
  const enabled = useSignal(phone.masked === null || phone.enabled);
  const fallback = useSignal(phone.in_fallback);
  const keys = useSignal(phone.send_digits ?? '');
  const wrong = useSignal<Wrong>({});
  const asking = useSignal<'none' | 'ring' | 'forget'>('none');
  const form = useWrongFocus(wrong.value);
  const wanted = number.value.trim();

  function begin(): void {
    wrong.value = phone.masked === null && wanted === '' ? { number: say.private.numberMissing } : {};
    if (wrong.value.number !== undefined) return;
    // Switching off needs no question; ringing somebody's telephone does.
    if (enabled.value) asking.value = 'ring';
    else void save();
  }

  async function save(): Promise<void> {
    try {
      const saved = await changePrivatePhone({
        ...(wanted === '' ? {} : { number: wanted }),
        enabled: enabled.value,
        in_fallback: enabled.value && fallback.value,
        send_digits: keys.value.trim(),
      });
      tell(say.private.saved);
      onChanged(saved);
    } catch (error) {
      wrong.value = wrongOf(error);
    } finally {
      asking.value = 'none';
    }
  }

  async function forget(): Promise<void> {
    if ((await attempt(async () => (await forgetPrivatePhone(), true))) !== null) {
      tell(say.private.forgotten);
      onForgotten();
    }
    asking.value = 'none';
  }

  return (
    <>
      <form
        ref={form}
        class="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          begin();
        }}
      >
        <p data-testid="private-kept">{phone.masked === null ? say.private.none : say.private.kept(phone.masked)}</p>
        <TextField label={say.private.number} text={number} wrong={wrong.value.number} hint={say.private.numberHint} inputMode="tel" autocomplete="tel" exact testId="private-number" />
        <Ticked name="private-enabled" label={say.private.enabled} on={enabled.value} onTurn={(on) => (enabled.value = on)} />
        {enabled.value && (
          <>
            <Ticked name="private-fallback" label={say.private.fallback} hint={say.private.fallbackHint} on={fallback.value} onTurn={(on) => (fallback.value = on)} />
            <TextField label={say.change.keys} text={keys} wrong={wrong.value.keys} hint={say.change.keysHint} exact testId="private-keys" />
          </>
        )}
        <div role="alert">{wrong.value.all !== undefined && <p class="note danger">{wrong.value.all}</p>}</div>
        <div class="row ends">
          {phone.masked !== null && (
            <button type="button" class="button" data-testid="private-forget" onClick={() => (asking.value = 'forget')}>
              {say.private.forget}
            </button>
          )}
          <button class="button main" data-testid="private-save">
            {say.private.save}
          </button>
        </div>
      </form>
      {asking.value === 'ring' && (
        <Confirm title={say.private.confirmTitle} deed={say.private.confirmDeed} onYes={save} onNo={() => (asking.value = 'none')}>
          <p>{wanted === '' ? say.private.confirmKept : say.private.confirmNumber(wanted)}</p>
          <p>{say.private.confirmKey}</p>
          {fallback.value && <p class="note warn">{say.private.confirmFallback}</p>}
        </Confirm>
      )}
      {asking.value === 'forget' && (
        <Confirm title={say.private.forgetTitle} deed={say.private.forget} danger onYes={forget} onNo={() => (asking.value = 'none')}>
          <p>{say.private.forgetWhat}</p>
        </Confirm>
      )}
    </>
  );
}

interface TickedProps {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly on: boolean;
  readonly onTurn: (on: boolean) => void;
}

/** A switch with its label beside it: it turns in the form, and counts once that is saved. */
function Ticked({ name, label, hint, on, onTurn }: TickedProps) {
  const hintId = `${name}-hint`;
  return (
    <div class="row spread ticked">
      <div class="ticked-words">
        <p class="strong">{label}</p>
        {hint !== undefined && <p class="quiet small" id={hintId}>{hint}</p>}
      </div>
      <Switch label={label} on={on} words={words.value.admin.parts} testId={name} {...(hint === undefined ? {} : { describedBy: hintId })} onTurn={onTurn} />
    </div>
  );
}

function wrongOf(error: unknown): Wrong {
  const { field } = failureOf(error);
  const why = sentence(error);
  if (field === 'number') return { number: why };
  return field === 'send_digits' ? { keys: sipWords.value.change.keysWrong } : { all: why };
}
