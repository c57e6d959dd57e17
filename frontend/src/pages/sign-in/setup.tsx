/** The first administrator, by the one-time code from the console. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { TextField, useWrongFocus } from '../../parts/field';
import { becomeFirstAdmin, isSetupOpen } from '../../server/entry';
import { failureOf, sentence } from '../../server/sentence';
import { words } from '../../words';
import { loginHolds } from '../admin/checks';
import { Frame } from './frame';
import { Told } from './join';
import { NewPassword } from './new-password';
import { checkPassword, passwordHolds } from './password';
import type { EntranceProps } from './sign-in';

/** What the server asks of an administrator's password; an invitation says it itself, set-up has nobody to ask. */
const MINIMUM = 15;

interface Wrong {
  readonly code?: string;
  readonly name?: string;
  readonly login?: string;
  readonly password?: string;
  readonly all?: string;
}

/** The page behind `/setup`, open until there is an administrator. */
export function SetupPage({ onSignedIn }: EntranceProps) {
  const open = useSignal<boolean | null>(null);
  const say = words.value.signIn;

  useEffect(() => {
    void isSetupOpen().then((isOpen) => (open.value = isOpen));
  }, []);

  if (open.value === null) return <Told title={say.setupTitle} sentence={say.setupChecking} />;
  if (!open.value) return <Told title={say.setupClosedTitle} sentence={say.setupClosed} wayOut />;
  return <SetupForm onSignedIn={onSignedIn} onClosed={() => (open.value = false)} />;
}

function SetupForm({ onSignedIn, onClosed }: EntranceProps & { readonly onClosed: () => void }) {
  const say = words.value.signIn;
  const code = useSignal('');
  const name = useSignal('');
  const login = useSignal('');
  const password = useSignal('');
  const wrong = useSignal<Wrong>({});
  const busy = useSignal(false);
  const form = useWrongFocus(wrong.value);

  function check(): Wrong {
    const holds = passwordHolds(checkPassword(password.value, { login: login.value, name: name.value }, MINIMUM));
    return {
      ...(code.value.trim() === '' ? { code: say.setupCodeMissing } : {}),
      ...(name.value.trim() === '' ? { name: say.setupNameMissing } : {}),
      ...(loginHolds(login.value.trim().toLowerCase()) ? {} : { login: say.setupLoginWrong }),
      ...(holds ? {} : { password: say.passwordWeak }),
    };
  }

  async function send(): Promise<void> {
    if (busy.value) return;
    wrong.value = check();
    if (Object.keys(wrong.value).length > 0) return;
    busy.value = true;
    try {
      const me = await becomeFirstAdmin({
        code: code.value.trim(),
        name: name.value.trim(),
        login: login.value.trim().toLowerCase(),
        password: password.value,
      });
      onSignedIn(me);
    } catch (error) {
      const failure = failureOf(error);
      if (failure.code === 'wrong_code') wrong.value = { code: say.setupCodeWrong };
      else if (failure.code === 'weak_password') wrong.value = { password: say.passwordGuessable };
      else if (failure.field === 'login') wrong.value = { login: say.setupLoginWrong };
      else if (failure.status === 404) onClosed();
      else wrong.value = { all: sentence(error) };
    } finally {
      busy.value = false;
    }
  }

  return (
    <Frame title={say.setupTitle}>
      <p>{say.setupIntro}</p>
      <form
        ref={form}
        class="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <TextField label={say.setupCode} text={code} wrong={wrong.value.code} hint={say.setupCodeHint} exact testId="setup-code" />
        <TextField
          label={say.setupName}
          text={name}
          wrong={wrong.value.name}
          hint={say.setupNameHint}
          autocomplete="name"
          testId="setup-name"
        />
        <TextField
          label={say.setupLogin}
          text={login}
          wrong={wrong.value.login}
          hint={say.setupLoginHint}
          autocomplete="username"
          exact
          testId="setup-login"
        />
        <NewPassword
          label={say.joinPassword}
          password={password}
          owner={{ login: login.value, name: name.value }}
          minimum={MINIMUM}
          wrong={wrong.value.password}
          testId="setup-password"
        />
        <div role="alert">{wrong.value.all !== undefined && <p class="note danger">{wrong.value.all}</p>}</div>
        <button class="button main wide" data-testid="setup-submit" aria-disabled={busy.value}>
          {busy.value ? say.settingUp : say.setup}
        </button>
      </form>
    </Frame>
  );
}
