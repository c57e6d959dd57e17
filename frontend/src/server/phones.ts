/** The doors to SIP phones: one's own, everybody's, and the link that reveals what a phone signs in with. */
import { ask } from './api';
import { flag, instant, list, maybe, nothing, number, oneOf, pageOf, record, text } from './decode';

const named = record({ id: text, name: text });
const cause = record({ code: text, message: text });

/** `doubtful`: was signed in when Plivo was last read, and is still rung. `unknown`: Plivo was not read yet. */
export const decodeRegistration = record({
  state: oneOf('registered', 'doubtful', 'not_registered', 'never', 'unknown'),
  device: maybe(text),
  since: maybe(instant),
  until: maybe(instant),
  read_at: maybe(instant),
  message: text,
});
export type PhoneRegistration = ReturnType<typeof decodeRegistration>;

export const decodePhone = record({
  id: text,
  label: text,
  username: maybe(text),
  volunteer: named,
  connection: named,
  state: oneOf('ready', 'being_made', 'password_pending', 'being_removed', 'missing_at_plivo'),
  problem: maybe(text),
  credentials_given_at: maybe(instant),
  send_digits: maybe(text),
  registration: decodeRegistration,
  advice: list(record({ code: text, message: text, causes: list(cause) })),
});
export type SipPhone = ReturnType<typeof decodePhone>;

export const decodeOwnPhones = record({ items: list(decodePhone), most: number });

const watch = record({ connection: named, read_at: maybe(instant), problem: maybe(text), next_at: maybe(instant) });
export type Watch = ReturnType<typeof watch>;
const pageOfPhones = pageOf(decodePhone);
const withWatch = record({ watch: list(watch) });

/** A page of everybody's phones, with how reading them at Plivo goes. */
export function decodeAllPhones(value: unknown, path = '') {
  return { ...pageOfPhones(value, path), ...withWatch(value, path) };
}

export const decodeLink = record({ link: text, expires_at: instant, rotated: flag });
export type PhoneLink = ReturnType<typeof decodeLink>;

export const decodeRing = record({
  id: text,
  phone: text,
  state: oneOf('calling', 'answered', 'confirmed', 'failed'),
  words: text,
  device: maybe(text),
  answered_after_seconds: maybe(number),
  hangup_code: maybe(number),
  ended_at: maybe(instant),
});
export type Ring = ReturnType<typeof decodeRing>;

/** Everything that a phone is set up with: the one answer with a password in it. */
export const decodeProvision = record({
  phone: record({ label: text }),
  volunteer: record({ name: text }),
  account: record({ username: text, auth_username: text, password: text, domain: text, display_name: text }),
  server: record({ host: text, port: number, outbound_proxy: maybe(text), transports: list(text) }),
  expiry_seconds: number,
  stun: maybe(text),
  keep_alive_seconds: number,
  linphone: record({ xml_url: text, link: text, expires_at: instant }),
  qr: list(record({ program: text, payload: text })),
  microsip_ini: text,
});
export type Provision = ReturnType<typeof decodeProvision>;

export const decodeCompared = record({
  where: oneOf('both', 'only_here', 'only_at_plivo'),
  kind: maybe(oneOf('browser', 'sip')),
  phone: maybe(text),
  volunteer: maybe(named),
  plivo_id: maybe(text),
  alias: text,
  username: maybe(text),
  application: maybe(oneOf('ours', 'other', 'none')),
  registered: maybe(flag),
  user_agent: maybe(text),
});
export type Compared = ReturnType<typeof decodeCompared>;

export const decodeComparison = record({ items: list(decodeCompared), checked_at: instant });

export const decodePrivatePhone = record({
  masked: maybe(text),
  enabled: flag,
  in_fallback: flag,
  send_digits: maybe(text),
});
export type PrivatePhone = ReturnType<typeof decodePrivatePhone>;

const decodeRemoved = record({ removed: flag, problem: maybe(text) });

/** Whose doors: those of one's own phones, or the administrator's to everybody's. */
export type Door = '/api/phones' | '/api/admin/phones';

const at = (door: Door, id: string, ...rest: readonly string[]) => [door, ...[id, ...rest].map(encodeURIComponent)].join('/');

export function readOwnPhones() {
  return ask('/api/phones', { decode: decodeOwnPhones });
}

export function readAllPhones(offset: number, limit: number) {
  return ask(`/api/admin/phones?limit=${limit}&offset=${offset}`, { decode: decodeAllPhones });
}

export function addOwnPhone(label: string): Promise<SipPhone> {
  return ask('/api/phones', { method: 'POST', body: { label }, decode: decodePhone });
}

export function addPhoneFor(volunteer_id: string, label: string): Promise<SipPhone> {
  return ask('/api/admin/phones', { method: 'POST', body: { volunteer_id, label }, decode: decodePhone });
}

/** Another name or other keys; keys of "" are none. */
export function changePhone(door: Door, id: string, change: { readonly label: string; readonly send_digits: string }): Promise<SipPhone> {
  return ask(at(door, id), { method: 'PATCH', body: change, decode: decodePhone });
}

/** Takes a phone away: at once here. What Plivo said where it is still to be removed there; null when all is done. */
export async function removePhone(door: Door, id: string): Promise<string | null> {
  const { removed, problem } = await ask(at(door, id), { method: 'DELETE', decode: decodeRemoved });
  return removed ? null : (problem ?? '');
}

/** A link that reveals the credentials once; a phone that had some before gets a new password with it. */
export function makeLink(door: Door, id: string): Promise<PhoneLink> {
  return ask(at(door, id, 'link'), { method: 'POST', decode: decodeLink });
}

export function ringPhone(door: Door, id: string): Promise<Ring> {
  return ask(at(door, id, 'ring-me'), { method: 'POST', decode: decodeRing });
}

export function readRing(door: Door, { id, phone }: Pick<Ring, 'id' | 'phone'>): Promise<Ring> {
  return ask(at(door, phone, 'ring-me', id), { decode: decodeRing });
}

/** Attaches a phone to our application at Plivo. */
export function movePhone(id: string): Promise<SipPhone> {
  return ask(at('/api/admin/phones', id, 'move'), { method: 'POST', decode: decodePhone });
}

/** Makes a phone again that Plivo has lost: with a new user name and a new password. */
export function recreatePhone(id: string): Promise<SipPhone> {
  return ask(at('/api/admin/phones', id, 'recreate'), { method: 'POST', decode: decodePhone });
}

/** Asks Plivo what it has, now. */
export function comparePhones() {
  return ask('/api/admin/plivo-endpoints', { decode: decodeComparison });
}

/** Makes an endpoint that only Plivo has somebody's phone, with a new password. */
export function adoptEndpoint(plivoId: string, volunteer_id: string, label: string): Promise<SipPhone> {
  const path = `/api/admin/plivo-endpoints/${encodeURIComponent(plivoId)}/adopt`;
  return ask(path, { method: 'POST', body: { volunteer_id, label }, decode: decodePhone });
}

/** Deletes an endpoint that only Plivo has. */
export async function removeEndpoint(plivoId: string): Promise<void> {
  await ask(`/api/admin/plivo-endpoints/${encodeURIComponent(plivoId)}`, { method: 'DELETE', decode: nothing });
}

/** Uses a link up. What it reveals is said once and never again. */
export function usePhoneLink(link: string): Promise<Provision> {
  return ask('/api/phone-link', { method: 'POST', body: { link }, decode: decodeProvision });
}

export function readPrivatePhone(): Promise<PrivatePhone> {
  return ask('/api/private-phone', { decode: decodePrivatePhone });
}

export interface PrivatePhoneChange {
  /** Not given: the number that is there is kept. */
  readonly number?: string;
  readonly enabled: boolean;
  readonly in_fallback: boolean;
  readonly send_digits: string;
}

export function changePrivatePhone(body: PrivatePhoneChange): Promise<PrivatePhone> {
  return ask('/api/private-phone', { method: 'PUT', body, decode: decodePrivatePhone });
}

export async function forgetPrivatePhone(): Promise<void> {
  await ask('/api/private-phone', { method: 'DELETE', decode: nothing });
}
