/** What the server says, as types and the decoders that make them. */
import { flag, instant, list, maybe, number, oneOf, pageOf, record, text } from './decode';

export const decodeWebrtc = record({
  available: flag,
  provider: maybe(text),
  reason: maybe(text),
  message: maybe(text),
});
export type WebrtcStatus = ReturnType<typeof decodeWebrtc>;

export const decodeMe = record({
  id: text,
  name: text,
  login: text,
  role: oneOf('volunteer', 'admin'),
  extension: maybe(text),
  languages: list(text),
  availability: oneOf('on_duty', 'away'),
  availability_since: maybe(instant),
  dialling: oneOf('nobody', 'colleagues', 'numbers'),
  csrf: text,
  webrtc: decodeWebrtc,
  connection: maybe(record({ name: text, country: maybe(text), caller_id: maybe(text) })),
  signalling: list(text),
  server_time: instant,
  stepped_up_until: maybe(instant),
});
export type Me = ReturnType<typeof decodeMe>;

export const decodeToken = record({
  token: text,
  identity: text,
  sip_uri: text,
  ttl: number,
  expires_at: instant,
  server_time: instant,
  signalling: list(text),
});
export type Token = ReturnType<typeof decodeToken>;

const decodeDevice = record({ id: text, label: text });

export const decodeRegistration = record({
  current: flag,
  generation: maybe(number),
  registered_at: maybe(instant),
  expires_at: maybe(instant),
  device: maybe(decodeDevice),
  current_device: maybe(record({ id: text, label: text, since: instant })),
});
export type Registration = ReturnType<typeof decodeRegistration>;

export const decodeAvailability = record({ availability: oneOf('on_duty', 'away'), since: maybe(instant) });
export type Availability = 'on_duty' | 'away';

export const decodePeople = pageOf(
  record({
    id: text,
    name: text,
    extension: maybe(text),
    availability: oneOf('on_duty', 'away'),
    reachable: flag,
    on_call: flag,
  }),
);
export type Person = ReturnType<typeof decodePeople>['items'][number];

export const decodeCall = record({
  id: text,
  ref: maybe(text),
  direction: oneOf('out', 'in'),
  peer: record({
    kind: oneOf('colleague', 'number', 'unknown'),
    name: maybe(text),
    extension: maybe(text),
    masked: maybe(text),
  }),
  state: oneOf('refused', 'ringing', 'answered', 'ended'),
  outcome: maybe(text),
  reason: maybe(text),
  message: maybe(text),
  started_at: maybe(instant),
  answered_at: maybe(instant),
  ended_at: maybe(instant),
  seconds: maybe(number),
});
export type Call = ReturnType<typeof decodeCall>;
export const decodeCalls = pageOf(decodeCall);

export const decodeDisplaced = record({ device: decodeDevice, since: instant, generation: maybe(number) });
export type DisplacedNotice = ReturnType<typeof decodeDisplaced>;

export const decodeToggle = record({ available: flag, reason: maybe(text), message: maybe(text) });
export const decodeHello = record({ server_time: instant });

export const decodeProblem = record({
  error: record({
    code: text,
    message: text,
    field: maybe(text),
    retry_after: maybe(number),
    reason: maybe(text),
  }),
});
