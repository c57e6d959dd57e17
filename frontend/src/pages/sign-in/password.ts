/** What a new password must be. The server decides; this says it beforehand, while the person types. */

export interface PasswordCheck {
  readonly longEnough: boolean;
  readonly notTheLogin: boolean;
}

/** Shorter parts of a sign-in name stand in many good passwords by chance. */
const TELLING_LENGTH = 4;

/** Length counts characters as a person does: an emoji is one. */
export function checkPassword(password: string, login: string, minimum: number): PasswordCheck {
  const name = login.toLowerCase().trim();
  const length = [...password].length;
  return {
    longEnough: length >= minimum,
    notTheLogin: length > 0 && !(name.length >= TELLING_LENGTH && password.toLowerCase().includes(name)),
  };
}

/** Whether every rule is kept. */
export function passwordHolds(check: PasswordCheck): boolean {
  return check.longEnough && check.notTheLogin;
}
