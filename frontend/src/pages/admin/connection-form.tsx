/** The form of the connection: account, numbers, countries, tokens. */
import { useComputed, useSignal, useSignalEffect, type Signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { ChoiceField, PasswordField, RadioField, TextField, useWrongFocus } from '../../parts/field';
import { tell } from '../../parts/toast';
import { changeConnection, createConnection, type Connection } from '../../server/admin';
import { failureOf, sentence } from '../../server/sentence';
import { language, words } from '../../words';
import { isSubAccount, readNumbers, showNumber } from './checks';
import { changesOf, creationOf, draftOf, problemsOf, restOf, type Draft, type DraftProblems } from './connection-draft';
import { countries } from './countries';
import { CountryPicker } from './country-picker';
import { confirmed, NotConfirmed } from './step-up';

export interface ConnectionFormProps {
  readonly held: Connection | null;
  /** Numbers to be added to the field, as the check has found them. */
  readonly found: Signal<readonly string[]>;
  readonly onTouched: (touched: boolean) => void;
  readonly onSaved: (connection: Connection) => void;
}

type Fields = { readonly [Name in keyof Draft]: Signal<Draft[Name]> };

function useFields(begin: Draft): Fields {
  return {
    name: useSignal(begin.name),
    authId: useSignal(begin.authId),
    authToken: useSignal(begin.authToken),
    country: useSignal(begin.country),
    numbers: useSignal(begin.numbers),
    callerId: useSignal(begin.callerId),
    source: useSignal(begin.source),
    lifetime: useSignal(begin.lifetime),
    allowed: useSignal(begin.allowed),
  };
}

function written(fields: Fields): Draft {
  return {
    name: fields.name.value,
    authId: fields.authId.value,
    authToken: fields.authToken.value,
    country: fields.country.value,
    numbers: fields.numbers.value,
    callerId: fields.callerId.value,
    source: fields.source.value,
    lifetime: fields.lifetime.value,
    allowed: fields.allowed.value,
  };
}

/** The country the browser's language hints at: a beginning, not a decision. */
function likelyCountry(): string {
  return new Intl.Locale(navigator.language).maximize().region ?? 'US';
}

type Wrong = DraftProblems & { readonly all?: string; readonly refusedId?: string; readonly refusedToken?: string };

export function ConnectionForm({ held, found, onTouched, onSaved }: ConnectionFormProps) {
  const say = words.value.admin.connection;
  const fields = useFields(draftOf(held, likelyCountry()));
  const wrong = useSignal<Wrong>({});
  const busy = useSignal(false);
  const form = useWrongFocus(wrong.value);
  const touched = useComputed(() => held !== null && Object.keys(changesOf(written(fields), held)).length > 0);

  useEffect(() => onTouched(touched.value), [touched.value, held]);
  useSignalEffect(() => {
    if (found.value.length === 0) return;
    const numbers = [...new Set([...readNumbers(fields.numbers.peek()).good, ...found.value])];
    fields.numbers.value = numbers.map(showNumber).join('\n');
    found.value = [];
  });

  async function save(draft: Draft): Promise<Connection> {
    if (held !== null) return changeConnection(held.id, changesOf(draft, held));
    const made = await createConnection(creationOf(draft));
    const rest = restOf(draft, made);
    return Object.keys(rest).length === 0 ? made : changeConnection(made.id, rest);
  }

  async function send(): Promise<void> {
    if (busy.value) return;
    const draft = written(fields);
    wrong.value = problemsOf(draft, held);
    if (Object.keys(wrong.value).length > 0) return;
    busy.value = true;
    try {
      const saved = await confirmed(() => save(draft));
      fields.authToken.value = '';
      fields.authId.value = saved.auth_id;
      fields.callerId.value = saved.caller_id ?? '';
      fields.numbers.value = saved.numbers.map(showNumber).join('\n');
      tell(held === null ? say.created : say.saved);
      onSaved(saved);
    } catch (error) {
      wrong.value = refusal(error);
    } finally {
      busy.value = false;
    }
  }

  return (
    <form
      ref={form}
      class="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <Account fields={fields} held={held} wrong={wrong.value} />
      <Numbers fields={fields} wrong={wrong.value} />
      <CountryPicker chosen={fields.allowed} />
      <Tokens fields={fields} held={held} wrong={wrong.value} />
      <div role="alert">
        {wrong.value.all !== undefined && <p class="note danger">{wrong.value.all}</p>}
        {wrong.value.all === undefined && Object.keys(wrong.value).length > 0 && <p class="note danger">{say.wrongBelow}</p>}
      </div>
      <div class="save-bar">
        <button class="button main" data-testid="conn-save" aria-disabled={busy.value}>
          {busy.value ? say.saving : held === null ? say.create : words.value.common.save}
        </button>
        {touched.value && <span class="quiet small">{say.unsaved}</span>}
      </div>
    </form>
  );
}

/** A refusal of the server, at the field it is about where we know it. */
function refusal(error: unknown): Wrong {
  if (error instanceof NotConfirmed) return { all: words.value.admin.stepUp.cancelled };
  const { code, field } = failureOf(error);
  const known: Readonly<Record<string, string>> = words.value.admin.connection.refused;
  const said = known[code] ?? sentence(error);
  if (field === 'auth_id') return { refusedId: said };
  if (field === 'auth_token') return { refusedToken: said };
  return { all: said };
}

interface PartProps {
  readonly fields: Fields;
  readonly wrong: Wrong;
}

function Account({ fields, held, wrong }: PartProps & { readonly held: Connection | null }) {
  const say = words.value.admin.connection;
  const idWrong = wrong.refusedId ?? (wrong.authId && say.authIdProblems[wrong.authId]);
  const tokenWrong = wrong.refusedToken ?? (wrong.authToken && say.authTokenProblems[wrong.authToken]);
  return (
    <section class="card stack" aria-labelledby="account-title">
      <h2 id="account-title">{say.account}</h2>
      <TextField
        label={say.name}
        text={fields.name}
        hint={say.nameHint}
        wrong={wrong.name && say.nameMissing}
        testId="conn-name"
      />
      <TextField label={say.authId} text={fields.authId} hint={say.authIdHint} wrong={idWrong} exact testId="conn-auth-id" />
      <div role="status">{isSubAccount(fields.authId.value) && <p class="note warn small">{say.subAccount}</p>}</div>
      <PasswordField
        label={say.authToken}
        text={fields.authToken}
        hint={held === null ? say.authTokenHint : say.authTokenStored(held.auth_token_last4)}
        wrong={tokenWrong}
        autocomplete="off"
        testId="conn-auth-token"
      />
    </section>
  );
}

function Numbers({ fields, wrong }: PartProps) {
  const say = words.value.admin.connection;
  const { good } = readNumbers(fields.numbers.value);
  return (
    <section class="card stack" aria-labelledby="numbers-title">
      <h2 id="numbers-title">{say.numbersTitle}</h2>
      <ChoiceField
        label={say.country}
        value={fields.country}
        hint={say.countryHint}
        choices={countries(language.value).map(({ code, name }) => ({ value: code, label: name }))}
        testId="conn-country"
      />
      <TextField
        label={say.numbers}
        text={fields.numbers}
        hint={say.numbersHint}
        wrong={wrong.numbers && say.numbersBad(wrong.numbers.join(', '))}
        lines={3}
        exact
        testId="conn-numbers"
      />
      <ChoiceField
        label={say.callerId}
        value={fields.callerId}
        hint={say.callerIdHint}
        choices={[
          { value: '', label: say.callerIdNone },
          ...good.map((number) => ({ value: number, label: showNumber(number) })),
        ]}
        testId="conn-caller-id"
      />
    </section>
  );
}

function Tokens({ fields, held, wrong }: PartProps & { readonly held: Connection | null }) {
  const say = words.value.admin.connection;
  const choices = (['auto', 'local', 'plivo'] as const).map((value) => ({
    value,
    label: say.sources[value],
    explanation: say.sourceHints[value],
  }));
  return (
    <section class="card stack" aria-labelledby="tokens-title">
      <h2 id="tokens-title">{say.tokensTitle}</h2>
      <p class="quiet">{say.tokensHint}</p>
      <RadioField label={say.source} value={fields.source} choices={choices} testId="conn-token-source" />
      {held !== null && held.token_source === 'auto' && (
        <p class="small quiet">{say.settled(say.sources[held.settled_source])}</p>
      )}
      <TextField
        label={say.lifetime}
        text={fields.lifetime}
        hint={say.lifetimeHint}
        wrong={wrong.lifetime && say.lifetimeWrong}
        inputMode="numeric"
        testId="conn-lifetime"
      />
    </section>
  );
}
