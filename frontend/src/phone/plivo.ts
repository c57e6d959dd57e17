/** The phone on Plivo's Browser SDK: the only module that knows the SDK. */
import type { Client } from 'plivo-browser-sdk/client';
import type { DeviceKind, PhonePort, PortEvent } from './port';
import { carriedRef, complaintOf, isRefusal, outcomeOf, shownName } from './reasons';

/** The registration lasts this long and is renewed by the SDK before, in seconds (its own default). */
export const REGISTRATION_SECONDS = 120;

/**
 * How often a registration that holds is said again, in milliseconds. The SDK tells of the first success only: what
 * refreshes the registration below it is silent (JsSIP, Registrator.js). Our server would take the phone for gone.
 * Browsers let a page in the background act once a minute at least, which is often enough.
 */
const STILL_REGISTERED = 30_000;

/** Levels are passed on at most this often, in milliseconds; the SDK reports every drawn frame. */
const LEVELS_APART = 100;

const SDK_LOG = 'PlivoLogStorage';
const guarded = new WeakSet();

/**
 * Keeps the SDK's log out of local storage, and drops what an earlier page left of it.
 *
 * Whatever its level, the SDK writes SIP messages there with the access token and the number dialled in them, and
 * reads them only to append (plivo-browser-sdk lib/storage.ts): what is never kept is never found (TM-T10).
 */
function refuseSdkLog(): void {
  localStorage.removeItem(SDK_LOG);
  const keep = Storage.prototype.setItem;
  if (guarded.has(keep)) return;
  Storage.prototype.setItem = function (this: Storage, name: string, value: string) {
    if (name !== SDK_LOG) keep.call(this, name, value);
  };
  guarded.add(Storage.prototype.setItem);
}

/**
 * Keeps the SDK from hanging up in `beforeunload`.
 *
 * It sets `window.onbeforeunload` to end the call (lib/managers/util.ts), which would cut it even when the volunteer
 * then chooses to stay. Our own guard is a listener and is not touched; `unload` still ends the call.
 */
function keepCallWhenStaying(): void {
  Object.defineProperty(window, 'onbeforeunload', { configurable: true, get: () => null, set: () => undefined });
}

function ownTones(client: Client): void {
  client.setRingTone('/sounds/ring.wav');
  client.setRingToneBack('/sounds/ringback.wav');
  client.setConnectTone(false);
  const names = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'star', 'pound'];
  for (const name of names) {
    const tone = document.getElementById(`dtmf${name}`);
    if (tone instanceof HTMLAudioElement) tone.src = `/sounds/dtmf-${name}.wav`;
  }
}

async function makeClient(signalling: readonly string[]): Promise<Client> {
  keepCallWhenStaying();
  const { default: Plivo } = await import('plivo-browser-sdk');
  const { client } = new Plivo({
    debug: 'ERROR',
    enableTracking: false,
    // With tracking off the SDK reports media metrics only when told to keep them local (lib/stats/mediaMetrics.ts).
    enableQualityTracking: 'LOCALONLY',
    permOnClick: true,
    closeProtection: true,
    allowMultipleIncomingCalls: false,
    dscp: true,
    audioConstraints: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
    registrationDomainSocket: [...signalling],
    registrationRefreshTimer: REGISTRATION_SECONDS,
  });
  // While muted, the SDK listens with the browser's speech recognition, which sends the room's sound to its maker
  // (lib/media/audioDevice.ts, speechListeners). Muted must mean unheard.
  client.speechRecognition = { start: () => undefined, stop: () => undefined };
  ownTones(client);
  return client;
}

function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.entries(value).find(([key]) => key === name)?.[1];
}

/** Translates the SDK's events; returns the unbinder. `wanted` says whether a registration is wanted at all. */
function translate(client: Client, wanted: () => boolean, say: (event: PortEvent) => void): () => void {
  let direction: 'in' | 'out' = 'out';
  let lastLevels = 0;
  const over = (cause: unknown) => say({ kind: 'ended', outcome: outcomeOf(String(cause), direction) });

  const handlers: Readonly<Record<string, (...said: readonly unknown[]) => void>> = {
    onConnectionChange: (info) => {
      if (wanted()) say({ kind: field(info, 'state') === 'connected' ? 'registered' : 'lost' });
    },
    onLoginFailed: (reason) => {
      if (wanted()) say(isRefusal(String(reason)) ? { kind: 'refused', reason: String(reason) } : { kind: 'lost' });
    },
    onLogout: () => {
      if (wanted()) say({ kind: 'lost' });
    },
    onPermissionDenied: (reason) => say({ kind: 'refused', reason: String(reason) }),
    onIncomingCall: (_caller, headers, info, name) => {
      direction = 'in';
      say({ kind: 'incoming', id: String(field(info, 'callUUID')), name: shownName(name), ref: carriedRef(headers) });
    },
    onCalling: () => {
      direction = 'out';
    },
    onCallRemoteRinging: () => say({ kind: 'far-end-rings' }),
    onCallAnswered: () => say({ kind: 'answered' }),
    onIncomingCallCanceled: () => say({ kind: 'ended', outcome: 'missed' }),
    onIncomingCallIgnored: () => say({ kind: 'ended', outcome: 'missed' }),
    onCallFailed: (cause) => {
      if (cause === 'User Denied Media Access') say({ kind: 'no-microphone' });
      over(cause);
    },
    onCallTerminated: () => say({ kind: 'ended', outcome: 'ended' }),
    volume: (levels) => {
      if (performance.now() - lastLevels < LEVELS_APART) return;
      lastLevels = performance.now();
      say({ kind: 'levels', mine: Number(field(levels, 'inputVolume')), theirs: Number(field(levels, 'outputVolume')) });
    },
    mediaMetrics: (metric) => {
      const complaint = complaintOf(String(field(metric, 'type')), String(field(metric, 'stream')));
      if (complaint) say({ kind: 'quality', complaint, active: field(metric, 'active') === true });
    },
  };
  for (const [name, handle] of Object.entries(handlers)) client.on(name, handle);
  return () => {
    for (const [name, handle] of Object.entries(handlers)) client.removeListener(name, handle);
  };
}

function signOutOf(client: Client): void {
  if (client.logout()) return;
  // `logout` does nothing before a login has succeeded: a phone that is still trying is stopped by hand.
  if (client.connectionRetryInterval !== null) clearInterval(client.connectionRetryInterval);
  client.connectionRetryInterval = null;
  client.phone?.stop();
  client.phone = null;
}

/** Gives the SDK a renewed token. Its generator is asked once and never again: the SDK's own timer follows the
 * browser's calendar (lib/client.ts), which may be wrong by a day; ours does not. */
function renewIn(client: Client, token: string): void {
  let asked = false;
  client.loginWithAccessTokenGenerator({
    getAccessToken: () => {
      if (asked) return new Promise<string>(() => undefined);
      asked = true;
      return Promise.resolve(token);
    },
  });
  setTimeout(() => {
    if (client.accessTokenGeneratorTimer !== null) clearTimeout(client.accessTokenGeneratorTimer);
    client.accessTokenGeneratorTimer = null;
    // So that a refusal is named by its own code, and not `RELOGIN_FAILED_INVALID_TOKEN` for all (lib/managers/account.ts).
    client.isAccessTokenGenerator = false;
  }, 0);
}

/**
 * Answers, and says how the call ended if the answer comes to nothing (the caller gave up in that moment, or the sound
 * could not be set up). The SDK gives no event for that: it reports failures of an incoming call only until `answer` is
 * called (lib/managers/incomingCall.ts), so the session below it is asked.
 */
function answerIn(client: Client, id: string, failed: (cause: unknown) => void): void {
  const session: unknown = client.incomingInvites.get(id)?.session;
  if (typeof session === 'object' && session !== null && 'once' in session && typeof session.once === 'function') {
    session.once('failed', (told: unknown) => failed(field(told, 'cause')));
  }
  client.answer(id, 'ignore');
}

/** Has the SDK use a device; false when it does not know the device (yet). */
function chooseIn(client: Client, kind: DeviceKind, deviceId: string): boolean {
  const { microphoneDevices, speakerDevices, ringtoneDevices } = client.audio;
  const devices = { microphone: microphoneDevices, speaker: speakerDevices, ring: ringtoneDevices }[kind];
  if (deviceId === '' || deviceId === 'default') {
    devices.reset();
    return true;
  }
  // Its types say that nothing is returned; it is false for a device that is not in the SDK's list (lib/media/audioDevice.ts).
  const taken: unknown = devices.set(deviceId);
  return taken !== false;
}

/** Whether the SIP stack below the SDK is connected, and its latest REGISTER has not failed or run out. */
function isRegistered(client: Client | null): boolean {
  return client?.phone?.isConnected() === true && client.phone.isRegistered() === true;
}

/** A phone on the SDK; nothing is loaded before `load`. */
export function makePlivoPhone(): PhonePort {
  const hearers = new Set<(event: PortEvent) => void>();
  const say = (event: PortEvent) => {
    for (const hear of [...hearers]) hear(event);
  };
  let client: Client | null = null;
  let loading: Promise<void> | null = null;
  let wanted = false;
  /** Choices that the SDK has not taken yet: it learns only some time after its start which devices there are. */
  const untaken = new Map<DeviceKind, string>();
  refuseSdkLog();

  const load = async (signalling: readonly string[]) => {
    client = await makeClient(signalling);
    translate(client, () => wanted, (event) => {
      if (event.kind === 'registered') takeChoices();
      say(event);
    });
    setInterval(() => {
      if (wanted && isRegistered(client)) say({ kind: 'registered' });
    }, STILL_REGISTERED);
  };

  const takeChoices = () => {
    for (const [kind, deviceId] of [...untaken]) {
      if (client && chooseIn(client, kind, deviceId)) untaken.delete(kind);
    }
  };

  return {
    listen: (hear) => {
      hearers.add(hear);
      return () => hearers.delete(hear);
    },
    load: (signalling) => {
      loading ??= load(signalling).catch((error: unknown) => {
        loading = null;
        throw error;
      });
      return loading;
    },
    signIn: (token) => {
      wanted = true;
      client?.loginWithAccessToken(token);
    },
    renew: (token) => {
      if (client) renewIn(client, token);
    },
    rest: () => {
      wanted = false;
      client?.phone?.unregister();
    },
    signOut: () => {
      wanted = false;
      if (client) signOutOf(client);
    },
    call: (destination, ref) => client?.call(destination, { 'X-PH-ref': ref }) ?? false,
    answer: (id) => {
      if (client) answerIn(client, id, (cause) => say({ kind: 'ended', outcome: outcomeOf(String(cause), 'in') }));
    },
    decline: (id) => void client?.reject(id),
    hangUp: () => void client?.hangup(),
    mute: (muted) => void (muted ? client?.mute() : client?.unmute()),
    digit: (digit) => client?.sendDtmf(digit),
    choose: (kind, deviceId) => {
      untaken.set(kind, deviceId);
      takeChoices();
    },
  };
}
