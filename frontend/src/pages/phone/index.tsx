/** The volunteer's page: one large state, and around it what a volunteer needs now and then. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Dialog } from '../../parts/dialog';
import { onCall } from '../../phone/state';
import type { Me } from '../../server/wire';
import type { Session } from '../../session';
import '../../style/phone.css';
import { words } from '../../words';
import { Devices } from './devices';
import { Dialling } from './dialling';
import { AfterCall } from './after-call';
import { BlockQuestion } from './caller';
import { Voicemails } from './voicemails';
import { bindKeys } from './keys';
import { LanguageChoice } from './language-choice';
import { keepLists } from './lists';
import { PhoneNews } from '../phones/notice';
import { RecentCalls } from './recent';
import { spoken, StateCard } from './state-card';

export interface PhonePageProps {
  readonly me: Me;
  readonly session: Session;
  readonly onSignOut: () => void;
}

export function PhonePage({ me, session, onSignOut }: PhonePageProps) {
  const say = words.value.phone;
  const help = useSignal(false);
  const phone = session.phone.value;
  const state = say.state[phone.kind];

  useEffect(() => bindKeys(session, () => (help.value = true)), [session]);
  useEffect(() => keepLists(), []);
  useEffect(() => {
    if (phone.kind !== 'ringing') document.title = `${state} · ${words.value.common.product}`;
  }, [phone.kind, state]);

  return (
    <>
      <header class="page-head phone-head">
        <p class="product">{words.value.common.product}</p>
        <nav class="row" aria-label={words.value.common.product}>
          <span class="quiet small person-here">{me.name}</span>
          <a class="button bare small" href="/phones" data-testid="to-phones">{say.myPhones}</a>
          {me.role === 'admin' && <a class="button bare small" href="/admin" data-testid="to-admin">{say.admin}</a>}
          <button type="button" class="button bare small" data-testid="help" onClick={() => (help.value = true)}>{say.help}</button>
          <LanguageChoice />
          <button type="button" class="button bare small" data-testid="sign-out" onClick={onSignOut}>{words.value.common.signOut}</button>
        </nav>
      </header>
      <main class="page-body phone-page">
        <p class="only-heard" aria-live={onCall(phone) ? 'assertive' : 'polite'} data-testid="spoken">{spoken(phone)}</p>
        <div class="phone-first">
          <PhoneNews />
          <StateCard phone={phone} session={session} />
          <AfterCall />
          <Voicemails />
          <RecentCalls />
        </div>
        <div class="phone-second">
          <Dialling me={me} phone={phone} session={session} />
          <Devices session={session} />
        </div>
      </main>
      <BlockQuestion phone={onCall(phone) ? phone : null} />
      {help.value && <Help onClose={() => (help.value = false)} />}
    </>
  );
}

function Help({ onClose }: { readonly onClose: () => void }) {
  const say = words.value.phone;
  return (
    <Dialog title={say.helpTitle} onClose={onClose} testId="help-panel">
      <dl class="help">
        {say.helpKeys.map(([key, what]) => (
          <div key={key}>
            <dt><kbd class="key">{key}</kbd></dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
