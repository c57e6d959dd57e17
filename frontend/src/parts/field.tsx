/** Form fields: a label, a hint, an input and the sentence that says what is wrong with it. */
import { useSignal, type Signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { words } from '../words';
import './parts.css';
import './field.css';

interface FieldProps {
  readonly label: string;
  readonly hint?: ComponentChildren;
  /** What is wrong, as a sentence; nothing when all is well. */
  readonly wrong?: string | undefined;
  readonly testId?: string;
}

export interface TextFieldProps extends FieldProps {
  readonly text: Signal<string>;
  readonly kind?: 'text' | 'password' | 'search';
  readonly autocomplete?: string;
  readonly inputMode?: 'text' | 'numeric' | 'tel';
  /** More than one line of text. */
  readonly lines?: number;
  /** Something to be compared character by character: an id, a number, a code. */
  readonly exact?: boolean;
  readonly first?: boolean;
  readonly onLeave?: () => void;
}

interface Ids {
  readonly input: string;
  readonly hint: string;
  readonly wrong: string;
}

function useIds(): Ids {
  const id = useId();
  return { input: id, hint: `${id}-hint`, wrong: `${id}-wrong` };
}

function describedBy(ids: Ids, { hint, wrong }: FieldProps): string | undefined {
  const names = [hint === undefined ? '' : ids.hint, wrong === undefined ? '' : ids.wrong].filter((name) => name !== '');
  return names.length === 0 ? undefined : names.join(' ');
}

function Around({ ids, children, ...field }: FieldProps & { readonly ids: Ids; readonly children: ComponentChildren }) {
  return (
    <div class="field">
      <label for={ids.input}>{field.label}</label>
      {children}
      {field.wrong !== undefined && (
        <p class="wrong" id={ids.wrong}>
          {field.wrong}
        </p>
      )}
      {field.hint !== undefined && (
        <div class="hint" id={ids.hint}>
          {field.hint}
        </div>
      )}
    </div>
  );
}

/** A line, or some lines, of text. */
export function TextField(props: TextFieldProps) {
  const { text, kind = 'text', lines, exact = false } = props;
  const ids = useIds();
  const shared = {
    id: ids.input,
    class: exact ? 'input exact' : 'input',
    value: text.value,
    'aria-invalid': props.wrong !== undefined,
    'aria-describedby': describedBy(ids, props),
    'data-testid': props.testId,
    'data-first': props.first === true ? true : undefined,
    autocomplete: props.autocomplete ?? 'off',
    inputMode: props.inputMode,
    spellcheck: false,
    autocapitalize: exact || kind === 'password' ? ('none' as const) : undefined,
    onBlur: props.onLeave,
  };
  function draw() {
    const onInput = (event: { readonly currentTarget: { readonly value: string } }) => {
      text.value = event.currentTarget.value;
    };
    if (lines !== undefined) return <textarea {...shared} rows={lines} onInput={onInput} />;
    if (kind === 'password') return <input {...shared} type="password" onInput={onInput} />;
    if (kind === 'search') return <input {...shared} type="search" onInput={onInput} />;
    return <input {...shared} type="text" onInput={onInput} />;
  }

  return (
    <Around ids={ids} {...props}>
      {draw()}
    </Around>
  );
}

/** A password, hidden until its owner wants to see it. */
export function PasswordField(props: Omit<TextFieldProps, 'kind' | 'lines'>) {
  const shown = useSignal(false);
  return (
    <div class="password">
      <TextField {...props} kind={shown.value ? 'text' : 'password'} exact />
      <button
        type="button"
        class="button bare show"
        aria-pressed={shown.value}
        onClick={() => (shown.value = !shown.value)}
      >
        {shown.value ? words.value.signIn.hidePassword : words.value.signIn.showPassword}
      </button>
    </div>
  );
}

export interface Choice {
  readonly value: string;
  readonly label: string;
}

export interface ChoiceFieldProps extends FieldProps {
  readonly value: Signal<string>;
  readonly choices: readonly Choice[];
}

/** One of a few, from a list that unfolds. */
export function ChoiceField(props: ChoiceFieldProps) {
  const ids = useIds();
  return (
    <Around ids={ids} {...props}>
      <select
        id={ids.input}
        class="input"
        data-testid={props.testId}
        aria-invalid={props.wrong !== undefined}
        aria-describedby={describedBy(ids, props)}
        value={props.value.value}
        onChange={(event) => (props.value.value = event.currentTarget.value)}
      >
        {props.choices.map((choice) => (
          <option key={choice.value} value={choice.value} selected={choice.value === props.value.value}>
            {choice.label}
          </option>
        ))}
      </select>
    </Around>
  );
}

export interface ExplainedChoice extends Choice {
  readonly explanation: string;
}

/** One of a few, each explained beside it. */
export function RadioField({
  label,
  value,
  choices,
  testId,
}: {
  readonly label: string;
  readonly value: Signal<string>;
  readonly choices: readonly ExplainedChoice[];
  readonly testId?: string;
}) {
  const name = useId();
  return (
    <fieldset class="radios" data-testid={testId}>
      <legend>{label}</legend>
      {choices.map((choice) => (
        <label key={choice.value} class="radio">
          <input
            type="radio"
            name={name}
            value={choice.value}
            checked={value.value === choice.value}
            onChange={() => (value.value = choice.value)}
          />
          <span>
            <span class="strong">{choice.label}</span>
            <span class="quiet small block">{choice.explanation}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

/** Wherever `problems` changes, the focus goes to the first field that is wrong. */
export function useWrongFocus(problems: object) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [problems]);
  return form;
}
