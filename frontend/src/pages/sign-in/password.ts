/** What a new password must be. The server decides; this says it beforehand, while the person types. */

/** Whose password it becomes. */
export interface Owner {
  readonly login: string;
  readonly name: string;
}

export interface PasswordCheck {
  readonly longEnough: boolean;
  readonly notTheName: boolean;
}

/** Shorter parts of a name stand in many good passwords by chance. */
const TELLING_LENGTH = 3;

/** Length counts characters as a person does: an emoji is one. */
export function checkPassword(password: string, owner: Owner, minimum: number): PasswordCheck {
  const lowered = password.toLowerCase();
  const own = [owner.login.split('@')[0] ?? '', ...owner.name.split(/\s+/)].map((part) => part.trim().toLowerCase());
  const telling = own.filter((part) => part.length >= TELLING_LENGTH);
  return {
    longEnough: [...password].length >= minimum,
    notTheName: password !== '' && !telling.some((part) => lowered.includes(part)),
  };
}

/** Whether every rule is kept. */
export function passwordHolds(check: PasswordCheck): boolean {
  return check.longEnough && check.notTheName;
}
