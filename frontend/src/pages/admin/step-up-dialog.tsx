/** The dialog that asks for the password once more. */
import { useSignal } from '@preact/signals';
import { Dialog } from '../../parts/dialog';
import { PasswordField, useWrongFocus } from '../../parts/field';
import { stepUp } from '../../server/admin';
import { failureOf, sentence } from '../../server/sentence';
import { words } from '../../words';
import { question } from './step-up';

/** Drawn once by the page; there when a change waits for the password. */
export function StepUpDialog() {
  const open = question.value;
  return open === null ? null : <PasswordQuestion answer={open.answer} />;
}

function PasswordQuestion({ answer }: { readonly answer: (confirmed: boolean) => void }) {
  const say = words.value.admin.stepUp;
  const password = useSignal('');
  const wrong = useSignal<{ readonly why?: string }>({});
  const busy = useSignal(false);
  const form = useWrongFocus(wrong.value);

  async function send(): Promise<void> {
    if (busy.value || password.value === '') return;
    busy.value = true;
    try {
      await stepUp(password.value);
      answer(true);
    } catch (error) {
      wrong.value = { why: failureOf(error).code === 'sign_in_failed' ? say.wrong : sentence(error) };
    } finally {
      busy.value = false;
    }
  }

  return (
    <Dialog title={say.title} onClose={() => answer(false)}>
      <p>{say.why}</p>
      <form
        ref={form}
        class="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <PasswordField
          label={say.password}
          text={password}
          wrong={wrong.value.why}
          autocomplete="current-password"
          testId="step-up-password"
        />
        <div class="row ends">
          <button type="button" class="button" onClick={() => answer(false)}>
            {words.value.common.cancel}
          </button>
          <button class="button main" data-testid="step-up" aria-disabled={busy.value}>
            {busy.value ? say.checking : say.go}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
