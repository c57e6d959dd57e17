/** A volunteer's own phones beside the browser. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Toasts, tell } from '../../parts/toast';
import { listen } from '../../server/events';
import { addOwnPhone, readOwnPhones, type SipPhone } from '../../server/phones';
import type { Me } from '../../server/wire';
import '../../style/phone.css';
import { words } from '../../words';
import { sipWords } from '../../words/sip';
import { Empty, Shown, useReading } from '../admin/remote';
import { StepUpDialog } from '../admin/step-up-dialog';
import { LanguageChoice } from '../phone/language-choice';
import { PhoneCard } from './phone-card';
import { AddDialog } from './phone-dialogs';
import './phones.css';
import { PrivatePhoneSection } from './private-phone';

/** A registration may end without an event to this page: look again this often, in milliseconds. */
const LOOK_EVERY = 20_000;

export interface PhonesPageProps {
  readonly me: Me;
  /** The session is over. */
  readonly onSignedOut: () => void;
  readonly onSignOut: () => void;
}

export function PhonesPage({ me, onSignedOut, onSignOut }: PhonesPageProps) {
  const say = sipWords.value;
  const phones = useReading(readOwnPhones, 'phones');
  const adding = useSignal(false);
  const lost = useSignal(false);
  const title = `${say.mine.title} · ${words.value.common.product}`;

  useEffect(() => {
    document.title = title;
  }, [title]);
  useEffect(() => {
    const close = listen((event) => {
      if (event.kind === 'session_ended') onSignedOut();
      if (event.kind === 'stream') lost.value = !event.open;
      if (event.kind === 'sip_phone' || (event.kind === 'stream' && event.open)) phones.again();
    });
    const timer = setInterval(() => {
      if (!document.hidden) phones.again();
    }, LOOK_EVERY);
    return () => {
      close();
      clearInterval(timer);
    };
  }, []);

  function added(phone: SipPhone): void {
    adding.value = false;
    tell(say.add.added(phone.label));
    phones.again();
  }

  return (
    <>
      <header class="page-head phone-head">
        <p class="product">{words.value.common.product}</p>
        <nav class="row" aria-label={words.value.common.product}>
          <span class="quiet small person-here">{me.name}</span>
          <a class="button bare small" href="/" data-testid="to-phone">{say.mine.back}</a>
          <LanguageChoice />
          <button type="button" class="button bare small" onClick={onSignOut}>{words.value.common.signOut}</button>
        </nav>
      </header>
      <main class="page-body stack phones">
        <h1>{say.mine.title}</h1>
        <p class="quiet lead">{say.mine.intro}</p>
        {lost.value && <p class="note warn" role="status">{say.mine.lost}</p>}
        <Shown reading={phones}>
          {({ items, most }) => (
            <>
              {items.length === 0 && (
                <div class="card">
                  <Empty what={say.mine.none} hint={say.mine.noneHint} />
                </div>
              )}
              <ul class="stack" data-testid="my-phones">
                {items.map((phone) => (
                  <li key={phone.id} class="card stack tight" data-testid={`phone-${phone.label}`}>
                    <h2>{phone.label}</h2>
                    <PhoneCard phone={phone} door="/api/phones" onChanged={phones.again} onGone={phones.again} />
                  </li>
                ))}
              </ul>
              {items.length >= most ? (
                <p class="quiet">{say.mine.full(most)}</p>
              ) : (
                <div class="row">
                  <button type="button" class="button main" data-testid="phone-add" onClick={() => (adding.value = true)}>
                    {say.add.deed}
                  </button>
                </div>
              )}
            </>
          )}
        </Shown>
        <PrivatePhoneSection />
      </main>
      {adding.value && <AddDialog title={say.add.title} onAdd={addOwnPhone} onDone={added} onClose={() => (adding.value = false)} />}
      <StepUpDialog />
      <Toasts />
    </>
  );
}
