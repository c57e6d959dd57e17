/** Changing one volunteer: name, rights, a new invitation, disabling and enabling. */
import { useSignal } from '@preact/signals';
import { Confirm } from '../../parts/confirm';
import { Dialog } from '../../parts/dialog';
import { RadioField, TextField, useWrongFocus } from '../../parts/field';
import { tell } from '../../parts/toast';
import { changeVolunteer, inviteAgain, type Volunteer, type VolunteerChange } from '../../server/admin';
import { words } from '../../words';
import { extensionHolds } from './checks';
import { attempt } from './deed';
import { diallingChoices, LinkDialog, roleChoices, wrongOf, type PersonWrong } from './invite-dialog';
import { Consequences } from './overview';
import { confirmed } from './step-up';

export interface VolunteerDialogProps {
  readonly volunteer: Volunteer;
  readonly isMe: boolean;
  /** Something was changed. */
  readonly onDone: () => void;
  readonly onClose: () => void;
}

export function VolunteerDialog({ volunteer, isMe, onDone, onClose }: VolunteerDialogProps) {
  const say = words.value.admin.volunteers;
  const link = useSignal<string | null>(null);
  const asking = useSignal(false);

  async function setActive(active: boolean): Promise<void> {
    const changed = await attempt(() => changeVolunteer(volunteer.id, { active }));
    asking.value = false;
    if (changed === null) return;
    tell(active ? say.enabled(volunteer.name) : say.disabled(volunteer.name));
    onDone();
    onClose();
  }

  async function again(): Promise<void> {
    link.value = await attempt(() => inviteAgain(volunteer.id));
    if (link.value !== null) onDone();
  }

  if (link.value !== null) return <LinkDialog name={volunteer.name} link={link.value} onClose={onClose} />;
  if (asking.value) {
    return (
      <Confirm
        key="disable"
        title={say.disableTitle(volunteer.name)}
        deed={say.disable}
        danger
        onYes={() => setActive(false)}
        onNo={() => (asking.value = false)}
      >
        <Consequences sentences={say.disableWhat} />
      </Confirm>
    );
  }
  return (
    <Dialog key="change" title={say.editOf(volunteer.name)} onClose={onClose} testId="volunteer-dialog">
      <ChangeForm volunteer={volunteer} isMe={isMe} onDone={onDone} onClose={onClose} />
      <hr class="parting" />
      {isMe ? (
        <p class="quiet small">{say.yourself}</p>
      ) : (
        <div class="stack">
          {volunteer.active && (
            <div>
              <button type="button" class="button" data-testid="invite-again" onClick={() => void again()}>
                {say.again}
              </button>
              <p class="quiet small">{say.againHint}</p>
            </div>
          )}
          {volunteer.active ? (
            <button
              type="button"
              class="button outlined-danger"
              data-testid="disable"
              onClick={() => (asking.value = true)}
            >
              {say.disable}
            </button>
          ) : (
            <button type="button" class="button" data-testid="enable" onClick={() => void setActive(true)}>
              {say.enable}
            </button>
          )}
        </div>
      )}
    </Dialog>
  );
}

/** Only what differs is sent: an untouched role asks for no password. */
export function changesOf(volunteer: Volunteer, wanted: Required<Pick<VolunteerChange, 'name' | 'extension' | 'role' | 'dialling'>>) {
  return {
    ...(wanted.name === volunteer.name ? {} : { name: wanted.name }),
    ...(wanted.extension === volunteer.extension ? {} : { extension: wanted.extension }),
    ...(wanted.role === volunteer.role ? {} : { role: wanted.role }),
    ...(wanted.dialling === volunteer.dialling ? {} : { dialling: wanted.dialling }),
  };
}

function ChangeForm({ volunteer, isMe, onDone, onClose }: VolunteerDialogProps) {
  const say = words.value.admin.volunteers;
  const name = useSignal(volunteer.name);
  const extension = useSignal(volunteer.extension);
  const role = useSignal<string>(volunteer.role);
  const dialling = useSignal<string>(volunteer.dialling);
  const wrong = useSignal<PersonWrong>({});
  const busy = useSignal(false);
  const form = useWrongFocus(wrong.value);

  async function send(): Promise<void> {
    if (busy.value) return;
    const wanted = {
      name: name.value.trim(),
      extension: extension.value.trim(),
      role: role.value,
      dialling: dialling.value,
    };
    const holds = wanted.extension !== '' && extensionHolds(wanted.extension);
    wrong.value = {
      ...(wanted.name === '' ? { name: say.nameMissing } : {}),
      ...(holds ? {} : { extension: say.extensionWrong }),
    };
    if (Object.keys(wrong.value).length > 0) return;
    const changes = changesOf(volunteer, wanted);
    if (Object.keys(changes).length === 0) {
      onClose();
      return;
    }
    busy.value = true;
    try {
      await confirmed(() => changeVolunteer(volunteer.id, changes));
      tell(say.saved(wanted.name));
      onDone();
      onClose();
    } catch (error) {
      wrong.value = wrongOf(error);
    } finally {
      busy.value = false;
    }
  }

  return (
    <form
      ref={form}
      class="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <TextField label={say.name} text={name} wrong={wrong.value.name} testId="volunteer-name" />
      <TextField
        label={say.extension}
        text={extension}
        wrong={wrong.value.extension}
        inputMode="numeric"
        testId="volunteer-extension"
      />
      {!isMe && <RadioField label={say.role} value={role} choices={roleChoices()} testId="volunteer-role" />}
      <RadioField label={say.dialling} value={dialling} choices={diallingChoices()} testId="volunteer-dialling" />
      <div role="alert">{wrong.value.all !== undefined && <p class="note danger">{wrong.value.all}</p>}</div>
      <div class="row ends">
        <button type="button" class="button" onClick={onClose}>
          {words.value.common.cancel}
        </button>
        <button class="button main" data-testid="volunteer-save" aria-disabled={busy.value}>
          {busy.value ? words.value.admin.connection.saving : words.value.common.save}
        </button>
      </div>
    </form>
  );
}
