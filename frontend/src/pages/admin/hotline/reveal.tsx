/** The end of a caller's number, for whoever must see it; and everything of a caller forgotten. Both are written down. */
import { useSignal } from '@preact/signals';
import { Confirm } from '../../../parts/confirm';
import { tell } from '../../../parts/toast';
import { forgetCaller, revealMasked, type Revealed } from '../../../server/callers';
import { hotlineWords } from '../../../words/hotlines';
import { attempt } from '../deed';
import { Consequences } from '../overview';

export interface RevealProps {
  readonly caller: string;
  readonly label: string;
  readonly onForgotten?: () => void;
}

type Asked = 'none' | 'reveal' | 'forget';

export function Reveal({ caller, label, onForgotten }: RevealProps) {
  const say = hotlineWords.value.privacy;
  const asked = useSignal<Asked>('none');
  const shown = useSignal<Revealed | null>(null);

  async function reveal(): Promise<void> {
    shown.value = await attempt(() => revealMasked(caller));
    asked.value = 'none';
  }

  async function forget(): Promise<void> {
    const done = await attempt(async () => {
      await forgetCaller(caller);
      return true;
    });
    asked.value = 'none';
    if (done === null) return;
    tell(say.forgotten(label));
    onForgotten?.();
  }

  return (
    <>
      <span role="status">
        {shown.value !== null && (
          <span class="exact" data-testid="masked">
            {shown.value.masked ?? say.withheld}
          </span>
        )}
      </span>
      <button type="button" class="button small" data-testid="reveal" onClick={() => (asked.value = 'reveal')}>
        {say.reveal}
        <span class="only-heard"> {label}</span>
      </button>
      <button type="button" class="button small" onClick={() => (asked.value = 'forget')}>
        {say.forget}
        <span class="only-heard"> {label}</span>
      </button>
      {asked.value === 'reveal' && (
        <Confirm title={say.revealTitle(label)} deed={say.revealDeed} danger onYes={reveal} onNo={() => (asked.value = 'none')}>
          <Consequences sentences={say.revealWhat} />
        </Confirm>
      )}
      {asked.value === 'forget' && (
        <Confirm title={say.forgetTitle(label)} deed={say.forgetDeed} danger onYes={forget} onNo={() => (asked.value = 'none')}>
          <Consequences sentences={say.forgetWhat} />
        </Confirm>
      )}
    </>
  );
}
