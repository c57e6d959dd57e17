/** Choosing a password: the field, and the rules that tick themselves off while one types. */
import type { Signal } from '@preact/signals';
import { PasswordField } from '../../parts/field';
import { Status } from '../../parts/status';
import { words } from '../../words';
import { checkPassword, type Owner } from './password';

export interface NewPasswordProps {
  readonly label: string;
  readonly password: Signal<string>;
  readonly owner: Owner;
  readonly minimum: number;
  readonly wrong: string | undefined;
  readonly testId: string;
}

/** The rules are part of the field's description, so that they are heard with it. */
export function NewPassword({ label, password, owner, minimum, wrong, testId }: NewPasswordProps) {
  const say = words.value.signIn;
  const check = checkPassword(password.value, owner, minimum);
  const rules = [
    { kept: check.longEnough, rule: say.ruleLength(minimum) },
    { kept: check.notTheName, rule: say.ruleName },
  ];
  return (
    <PasswordField
      label={label}
      text={password}
      wrong={wrong}
      autocomplete="new-password"
      testId={testId}
      hint={
        <div class="rules">
          <span class="only-heard">{say.rules}</span>
          <ul class="rules">
            {rules.map(({ kept, rule }) => (
              <li key={rule}>
                <Status mood={kept ? 'good' : 'quiet'}>{rule}</Status>
                <span class="only-heard">: {kept ? say.ruleKept : say.ruleOpen}</span>
              </li>
            ))}
          </ul>
          <span>{say.rulesHint}</span>
        </div>
      }
    />
  );
}
