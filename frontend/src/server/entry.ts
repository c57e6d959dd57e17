/** The doors that are open before one is signed in: sign-in, invitation, set-up. */
import { ask, Problem } from './api';
import { flag, number, record, text } from './decode';
import { decodeMe, type Me } from './wire';

/** Whom an invitation is for. */
export interface Invitation {
  readonly name: string;
  readonly login: string;
  readonly minPasswordLength: number;
}

const decodeInvitation = record({ name: text, login: text, min_password_length: number });
const decodeSetup = record({ open: flag });

function enter(path: string, body: object): Promise<Me> {
  return ask(path, { method: 'POST', body, decode: decodeMe });
}

/** Signs in by name and password. */
export function signIn(login: string, password: string): Promise<Me> {
  return enter('/api/session', { login, password });
}

/** Says whom an invitation is for; does not use it up. */
export async function readInvite(invite: string): Promise<Invitation> {
  const said = await ask('/api/invite', { method: 'POST', body: { invite }, decode: decodeInvitation });
  return { name: said.name, login: said.login, minPasswordLength: said.min_password_length };
}

/** Uses an invitation up: sets the password and signs in. */
export function acceptInvite(invite: string, password: string): Promise<Me> {
  return enter('/api/session', { invite, password });
}

/** Whether there is no administrator yet. Not knowing counts as no. */
export async function isSetupOpen(): Promise<boolean> {
  try {
    return (await ask('/api/setup', { decode: decodeSetup })).open;
  } catch (error) {
    if (error instanceof Problem) return false;
    throw error;
  }
}

export interface FirstAdmin {
  readonly code: string;
  readonly name: string;
  readonly login: string;
  readonly password: string;
}

/** Makes the first administrator, with the code from the console, and signs in. */
export function becomeFirstAdmin(admin: FirstAdmin): Promise<Me> {
  return enter('/api/setup', admin);
}
