/** The live events of `/api/events`, decoded. One stream per browser: only the leading tab opens it. */
import { maybe, oneOf, record, text } from './decode';
import { decodeDoubt, decodeHotlineNews, type Doubt, type HotlineNews } from './hotline';
import {
  decodeAvailability,
  decodeCall,
  decodeDisplaced,
  decodeHello,
  decodeToggle,
  type Availability,
  type Call,
  type DisplacedNotice,
} from './wire';

export type ServerEvent =
  | { readonly kind: 'hello'; readonly serverTime: number }
  | { readonly kind: 'displaced'; readonly notice: DisplacedNotice }
  | { readonly kind: 'webrtc'; readonly available: boolean; readonly reason: string | null; readonly message: string | null }
  | { readonly kind: 'call'; readonly call: Call }
  | { readonly kind: 'availability'; readonly availability: Availability; readonly since: number | null }
  | { readonly kind: 'hotline_call'; readonly news: HotlineNews }
  | { readonly kind: 'doubtful'; readonly doubt: Doubt }
  | { readonly kind: 'voicemail' }
  | { readonly kind: 'ping' }
  | { readonly kind: 'rights' }
  | { readonly kind: 'session_ended' }
  | { readonly kind: 'devices' }
  | { readonly kind: 'audit' }
  | { readonly kind: 'board' }
  | { readonly kind: 'alert'; readonly alert: Alert; readonly began: boolean }
  | { readonly kind: 'sip_phone'; readonly news: SipPhoneNews }
  | { readonly kind: 'closing' }
  | { readonly kind: 'stream'; readonly open: boolean };

/** Something wrong with a hotline's shift. */
export interface Alert {
  readonly kind: 'empty_shift' | 'doubtful_shift';
  readonly hotline: string;
}

const decodeAlertNews = record({
  kind: oneOf('empty_shift', 'doubtful_shift'),
  hotline: record({ name: text }),
  state: oneOf('began', 'ended'),
});

/** Something happened to a softphone of one's own. */
const decodeSipPhoneNews = record({ id: text, label: text, state: text, device: maybe(text) });
export type SipPhoneNews = ReturnType<typeof decodeSipPhoneNews>;

/** Reads one event; null for a kind that this page does not know. */
export function readEvent(kind: string, data: unknown): ServerEvent | null {
  switch (kind) {
    case 'hello':
      return { kind, serverTime: decodeHello(data).server_time };
    case 'displaced':
      return { kind, notice: decodeDisplaced(data) };
    case 'webrtc': {
      const { available, reason, message } = decodeToggle(data);
      return { kind, available, reason, message };
    }
    case 'call':
      return { kind, call: decodeCall(data) };
    case 'availability': {
      const { availability, since } = decodeAvailability(data);
      return { kind, availability, since };
    }
    case 'alert': {
      const { kind: about, hotline, state } = decodeAlertNews(data);
      return { kind, alert: { kind: about, hotline: hotline.name }, began: state === 'began' };
    }
    case 'hotline_call':
      return { kind, news: decodeHotlineNews(data) };
    case 'sip_phone':
      return { kind, news: decodeSipPhoneNews(data) };
    case 'doubtful':
      return { kind, doubt: decodeDoubt(data) };
    case 'voicemail':
    case 'ping':
    case 'rights':
    case 'session_ended':
    case 'devices':
    case 'audit':
    case 'board':
    case 'closing':
      return { kind };
    default:
      return null;
  }
}

const kinds = [
  'hello', 'displaced', 'webrtc', 'call', 'hotline_call', 'voicemail', 'doubtful', 'ping', 'availability', 'rights',
  'session_ended', 'devices', 'audit', 'closing', 'board', 'alert', 'sip_phone',
] as const;

/** How long to wait before a stream that the browser gave up on is opened anew, in milliseconds. */
const REOPEN_AFTER = 3_000;

/**
 * Listens until the returned function is called.
 *
 * The browser resumes by itself with `Last-Event-ID`; only a stream it has given up on (an answer that is not a
 * stream) is opened anew here. An event that cannot be decoded is dropped: the next one may be good.
 */
export function listen(hear: (event: ServerEvent) => void): () => void {
  let source: EventSource | null = null;
  let again: ReturnType<typeof setTimeout> | undefined;

  const take = (kind: string) => (message: MessageEvent<unknown>) => {
    try {
      const data: unknown = JSON.parse(String(message.data));
      const event = readEvent(kind, data);
      if (event) hear(event);
    } catch {
      // A malformed event must not stop the stream.
    }
  };

  const open = () => {
    const made = new EventSource('/api/events');
    source = made;
    for (const kind of kinds) made.addEventListener(kind, take(kind));
    made.onopen = () => hear({ kind: 'stream', open: true });
    made.onerror = () => {
      hear({ kind: 'stream', open: false });
      if (made.readyState === EventSource.CLOSED) again = setTimeout(open, REOPEN_AFTER);
    };
  };

  open();
  return () => {
    clearTimeout(again);
    source?.close();
  };
}
