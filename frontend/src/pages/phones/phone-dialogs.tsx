/** What is done to a phone: another one, a link, a change, its removal. */
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { Confirm } from '../../parts/confirm';
import { Copy } from '../../parts/copy';
import { Dialog } from '../../parts/dialog';
import { TextField, useWrongFocus } from '../../parts/field';
import { tell } from '../../parts/toast';
import { changePhone, makeLink, removePhone, type Door, type PhoneLink, type SipPhone } from '../../server/phones';
import { failureOf, sentence } from '../../server/sentence';
import { language, words } from '../../words';
import { sipWords } from '../../words/sip';
import { attempt } from '../admin/deed';
import { moment } from '../admin/moments';
import { confirmed, NotConfirmed } from '../admin/step-up';

/** 1 to 40 characters, as the server counts them. */
const LONGEST_LABEL = 40;
const keysHold = (keys: string) => keys === '' || (/^[0-9*#w]{1,32}$/.test(keys) && /[^w]/.test(keys));

export function labelHolds(label: string): boolean {
  const length = [...label.trim().replaceAll(/\s+/g, ' ')].length;
  return length >= 1 && length <= LONGEST_LABEL;
}

interface Wrong {
  readonly label?: string;
  readonly keys?: string;
  readonly all?: string;
}

function wrongOf(error: unknown): Wrong {
  const say = sipWords.value;
  if (error instanceof NotConfirmed) return { all: words.value.admin.stepUp.cancelled };
  const { code, field } = failureOf(error);
  if (field === 'label' || code === 'label_taken') return { label: code === 'label_taken' ? sentence(error) : say.add.missing };
  return field === 'send_digits' ? { keys: say.change.keysWrong } : { all: sentence(error) };
}

export interface AddDialogProps {
  readonly title: string;
  /** Adds it. */
  readonly onAdd: (label: string) => Promise<SipPhone>;
  readonly onDone: (phone: SipPhone) => void;
  readonly onClose: () => void;
  /** What else must be said of it. */
  readonly children?: ComponentChildren;
  /** What the rest of the form lacks, as a sentence; null when nothing. */
  readonly check?: () => string | null;
  readonly label?: string;
  readonly deed?: string;
}

/** Another phone: what it is called. */
export function AddDialog({ title, onAdd, onDone, onClose, children, check, label: known = '', deed = sipWords.value.add.go }: AddDialogProps) {
  const say = sipWords.value.add;
  const label = useSignal(known);
  const wrong = useSignal<Wrong>({});
  const busy = useSignal(false);
  const form = useWrongFocus(wrong.value);

  async function send(): Promise<void> {
    if (busy.value) return;
    const lacking = check?.() ?? null;
    wrong.value = {
      ...(labelHolds(label.value) ? {} : { label: say.missing }),
      ...(lacking === null ? {} : { all: lacking }),
    };
    if (Object.keys(wrong.value).length > 0) return;
    busy.value = true;
    try {
      onDone(await confirmed(() => onAdd(label.value)));
    } catch (error) {
      wrong.value = wrongOf(error);
    } finally {
      busy.value = false;
    }
  }

  return (
    <Dialog title={title} onClose={onClose} testId="phone-add-dialog">
      <form
        ref={form}
        class="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        {children}
        <TextField label={say.label} text={label} wrong={wrong.value.label} hint={say.hint} testId="phone-label" />
        <FormEnd wrong={wrong.value.all} busy={busy.value} deed={deed} testId="phone-add-go" onClose={onClose} />
      </form>
    </Dialog>
  );
}

interface DialogProps {
  readonly door: Door;
  readonly phone: SipPhone;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** Another name, or keys to press. */
export function ChangeDialog({ door, phone, onDone, onClose }: DialogProps) {
  const say = sipWords.value;
  const label = useSignal(phone.label);
  const keys = useSignal(phone.send_digits ?? '');
  const wrong = useSignal<Wrong>({});
  const busy = useSignal(false);
  const form = useWrongFocus(wrong.value);

  async function send(): Promise<void> {
    if (busy.value) return;
    const send_digits = keys.value.trim();
    wrong.value = {
      ...(labelHolds(label.value) ? {} : { label: say.add.missing }),
      ...(keysHold(send_digits) ? {} : { keys: say.change.keysWrong }),
    };
    if (Object.keys(wrong.value).length > 0) return;
    busy.value = true;
    try {
      const changed = await changePhone(door, phone.id, { label: label.value, send_digits });
      tell(say.phone.saved(changed.label));
      onDone();
      onClose();
    } catch (error) {
      wrong.value = wrongOf(error);
    } finally {
      busy.value = false;
    }
  }

  return (
    <Dialog title={say.change.title(phone.label)} onClose={onClose}>
      <form
        ref={form}
        class="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <TextField label={say.change.label} text={label} wrong={wrong.value.label} testId="change-label" />
        <TextField label={say.change.keys} text={keys} wrong={wrong.value.keys} hint={say.change.keysHint} exact testId="change-keys" />
        <FormEnd wrong={wrong.value.all} busy={busy.value} deed={words.value.common.save} testId="change-save" onClose={onClose} />
      </form>
    </Dialog>
  );
}

function FormEnd(props: { readonly wrong: string | undefined; readonly busy: boolean; readonly deed: string; readonly testId: string; readonly onClose: () => void }) {
  return (
    <>
      <div role="alert">{props.wrong !== undefined && <p class="note danger">{props.wrong}</p>}</div>
      <div class="row ends">
        <button type="button" class="button" onClick={props.onClose}>
          {words.value.common.cancel}
        </button>
        <button class="button main" data-testid={props.testId} aria-disabled={props.busy}>
          {props.busy ? words.value.common.loading : props.deed}
        </button>
      </div>
    </>
  );
}

/** A link to set the phone up; where one was set up before, that is asked about first. */
export function LinkDialog({ door, phone, onDone, onClose }: DialogProps) {
  const say = sipWords.value.link;
  const first = phone.credentials_given_at === null;
  const made = useSignal<PhoneLink | null>(null);

  async function make(): Promise<void> {
    made.value = await attempt(() => makeLink(door, phone.id));
    if (made.value === null) onClose();
    else onDone();
  }

  useEffect(() => {
    if (first) void make();
  }, []);

  if (made.value === null) {
    return first ? null : (
      <Confirm key="ask" title={say.titleAgain(phone.label)} deed={say.deed} danger onYes={make} onNo={onClose}>
        <p>{say.again}</p>
      </Confirm>
    );
  }
  const { link, rotated, expires_at } = made.value;
  return (
    <Dialog key="made" title={say.titleFirst(phone.label)} onClose={onClose} testId="phone-link-dialog">
      {rotated && <p class="note warn">{say.rotated}</p>}
      <p>{say.how}</p>
      <Copy label={say.field} text={link} testId="setup-link" />
      <p class="quiet small">{say.until(moment(expires_at, language.value, Date.now()))}</p>
      <div class="row ends">
        <button type="button" class="button" onClick={onClose}>
          {say.done}
        </button>
        <a class="button main" href={link} target="_blank" rel="noopener" data-testid="open-setup" onClick={onClose}>
          {say.open}
        </a>
      </div>
    </Dialog>
  );
}

export function RemoveDialog({ door, phone, onDone, onClose }: DialogProps) {
  const say = sipWords.value.phone;

  async function remove(): Promise<void> {
    const left = await attempt(async () => ({ why: await removePhone(door, phone.id) }));
    if (left !== null) {
      tell(left.why === null ? say.removed(phone.label) : say.removedHere(phone.label, left.why === '' ? '' : sipWords.value.plivoSaid(left.why)));
      onDone();
    }
    onClose();
  }

  return (
    <Confirm title={say.removeTitle(phone.label)} deed={say.remove} danger onYes={remove} onNo={onClose}>
      <p>{say.removeWhat}</p>
    </Confirm>
  );
}
