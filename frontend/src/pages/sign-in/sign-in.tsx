/** Sign-in by name and password. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { PasswordField, TextField, useWrongFocus } from '../../parts/field';
import { isSetupOpen, signIn } from '../../server/entry';
import { failureOf, sentence } from '../../server/sentence';
import type { Me } from '../../server/wire';
import { words } from '../../words';
import { Frame } from './frame';
import { useCountdown } from './countdown';

export interface EntranceProps {
  /** Called with the person who is signed in now. */
  readonly onSignedIn: (me: Me) => void;
}

/** What is wrong, not yet in words: whoever cannot read them chooses another language. */
interface Wrong {
  readonly login?: 'loginMissing';
  readonly password?: 'passwordMissing' | 'failed';
  readonly all?: unknown;
}

/** The first page of somebody who is not signed in. */
export function SignInPage({ onSignedIn }: EntranceProps) {
  const say = words.value.signIn;
  const login = useSignal('');
  const password = useSignal('');
  const wrong = useSignal<Wrong>({});
  const busy = useSignal(false);
  const notSetUp = useSignal(false);
  const rest = useCountdown();
  const form = useWrongFocus(wrong.value);

  useEffect(() => form.current?.querySelector('input')?.focus(), []);

  async function send(): Promise<void> {
    if (busy.value || rest.seconds.value > 0) return;
    const missing: Wrong = {
      ...(login.value.trim() === '' ? { login: 'loginMissing' as const } : {}),
      ...(password.value === '' ? { password: 'passwordMissing' as const } : {}),
    };
    wrong.value = missing;
    if (Object.keys(missing).length > 0) return;
    busy.value = true;
    try {
      onSignedIn(await signIn(login.value.trim().toLowerCase(), password.value));
    } catch (error) {
      const failure = failureOf(error);
      if (failure.code === 'too_many_requests') rest.start(failure.retryAfter ?? 60);
      else if (failure.code === 'sign_in_failed') wrong.value = { password: 'failed' };
      else wrong.value = { all: error };
      // Only a service without any account leaves a newcomer here in vain.
      if (failure.code === 'sign_in_failed') notSetUp.value = await isSetupOpen();
    } finally {
      busy.value = false;
    }
  }

  return (
    <Frame title={say.title}>
      <form
        ref={form}
        class="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <TextField
          label={say.login}
          text={login}
          wrong={wrong.value.login && say[wrong.value.login]}
          autocomplete="username"
          exact
          testId="login"
        />
        <PasswordField
          label={say.password}
          text={password}
          wrong={wrong.value.password && say[wrong.value.password]}
          autocomplete="current-password"
          testId="password"
        />
        <div role="alert">
          {wrong.value.all !== undefined && <p class="note danger">{sentence(wrong.value.all)}</p>}
          {rest.seconds.value > 0 && <p class="note warn">{say.tooOften(rest.seconds.value)}</p>}
          {notSetUp.value && (
            <p class="note">
              {say.notSetUp} <a href="/setup">{say.goToSetup}</a>
            </p>
          )}
        </div>
        <button class="button main wide" data-testid="sign-in" aria-disabled={busy.value || rest.seconds.value > 0}>
          {busy.value ? say.signingIn : say.signIn}
        </button>
      </form>
      <p class="quiet small">{say.noAccount}</p>
    </Frame>
  );
}
