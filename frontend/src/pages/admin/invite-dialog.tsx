/** Inviting a volunteer: who it is, then the link, once. */
import { useSignal } from '@preact/signals';
import { Copy } from '../../parts/copy';
import { Dialog } from '../../parts/dialog';
import { RadioField, TextField, useWrongFocus } from '../../parts/field';
import { inviteVolunteer } from '../../server/admin';
import { failureOf, sentence } from '../../server/sentence';
import { words } from '../../words';
import { extensionHolds, loginHolds } from './checks';
import { confirmed, NotConfirmed } from './step-up';

export interface PersonWrong {
  readonly name?: string;
  readonly login?: string;
  readonly extension?: string;
  readonly all?: string;
}

/** A refusal, beside the field it is about. */
export function wrongOf(error: unknown): PersonWrong {
  const say = words.value.admin.volunteers;
  if (error instanceof NotConfirmed) return { all: words.value.admin.stepUp.cancelled };
  const failure = failureOf(error);
  const taken = failure.status === 409;
  switch (failure.field ?? (failure.code.startsWith('login') ? 'login' : failure.code.split('_')[0])) {
    case 'name':
      return { name: say.nameMissing };
    case 'login':
      return { login: taken ? say.loginTaken : say.loginWrong };
    case 'extension':
      return { extension: taken ? say.extensionTaken : say.extensionWrong };
    default:
      return { all: sentence(error) };
  }
}

export interface InviteDialogProps {
  /** Somebody has been invited. */
  readonly onDone: () => void;
  readonly onClose: () => void;
}

export function InviteDialog({ onDone, onClose }: InviteDialogProps) {
  const say = words.value.admin.volunteers;
  const made = useSignal<{ readonly name: string; readonly link: string } | null>(null);
  const name = useSignal('');
  const login = useSignal('');
  const extension = useSignal('');
  const role = useSignal('volunteer');
  const dialling = useSignal('colleagues');
  const wrong = useSignal<PersonWrong>({});
  const busy = useSignal(false);
  const form = useWrongFocus(wrong.value);

  async function send(): Promise<void> {
    if (busy.value) return;
    const [cleanLogin, cleanExtension] = [login.value.trim().toLowerCase(), extension.value.trim()];
    wrong.value = {
      ...(name.value.trim() === '' ? { name: say.nameMissing } : {}),
      ...(loginHolds(cleanLogin) ? {} : { login: say.loginWrong }),
      ...(extensionHolds(cleanExtension) ? {} : { extension: say.extensionWrong }),
    };
    if (Object.keys(wrong.value).length > 0) return;
    busy.value = true;
    try {
      const { volunteer, invite_link: link } = await confirmed(() =>
        inviteVolunteer({
          name: name.value.trim(),
          login: cleanLogin,
          role: role.value,
          dialling: dialling.value,
          ...(cleanExtension === '' ? {} : { extension: cleanExtension }),
        }),
      );
      made.value = { name: volunteer.name, link };
      onDone();
    } catch (error) {
      wrong.value = wrongOf(error);
    } finally {
      busy.value = false;
    }
  }

  if (made.value !== null) return <LinkDialog {...made.value} onClose={onClose} />;
  return (
    <Dialog key="ask" title={say.invite} onClose={onClose}>
      <form
        ref={form}
        class="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <TextField label={say.name} text={name} wrong={wrong.value.name} testId="invite-name" />
        <TextField label={say.login} text={login} wrong={wrong.value.login} hint={say.loginHint} exact testId="invite-login" />
        <TextField
          label={say.extension}
          text={extension}
          wrong={wrong.value.extension}
          hint={say.extensionHint}
          inputMode="numeric"
          testId="invite-extension"
        />
        <RadioField label={say.role} value={role} choices={roleChoices()} testId="invite-role" />
        <RadioField label={say.dialling} value={dialling} choices={diallingChoices()} testId="invite-dialling" />
        <div role="alert">{wrong.value.all !== undefined && <p class="note danger">{wrong.value.all}</p>}</div>
        <div class="row ends">
          <button type="button" class="button" onClick={onClose}>
            {words.value.common.cancel}
          </button>
          <button class="button main" data-testid="invite-send" aria-disabled={busy.value}>
            {busy.value ? say.inviting : say.sendInvite}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** Shows a link that is never shown again. */
export function LinkDialog(props: { readonly name: string; readonly link: string; readonly onClose: () => void }) {
  const say = words.value.admin.volunteers;
  return (
    <Dialog key="link" title={say.inviteTitle} onClose={props.onClose}>
      <p>{say.inviteHow(props.name)}</p>
      <Copy label={say.inviteLink} text={props.link} testId="invite-link" />
      <p class="quiet small">{say.inviteRules}</p>
      <div class="row ends">
        <button type="button" class="button main" onClick={props.onClose}>
          {say.done}
        </button>
      </div>
    </Dialog>
  );
}

export function roleChoices() {
  const { roles, roleHints } = words.value.admin.volunteers;
  return (['volunteer', 'admin'] as const).map((value) => ({
    value,
    label: roles[value],
    explanation: roleHints[value],
  }));
}

export function diallingChoices() {
  const { diallings, diallingHints } = words.value.admin.volunteers;
  return (['nobody', 'colleagues', 'numbers'] as const).map((value) => ({
    value,
    label: diallings[value],
    explanation: diallingHints[value],
  }));
}
