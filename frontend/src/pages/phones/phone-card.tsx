/** One phone: how it stands, what is wrong with it, and what can be done. Its owner and administrators see the same. */
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { Status } from '../../parts/status';
import type { Door, SipPhone } from '../../server/phones';
import { language } from '../../words';
import { sipWords } from '../../words/sip';
import { moment } from '../admin/moments';
import { ChangeDialog, LinkDialog, RemoveDialog } from './phone-dialogs';
import { coded, standingOf, unread } from './in-words';
import { RingMe } from './ring-me';

export interface PhoneCardProps {
  readonly phone: SipPhone;
  readonly door: Door;
  /** Something was changed: read again. */
  readonly onChanged: () => void;
  /** It was taken away. */
  readonly onGone: () => void;
  /** More to be done, by those who may. */
  readonly children?: ComponentChildren;
}

type Open = 'none' | 'link' | 'change' | 'remove';

export function PhoneCard({ phone, door, onChanged, onGone, children }: PhoneCardProps) {
  const say = sipWords.value.phone;
  const open = useSignal<Open>('none');
  const close = () => (open.value = 'none');
  const { label } = phone;
  const ready = phone.state === 'ready';
  const fresh = phone.credentials_given_at === null;

  return (
    <div class="stack phone-card">
      <PhoneFacts phone={phone} />
      <div class="row">
        {ready && (
          <button type="button" class={fresh ? 'button main' : 'button'} aria-label={fresh ? say.setUpOf(label) : say.newLinkOf(label)} data-testid="phone-link" onClick={() => (open.value = 'link')}>
            {fresh ? say.setUp : say.newLink}
          </button>
        )}
        <button type="button" class="button" aria-label={say.changeOf(label)} data-testid="phone-change" onClick={() => (open.value = 'change')}>
          {say.change}
        </button>
        <button type="button" class="button" aria-label={say.removeOf(label)} data-testid="phone-remove" onClick={() => (open.value = 'remove')}>
          {say.remove}
        </button>
        {children}
        {ready && !fresh && <RingMe door={door} phone={phone} words={door === '/api/phones' ? say.ring : say.ringThis} />}
      </div>
      {open.value === 'link' && <LinkDialog door={door} phone={phone} onDone={onChanged} onClose={close} />}
      {open.value === 'change' && <ChangeDialog door={door} phone={phone} onDone={onChanged} onClose={close} />}
      {open.value === 'remove' && <RemoveDialog door={door} phone={phone} onDone={onGone} onClose={close} />}
    </div>
  );
}

/** State, facts, and what should be looked at. */
export function PhoneFacts({ phone }: { readonly phone: SipPhone }) {
  const say = sipWords.value;
  const { registration } = phone;
  const standing = standingOf(phone);
  const here = registration.state === 'registered' || registration.state === 'doubtful';
  const missing = unread(registration);
  const facts: readonly (readonly [string, string | null])[] = [
    [say.registration.device, registration.device],
    [say.registration.since, here ? time(registration.since) : null],
    [here ? say.registration.until : say.registration.was, time(registration.until)],
    [say.registration.read, time(registration.read_at)],
    [say.phone.username, phone.username],
    [say.phone.keys, phone.send_digits],
  ];
  return (
    <>
      <p data-testid="phone-state">
        <Status mood={standing.mood}>{standing.sentence}</Status>
      </p>
      {missing !== null && <p class="quiet small">{missing}</p>}
      {phone.state !== 'ready' && phone.state !== 'missing_at_plivo' && <p class="quiet small">{say.pendingHint}</p>}
      {phone.problem !== null && <p class="note warn">{say.plivoSaid(phone.problem)}</p>}
      <dl class="phone-facts">
        {facts.map(([name, value]) => value !== null && (
          <div key={name} class={value === phone.username ? 'whole' : undefined}>
            <dt class="quiet small">{name}</dt>
            <dd class={value === phone.username || value === phone.send_digits ? 'exact' : 'numbers'}>{value}</dd>
          </div>
        ))}
      </dl>
      {phone.advice.map((one) => (
        <div key={one.code} class={one.code === 'refused_program' ? 'note danger stack' : 'note warn stack'}>
          <p>{coded(say.advice, one)}</p>
          {one.causes.length > 0 && (
            <ol class="numbered">
              {one.causes.map((cause) => <li key={cause.code}>{coded(say.causes, cause)}</li>)}
            </ol>
          )}
        </div>
      ))}
    </>
  );
}

function time(at: number | null): string | null {
  return at === null ? null : moment(at, language.value, Date.now());
}
