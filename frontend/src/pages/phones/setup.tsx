/** The page behind `/phone-setup#<secret>`: a button, then, once, what a phone signs in with. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Copy } from '../../parts/copy';
import { Toasts } from '../../parts/toast';
import { usePhoneLink, type Provision } from '../../server/phones';
import { failureOf, sentence } from '../../server/sentence';
import { words } from '../../words';
import { sipWords } from '../../words/sip';
import { LanguageChoice } from '../phone/language-choice';
import { Frame } from '../sign-in/frame';
import { onInvitePasted, takeInvite } from '../sign-in/invite';
import { useFollow } from './follow';
import '../../style/phone.css';
import './phones.css';
import { programNames, programs, type ProgramName } from './programs';
import { isLong, ProgramSteps } from './program-steps';
import { Waiting } from './waiting';

type State =
  | { readonly kind: 'none' }
  | { readonly kind: 'closed'; readonly secret: string; readonly why: string | null }
  | { readonly kind: 'used' }
  | { readonly kind: 'open'; readonly provision: Provision };

export function PhoneSetupPage() {
  const say = sipWords.value.setup;
  const state = useSignal<State>({ kind: 'none' });
  const now = state.value;

  useEffect(() => {
    const take = (secret: string) => {
      // What is shown is shown once: another link pasted over it must not take it away.
      if (state.value.kind !== 'open') state.value = { kind: 'closed', secret, why: null };
    };
    const secret = takeInvite();
    if (secret !== null) take(secret);
    return onInvitePasted(take);
  }, []);

  switch (now.kind) {
    case 'none':
      return (
        <Frame title={say.title}>
          <p role="status">{say.none}</p>
          <a class="button" href="/phones">{say.mine}</a>
        </Frame>
      );
    case 'used':
      return (
        <Frame title={say.usedTitle}>
          <p role="alert" data-testid="link-used">{say.used}</p>
          <a class="button" href="/phones">{say.mine}</a>
        </Frame>
      );
    case 'closed':
      return <Closed {...now} onState={(next) => (state.value = next)} />;
    case 'open':
      return <Open provision={now.provision} />;
    default:
      return now satisfies never;
  }
}

interface ClosedProps {
  readonly secret: string;
  readonly why: string | null;
  readonly onState: (state: State) => void;
}

function Closed({ secret, why, onState }: ClosedProps) {
  const say = sipWords.value.setup;
  const busy = useSignal(false);

  async function open(): Promise<void> {
    if (busy.value) return;
    busy.value = true;
    try {
      onState({ kind: 'open', provision: await usePhoneLink(secret) });
    } catch (error) {
      const { code, status } = failureOf(error);
      const over = code === 'link_used_up' || status === 410;
      onState(over ? { kind: 'used' } : { kind: 'closed', secret, why: sentence(error) });
    } finally {
      busy.value = false;
    }
  }

  return (
    <Frame title={say.title}>
      <p>{say.what}</p>
      <p>{say.before}</p>
      <div role="alert">{why !== null && <p class="note danger">{why}</p>}</div>
      <button type="button" class="button main wide" data-testid="reveal" aria-disabled={busy.value} onClick={() => void open()}>
        {busy.value ? say.going : say.go}
      </button>
    </Frame>
  );
}

function Open({ provision }: { readonly provision: Provision }) {
  const say = sipWords.value.setup;
  const program = useSignal<ProgramName>('zoiper');
  const follow = useFollow(provision.account.username);
  const done = follow.kind === 'registered';
  const title = say.titleOf(provision.phone.label);

  useEffect(() => {
    document.title = `${title} · ${words.value.common.product}`;
  }, [title]);
  // What is on this page cannot be had again.
  useEffect(() => {
    if (done) return undefined;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [done]);

  return (
    <>
      <header class="page-head phone-head">
        <p class="product">{words.value.common.product}</p>
        <LanguageChoice />
      </header>
      <main class="page-body stack setup">
        <div class="stack tight">
          <h1 ref={focus} tabIndex={-1}>{title}</h1>
          <p class="quiet">{provision.volunteer.name}</p>
        </div>
        <p class="note warn">{say.once}</p>
        <div class="setup-floor">
          <div class="stack">
            <Credentials provision={provision} />
            <section class="card stack" aria-labelledby="steps-title">
              <h2 id="steps-title">{say.steps}</h2>
              <fieldset class="program-choice">
                <legend>{say.program}</legend>
                {programNames.map((name) => (
                  <label key={name} class="radio">
                    <input type="radio" name="program" value={name} checked={program.value === name} data-testid={`program-${name}`} onChange={() => (program.value = name)} />
                    <span class="strong">{name === 'desk' ? say.desk : programs[name].name}</span>
                  </label>
                ))}
              </fieldset>
              <ProgramSteps key={program.value} name={program.value} provision={provision} />
            </section>
          </div>
          <div class="setup-wait">
            <Waiting follow={follow} provision={provision} />
          </div>
        </div>
      </main>
      <Toasts />
    </>
  );
}

/** Whoever pressed the button by ear or keyboard starts at the heading. */
function focus(heading: HTMLElement | null): void {
  if (heading !== null && document.activeElement === document.body) heading.focus();
}

function Credentials({ provision }: { readonly provision: Provision }) {
  const say = sipWords.value.setup.fields;
  const { account, server } = provision;
  const fields = [
    { name: 'username', label: say.username, text: account.username, hint: say.usernameHint },
    { name: 'auth', label: say.auth, text: account.auth_username, hint: say.authHint },
    { name: 'password', label: say.password, text: account.password, hint: null },
    { name: 'domain', label: say.domain, text: account.domain, hint: null },
    ...(server.outbound_proxy === null
      ? []
      : [{ name: 'proxy', label: say.proxy, text: server.outbound_proxy, hint: sipWords.value.setup.server(server.outbound_proxy) }]),
  ];
  return (
    <section class="card stack" aria-labelledby="fields-title">
      <h2 id="fields-title">{say.title}</h2>
      <dl class="credentials stack">
        {fields.map(({ name, label, text, hint }) => (
          <div key={name}>
            <dt class="strong">{label}</dt>
            <dd class={isLong(text) ? 'long' : undefined}>
              <Copy label={label} text={text} testId={`credential-${name}`} />
              {hint !== null && <p class="quiet small">{hint}</p>}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
