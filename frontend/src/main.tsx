/** Wiring: the styles, who is signed in, which page, and the one phone that outlives a change of page. */
import { lazy, Suspense } from 'preact/compat';
import { render } from 'preact';
import { useEffect } from 'preact/hooks';
import { forget, leave, me, unreachable, welcome, whoAmI } from './account';
import { PhonePage } from './pages/phone';
import { CallBar } from './pages/phone/call-bar';
import { guardClosing } from './pages/phone/closing';
import { beginDuty } from './hotline/duty';
import { makeBrowserSession } from './phone/world';
import { followLinks, go, path } from './route';
import type { Session } from './session';
import { endSoundCheck, noticeFirstPress } from './sound';
import './style/tokens.css';
import './style/base.css';
import { language, words } from './words';
import type { Me } from './server/wire';

const SignInPage = lazy(async () => ({ default: (await import('./pages/sign-in')).SignInPage }));
const JoinPage = lazy(async () => ({ default: (await import('./pages/sign-in')).JoinPage }));
const SetupPage = lazy(async () => ({ default: (await import('./pages/sign-in')).SetupPage }));
const PhonesPage = lazy(async () => ({ default: (await import('./pages/phones')).PhonesPage }));
const PhoneSetupPage = lazy(async () => ({ default: (await import('./pages/phones')).PhoneSetupPage }));
const AdminPage = lazy(async () => ({ default: (await import('./pages/admin')).AdminPage }));

function signedIn(person: Me): void {
  welcome(person);
  if (!path.value.startsWith('/admin') && path.value !== '/phones') go('/');
}

function Page({ session }: { readonly session: Session }) {
  const person = me.value;
  const id = person?.id;
  useEffect(() => {
    const now = me.value;
    if (!now) return undefined;
    beginDuty();
    session.start(now);
    return () => {
      endSoundCheck();
      session.stop();
    };
  }, [id]);

  const signOut = () => {
    session.stop();
    leave().then(undefined, forget);
  };

  if (path.value === '/join') return <JoinPage onSignedIn={signedIn} />;
  if (path.value === '/setup') return <SetupPage onSignedIn={signedIn} />;
  if (unreachable.value && !person) return <Unreachable />;
  if (person === undefined) return <Waiting />;
  if (person === null) return <SignInPage onSignedIn={signedIn} />;
  if (path.value.startsWith('/admin')) {
    return (
      <>
        <CallBar session={session} />
        <AdminPage me={person} onSignedOut={forget} onSignOut={signOut} />
      </>
    );
  }
  if (path.value === '/phones') {
    return (
      <>
        <CallBar session={session} />
        <PhonesPage me={person} onSignedOut={forget} onSignOut={signOut} />
      </>
    );
  }
  return <PhonePage me={person} session={session} onSignOut={signOut} />;
}

function Waiting() {
  return (
    <main class="page-body">
      <p class="quiet" role="status">{words.value.common.loading}</p>
    </main>
  );
}

function Unreachable() {
  return (
    <main class="page-body stack">
      <h1>{words.value.common.unreachable}</h1>
      <button type="button" class="button main" onClick={() => void whoAmI()}>{words.value.common.retry}</button>
    </main>
  );
}

function App({ session }: { readonly session: Session }) {
  useEffect(() => {
    document.documentElement.lang = language.value;
  }, [language.value]);
  return (
    <Suspense fallback={<Waiting />}>
      {/* The set-up page is no phone: a second one here would only take the line away. */}
      {path.value === '/phone-setup' ? <PhoneSetupPage /> : <Page session={session} />}
    </Suspense>
  );
}

const root = document.getElementById('app');
if (root) {
  const session = makeBrowserSession();
  followLinks();
  noticeFirstPress();
  guardClosing(session);
  void whoAmI();
  render(<App session={session} />, root);
}
