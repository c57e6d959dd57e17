/** The administrator's doors, and the decoders for what comes out of them. */
import { welcome } from '../account';
import { ask } from './api';
import { flag, instant, list, maybe, number, oneOf, pageOf, record, text, type Decoder } from './decode';
import { decodeCall, decodeMe, type Call } from './wire';

export interface Page<T> {
  readonly items: readonly T[];
  readonly total: number;
  readonly limit: number;
  readonly offset: number;
}

export const decodeConnection = record({
  id: text,
  name: text,
  is_default: flag,
  auth_id: text,
  auth_token_last4: text,
  sub_account: flag,
  country: text,
  numbers: list(text),
  caller_id: maybe(text),
  token_source: oneOf('local', 'plivo', 'auto'),
  settled_source: oneOf('local', 'plivo', 'auto'),
  token_lifetime_seconds: number,
  application_id: maybe(text),
  webrtc_enabled: flag,
  allowed_countries: list(text),
  answer_url: text,
  hangup_url: text,
});
export type Connection = ReturnType<typeof decodeConnection>;

export const decodePrepared = record({
  account: maybe(record({ name: maybe(text), type: maybe(text), cash_credits: maybe(textual) })),
  application: maybe(record({ id: text, name: text, created: flag, changed: flag })),
  numbers: list(text),
  problems: list(record({ code: text, message: text })),
});
export type Prepared = ReturnType<typeof decodePrepared>;

/** Plivo writes amounts now as text and now as a number. */
function textual(value: unknown, path = ''): string {
  return typeof value === 'number' ? String(value) : text(value, path);
}

const decodeHeldDevice = record({ id: text, label: text, since: instant });

export const decodeVolunteer = record({
  id: text,
  name: text,
  login: text,
  role: oneOf('volunteer', 'admin'),
  extension: text,
  languages: list(text),
  dialling: oneOf('nobody', 'colleagues', 'numbers'),
  webrtc_enabled: flag,
  active: flag,
  has_password: flag,
  invite_pending: flag,
  availability: oneOf('on_duty', 'away'),
  reachable: flag,
  device: maybe(decodeHeldDevice),
});
export type Volunteer = ReturnType<typeof decodeVolunteer>;

export const decodeInvited = record({ volunteer: decodeVolunteer, invite_link: text });
const decodeLink = record({ invite_link: text });

export const decodeDeviceRow = record({
  volunteer: record({ id: text, name: text }),
  endpoint: record({ id: text, username: maybe(text) }),
  device: record({ id: text, label: text }),
  registered_at: instant,
  refreshed_at: instant,
  expires_at: instant,
  reachable: flag,
  ended_at: maybe(instant),
  end_reason: maybe(text),
});
export type DeviceRow = ReturnType<typeof decodeDeviceRow>;

const decodeCaller = record({ volunteer: maybe(record({ id: text, name: text })) });
export type AdminCall = Call & ReturnType<typeof decodeCaller>;

/** A call as its volunteer sees it, and whose it is. */
export function decodeAdminCall(value: unknown, path = ''): AdminCall {
  return { ...decodeCall(value, path), ...decodeCaller(value, path) };
}

const anything: Decoder<unknown> = (value) => value;
/** The actor is a name, or a record with one. */
const decodeActor: Decoder<string> = (value, path = '') =>
  typeof value === 'string' ? value : record({ name: text })(value, path).name;

export const decodeAuditRow = record({
  seq: number,
  at: instant,
  actor: decodeActor,
  action: text,
  subject: text,
  detail: anything,
});
export type AuditRow = ReturnType<typeof decodeAuditRow>;

/** How many rows are asked for at once. */
export const PAGE = 25;

/** One page of a list. */
export function paged<T>(path: string, item: Decoder<T>, offset: number, limit: number): Promise<Page<T>> {
  return ask(`${path}?limit=${limit}&offset=${offset}`, { decode: pageOf(item) });
}

export const readConnections = () => paged('/api/admin/connections', decodeConnection, 0, PAGE);
export const readVolunteers = (offset = 0, limit = 100) => paged('/api/admin/volunteers', decodeVolunteer, offset, limit);
export const readDevices = (offset = 0) => paged('/api/admin/devices', decodeDeviceRow, offset, 100);
export const readCalls = (offset = 0) => paged('/api/admin/calls', decodeAdminCall, offset, PAGE);
export const readAudit = (offset = 0) => paged('/api/admin/audit', decodeAuditRow, offset, PAGE);
export const readHistory = (endpoint: string, offset = 0) =>
  paged(`/api/admin/endpoints/${encodeURIComponent(endpoint)}/registrations`, decodeDeviceRow, offset, PAGE);

export interface ConnectionChange {
  readonly name?: string;
  readonly auth_id?: string;
  readonly auth_token?: string;
  readonly country?: string;
  readonly numbers?: readonly string[];
  readonly caller_id?: string | null;
  readonly token_source?: string;
  readonly token_lifetime_seconds?: number;
  readonly allowed_countries?: readonly string[];
}

const connectionPath = (id: string) => `/api/admin/connections/${encodeURIComponent(id)}`;

export function createConnection(made: ConnectionChange): Promise<Connection> {
  return ask('/api/admin/connections', { method: 'POST', body: made, decode: decodeConnection });
}

export function changeConnection(id: string, change: ConnectionChange): Promise<Connection> {
  return ask(connectionPath(id), { method: 'PATCH', body: change, decode: decodeConnection });
}

export function switchWebrtc(id: string, enabled: boolean): Promise<Connection> {
  return ask(`${connectionPath(id)}/webrtc`, { method: 'PUT', body: { enabled }, decode: decodeConnection });
}

/** Several questions to Plivo stand behind this one, in milliseconds. */
const PREPARE_PATIENCE = 90_000;

export function prepareConnection(id: string): Promise<Prepared> {
  const signal = AbortSignal.timeout(PREPARE_PATIENCE);
  return ask(`${connectionPath(id)}/prepare`, { method: 'POST', decode: decodePrepared, signal });
}

export interface VolunteerChange {
  readonly name?: string;
  readonly login?: string;
  readonly role?: string;
  readonly extension?: string;
  readonly dialling?: string;
  readonly webrtc_enabled?: boolean;
  readonly active?: boolean;
}

const volunteerPath = (id: string) => `/api/admin/volunteers/${encodeURIComponent(id)}`;

export function inviteVolunteer(made: VolunteerChange): Promise<ReturnType<typeof decodeInvited>> {
  return ask('/api/admin/volunteers', { method: 'POST', body: made, decode: decodeInvited });
}

export function changeVolunteer(id: string, change: VolunteerChange): Promise<Volunteer> {
  return ask(volunteerPath(id), { method: 'PATCH', body: change, decode: decodeVolunteer });
}

/** A new link for somebody who has none, lost it, or forgot the password. */
export async function inviteAgain(id: string): Promise<string> {
  return (await ask(`${volunteerPath(id)}/invite`, { method: 'POST', decode: decodeLink })).invite_link;
}

/** Confirms the password for the changes that matter. The session is a new one then, with a new CSRF value (TM-A4). */
export async function stepUp(password: string): Promise<void> {
  await ask('/api/session/step-up', { method: 'POST', body: { password }, decode: anything });
  welcome(await ask('/api/me', { decode: decodeMe }));
}
