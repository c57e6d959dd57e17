/** What the page needs of any phone. The page knows this; only `plivo.ts` knows the SDK behind it. */
import type { Outcome } from './state';

export const deviceKinds = ['microphone', 'speaker', 'ring'] as const;
export type DeviceKind = (typeof deviceKinds)[number];

/** What the call suffers from, as far as the phone can tell. */
export type Complaint = 'silence-here' | 'silence-there' | 'delay' | 'stutter' | 'loss' | 'network';

export type PortEvent =
  /** The registrar has said yes: after signing in, at every return of the socket, and again every half minute while that holds. */
  | { readonly kind: 'registered' }
  /** The socket or the registration is gone; the phone tries to come back by itself. */
  | { readonly kind: 'lost' }
  /** The registrar or the phone has refused the token; the reason is the SDK's own word for it. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** Somebody calls. `name` is what the server chose to show; a caller's number never leaves the port.
   * `ref` is what our server gave the ring to carry (`X-PH-ref`), null where it gave nothing. */
  | { readonly kind: 'incoming'; readonly id: string; readonly name: string | null; readonly ref: string | null }
  /** The other side of our own call rings. */
  | { readonly kind: 'far-end-rings' }
  /** Both sides are connected, whoever called. */
  | { readonly kind: 'answered' }
  /** The call is over, for whatever reason, before or after an answer. */
  | { readonly kind: 'ended'; readonly outcome: Outcome }
  /** The microphone could not be opened for a call. */
  | { readonly kind: 'no-microphone' }
  /** About ten times a second during a call; 0 to 1 each. */
  | { readonly kind: 'levels'; readonly mine: number; readonly theirs: number }
  /** A complaint about the call begins or ends. */
  | { readonly kind: 'quality'; readonly complaint: Complaint; readonly active: boolean };

export interface PhonePort {
  /** Hears everything the phone says until the returned function is called. */
  listen(hear: (event: PortEvent) => void): () => void;
  /** Loads the phone. Rejects when the browser cannot be a phone. */
  load(signalling: readonly string[]): Promise<void>;
  /** Registers with this token; ends in `registered` or `refused`. */
  signIn(token: string): void;
  /** Uses this token from the next message on, without touching the registration or a call. */
  renew(token: string): void;
  /** Registers no more, and leaves a call in progress alone. */
  rest(): void;
  /** Takes the registration back. A call in progress would end with it. */
  signOut(): void;
  /** Calls; false when the phone would not even try. `ref` travels with the call so that the server can name it. */
  call(destination: string, ref: string): boolean;
  /** Answers. To be called from the volunteer's own press and from nowhere else: it opens the microphone. */
  answer(id: string): void;
  decline(id: string): void;
  hangUp(): void;
  mute(muted: boolean): void;
  digit(digit: string): void;
  /** Uses another device, also during a call; said before `load`, or of a device not plugged in yet, it holds from then on. */
  choose(kind: DeviceKind, deviceId: string): void;
}
