/** Joining by an invitation link: says whom it is for, and has a password chosen. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { useWrongFocus } from '../../parts/field';
import { acceptInvite, readInvite, type Invitation } from '../../server/entry';
import { failureOf, sentence } from '../../server/sentence';
import { words } from '../../words';
import { Frame } from './frame';
import { onInvitePasted, takeInvite } from './invite';
import { NewPassword } from './new-password';
import { checkPassword, passwordHolds } from './password';
import type { EntranceProps } from './sign-in';

type State =
  | { readonly kind: 'looking' }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unusable' }
  | { readonly kind: 'failed'; readonly why: string; readonly invite: string }
  | { readonly kind: 'welcome'; readonly invite: string; readonly person: Invitation };

/** The page behind `/join#<invite>`. */
export function JoinPage({ onSignedIn }: EntranceProps) {
  const state = useSignal<State>({ kind: 'looking' });
  const say = words.value.signIn;

  async function look(invite: string | null): Promise<void> {
    if (invite === null) {
      state.value = { kind: 'missing' };
      return;
    }
    state.value = { kind: 'looking' };
    try {
      state.value = { kind: 'welcome', invite, person: await readInvite(invite) };
    } catch (error) {
      state.value =
        failureOf(error).code === 'invite_unusable'
          ? { kind: 'unusable' }
          : { kind: 'failed', why: sentence(error), invite };
    }
  }

  useEffect(() => {
    void look(takeInvite());
    return onInvitePasted((invite) => void look(invite));
  }, []);

  const now = state.value;
  switch (now.kind) {
    case 'looking':
      return <Told title={say.joinTitle} sentence={say.joinChecking} />;
    case 'missing':
      return <Told title={say.joinNoneTitle} sentence={say.joinNone} wayOut />;
    case 'unusable':
      return <Told title={say.joinUnusableTitle} sentence={say.joinUnusable} wayOut />;
    case 'failed':
      return (
        <Frame title={say.joinTitle}>
          <p class="note danger" role="alert">
            {now.why}
          </p>
          <button type="button" class="button" onClick={() => void look(now.invite)}>
            {words.value.common.retry}
          </button>
        </Frame>
      );
    case 'welcome':
      return (
        <Welcome
          key={now.invite}
          invite={now.invite}
          person={now.person}
          onSignedIn={onSignedIn}
          onUnusable={() => (state.value = { kind: 'unusable' })}
        />
      );
    default:
      return now satisfies never;
  }
}

/** One sentence, and the way to the sign-in where there is nothing else to do. */
export function Told(props: { readonly title: string; readonly sentence: string; readonly wayOut?: boolean }) {
  return (
    <Frame title={props.title}>
      <p role="status">{props.sentence}</p>
      {props.wayOut === true && (
        <a class="button" href="/">
          {words.value.signIn.toSignIn}
        </a>
      )}
    </Frame>
  );
}

interface WelcomeProps extends EntranceProps {
  readonly invite: string;
  readonly person: Invitation;
  readonly onUnusable: () => void;
}

function Welcome({ invite, person, onSignedIn, onUnusable }: WelcomeProps) {
  const say = words.value.signIn;
  const password = useSignal('');
  const wrong = useSignal<{ readonly password?: string; readonly all?: string }>({});
  const busy = useSignal(false);
  const form = useWrongFocus(wrong.value);

  async function send(): Promise<void> {
    if (busy.value) return;
    const holds = passwordHolds(checkPassword(password.value, person, person.minPasswordLength));
    wrong.value = holds ? {} : { password: say.passwordWeak };
    if (!holds) return;
    busy.value = true;
    try {
      onSignedIn(await acceptInvite(invite, password.value));
    } catch (error) {
      const { code } = failureOf(error);
      if (code === 'invite_unusable' || code === 'sign_in_failed') onUnusable();
      else if (code === 'weak_password') wrong.value = { password: say.passwordGuessable };
      else wrong.value = { all: sentence(error) };
    } finally {
      busy.value = false;
    }
  }

  return (
    <Frame title={say.joinTitle}>
      <p>{say.joinHello(person.name)}</p>
      <form
        ref={form}
        class="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <div class="field">
          <label for="join-login">{say.joinLogin}</label>
          {/* A field, not a text: password managers keep the name that stands beside the password. */}
          <input id="join-login" class="input exact" readOnly value={person.login} autocomplete="username" />
        </div>
        <NewPassword
          label={say.joinPassword}
          password={password}
          owner={person}
          minimum={person.minPasswordLength}
          wrong={wrong.value.password}
          testId="join-password"
        />
        <div role="alert">{wrong.value.all !== undefined && <p class="note danger">{wrong.value.all}</p>}</div>
        <button class="button main wide" data-testid="join" aria-disabled={busy.value}>
          {busy.value ? say.joining : say.join}
        </button>
      </form>
      <p class="quiet small">{say.joinNotYou}</p>
    </Frame>
  );
}
