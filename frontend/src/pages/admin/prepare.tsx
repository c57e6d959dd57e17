/** “Check and prepare”: asks Plivo about the account, sets our application up there, and says what is wrong. */
import { useSignal } from '@preact/signals';
import { Status } from '../../parts/status';
import { prepareConnection, type Connection, type Prepared } from '../../server/admin';
import { inWords, sentence } from '../../server/sentence';
import { language, words } from '../../words';
import { readNumbers, showNumber } from './checks';
import { moment } from './moments';
import { confirmed, NotConfirmed } from './step-up';

type State =
  | { readonly kind: 'idle' }
  | { readonly kind: 'asking' }
  | { readonly kind: 'failed'; readonly why: string }
  | { readonly kind: 'done'; readonly at: number; readonly prepared: Prepared };

export interface PrepareProps {
  readonly connection: Connection;
  readonly unsaved: boolean;
  readonly onPrepared: () => void;
  /** The person wants these numbers of the account in the form. */
  readonly onNumbers: (numbers: readonly string[]) => void;
}

export function Prepare({ connection, unsaved, onPrepared, onNumbers }: PrepareProps) {
  const say = words.value.admin.connection;
  const state = useSignal<State>({ kind: 'idle' });
  const now = state.value;

  async function prepare(): Promise<void> {
    if (now.kind === 'asking') return;
    state.value = { kind: 'asking' };
    try {
      const prepared = await confirmed(() => prepareConnection(connection.id));
      state.value = { kind: 'done', at: Date.now(), prepared };
      onPrepared();
    } catch (error) {
      state.value = error instanceof NotConfirmed ? { kind: 'idle' } : { kind: 'failed', why: sentence(error) };
    }
  }

  return (
    <section class="card stack" aria-labelledby="prepare-title">
      <h2 id="prepare-title">{say.prepareTitle}</h2>
      <p class="quiet">{say.prepareHint}</p>
      <div class="row">
        <button
          type="button"
          class={connection.application_id === null ? 'button main' : 'button'}
          data-testid="conn-prepare"
          aria-disabled={now.kind === 'asking'}
          onClick={() => void prepare()}
        >
          {say.prepare}
        </button>
        {unsaved && <span class="small quiet">{say.prepareSaveFirst}</span>}
      </div>
      <div role="status" data-testid="conn-prepared">
        {now.kind === 'asking' && (
          <p class="quiet">
            <progress aria-hidden="true" class="progress" /> {say.preparing}
          </p>
        )}
        {now.kind === 'failed' && <p class="note danger">{now.why}</p>}
        {now.kind === 'done' && <Outcome {...now} connection={connection} onNumbers={onNumbers} />}
      </div>
    </section>
  );
}

interface OutcomeProps {
  readonly at: number;
  readonly prepared: Prepared;
  readonly connection: Connection;
  readonly onNumbers: (numbers: readonly string[]) => void;
}

function Outcome({ at, prepared, connection, onNumbers }: OutcomeProps) {
  const say = words.value.admin.connection;
  const { account, application, problems } = prepared;
  const theirs = readNumbers(prepared.numbers.join('\n')).good;
  const missing = theirs.filter((number) => !connection.numbers.includes(number));
  const strange = connection.numbers.filter((number) => !theirs.includes(number));
  const credits = account === null ? null : account.cash_credits;
  return (
    <div class="stack tight">
      <p class="small quiet">{say.checked(moment(at, language.value, at))}</p>
      <ul class="stack tight">
        {account !== null && (
          <li>
            <Status mood="good">{say.steps.account(account.name ?? connection.auth_id, account.type ?? '–')}</Status>
          </li>
        )}
        {credits !== null && (
          <li>
            <Status mood={Number(credits) > 0 ? 'good' : 'warn'}>{say.steps.credits(credits)}</Status>
          </li>
        )}
        {application !== null && (
          <li>
            <Status mood="good">{applicationInWords(application)}</Status>
          </li>
        )}
        <li>
          {theirs.length === 0 ? (
            <Status mood="warn">{say.steps.numbersNone}</Status>
          ) : (
            <Status mood="good">{say.steps.numbers(theirs.map(showNumber).join(', '))}</Status>
          )}
        </li>
        {strange.length > 0 && (
          <li>
            <Status mood="warn">{say.steps.numbersUnknown(strange.map(showNumber).join(', '))}</Status>
          </li>
        )}
      </ul>
      {missing.length > 0 && (
        <div class="row">
          <button type="button" class="button small" data-testid="conn-add-numbers" onClick={() => onNumbers(missing)}>
            {say.steps.addNumbers}: {missing.map(showNumber).join(', ')}
          </button>
        </div>
      )}
      {problems.length === 0 ? (
        <p class="note good">{say.steps.good}</p>
      ) : (
        <div class="note danger stack tight">
          <p class="strong">{say.steps.problems(problems.length)}</p>
          <ul class="consequences">
            {problems.map(({ code, message }) => (
              <li key={code}>{inWords(code, message)}</li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}

function applicationInWords(application: NonNullable<Prepared['application']>): string {
  const { steps } = words.value.admin.connection;
  if (application.created) return steps.created(application.name);
  return application.changed ? steps.changed(application.name) : steps.unchanged(application.name);
}
