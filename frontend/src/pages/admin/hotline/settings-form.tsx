/** A card of settings that is saved as one: it checks, sends, and says what is wrong beside the field it is about. */
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { useWrongFocus } from '../../../parts/field';
import { tell } from '../../../parts/toast';
import { failureOf, sentence } from '../../../server/sentence';
import { words } from '../../../words';
import { hotlineWords } from '../../../words/hotlines';
import { confirmed, NotConfirmed } from '../step-up';
import { LeaveGuard } from './leave-guard';

/** Sentences by the names of fields; `all` is about the whole. */
export type Wrong = Readonly<Record<string, string>>;

export interface SettingsFormProps<T> {
  readonly title: string;
  readonly intro?: string;
  readonly testId: string;
  /** The fields that draw what is wrong with them; the rest is said at the end. */
  readonly fields: readonly string[];
  readonly touched: boolean;
  readonly check?: () => Wrong;
  readonly save: () => Promise<T>;
  readonly onSaved: (saved: T) => void;
  readonly children: (wrong: Wrong) => ComponentChildren;
}

/** What the server had against it, at its field where that is drawn. */
export function refusalOf(error: unknown, fields: readonly string[]): Wrong {
  if (error instanceof NotConfirmed) return { all: words.value.admin.stepUp.cancelled };
  const { field } = failureOf(error);
  return field !== null && fields.includes(field) ? { [field]: sentence(error) } : { all: sentence(error) };
}

export function SettingsForm<T>(props: SettingsFormProps<T>) {
  const say = hotlineWords.value.parts;
  const title = useId();
  const wrong = useSignal<Wrong>({});
  const busy = useSignal(false);
  const form = useWrongFocus(wrong.value);

  async function send(): Promise<void> {
    if (busy.value) return;
    wrong.value = props.check?.() ?? {};
    if (Object.keys(wrong.value).length > 0) return;
    busy.value = true;
    try {
      props.onSaved(await confirmed(props.save));
      tell(say.saved);
    } catch (error) {
      wrong.value = refusalOf(error, props.fields);
    } finally {
      busy.value = false;
    }
  }

  const { all } = wrong.value;
  return (
    <>
      <LeaveGuard touched={props.touched} />
      <form
        ref={form}
        class="card stack settings"
        noValidate
        aria-labelledby={title}
        data-testid={props.testId}
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <h3 id={title} class="card-title">
          {props.title}
        </h3>
        {props.intro !== undefined && <p class="quiet">{props.intro}</p>}
        {props.children(wrong.value)}
        <div role="alert">
          {all !== undefined && <p class="note danger">{all}</p>}
          {all === undefined && Object.keys(wrong.value).length > 0 && <p class="note danger">{say.wrongAbove}</p>}
        </div>
        <div class="save-bar">
          <button class="button main" data-testid={`${props.testId}-save`} aria-disabled={busy.value}>
            {busy.value ? say.saving : words.value.common.save}
          </button>
          {props.touched && <span class="quiet small">{say.unsaved}</span>}
        </div>
      </form>
    </>
  );
}
