/** The SDK's words, sorted into ours. */
import type { Complaint } from './port';
import type { Outcome } from './state';

/**
 * Login failures that say nothing about the token: the way to the registrar is broken.
 * Source: plivo-browser-sdk lib/managers/account.ts and the causes of the SIP library below it.
 */
const notTheToken: ReadonlySet<string> = new Set([
  'Connection Error',
  'Request Timeout',
  'SIP Failure Code',
  'Internal Error',
  'Unavailable',
  'Failed to create user agent',
  'Cannot login when there is no internet',
  'Cannot login when there is an ongoing call',
]);

/** Whether a failed login means that the token was not accepted. */
export function isRefusal(reason: string): boolean {
  return !notTheToken.has(reason);
}

/** How a call that never became a conversation ended. */
export function outcomeOf(cause: string, direction: 'in' | 'out'): Outcome {
  switch (cause) {
    case 'Canceled':
    case 'Cancelled':
      return direction === 'in' ? 'missed' : 'cancelled';
    case 'Rejected':
      return 'declined';
    case 'Busy':
      return direction === 'in' ? 'declined' : 'busy';
    case 'No Answer':
    case 'Request Timeout':
    case 'Unavailable':
      return direction === 'in' ? 'missed' : 'no-answer';
    default:
      return 'failed';
  }
}

/** A `mediaMetrics` warning as a complaint; null for what a volunteer cannot feel. Source: lib/stats/mediaMetrics.ts. */
export function complaintOf(type: string, stream: string): Complaint | null {
  switch (type) {
    case 'high_rtt':
      return 'delay';
    case 'high_jitter':
    case 'low_mos':
      return 'stutter';
    case 'high_packetloss':
      return 'loss';
    case 'ice_connection':
    case 'ice_timeout':
      return 'network';
    case 'no_audio_received':
      return stream === 'local' ? 'silence-here' : 'silence-there';
    default:
      return null;
  }
}

/** Our reference among the headers of a ring, whose names come in whatever case; null for anything but 16 hex digits. */
export function carriedRef(headers: unknown): string | null {
  if (typeof headers !== 'object' || headers === null) return null;
  const found: unknown = Object.entries(headers).find(([name]) => name.toLowerCase() === 'x-ph-ref')?.[1];
  return typeof found === 'string' && /^[0-9a-f]{16}$/.test(found) ? found : null;
}

/** A name fit to be shown: none, and anything that could be a number, becomes null. */
export function shownName(name: unknown): string | null {
  if (typeof name !== 'string') return null;
  const clean = name.trim();
  return clean === '' || clean.includes('@') || (clean.match(/\d/g)?.length ?? 0) > 4 ? null : clean;
}
