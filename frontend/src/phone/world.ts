/** The session's world in a real browser. */
import { hearDuty, sayDoubt } from '../hotline/duty';
import { hearPhones } from './sip-news';
import { callsChanged } from '../pages/phone/lists';
import { forget, whoAmI } from '../account';
import { ask } from '../server/api';
import { nothing } from '../server/decode';
import { declineCaller, sayPresent, sayRings } from '../server/hotline';
import { listen } from '../server/events';
import { decodeRegistration, decodeToken } from '../server/wire';
import { makeSession, type Session } from '../session';
import { callOut, checkSound, endSoundCheck, mayOpenMicrophone } from '../sound';
import { words } from '../words';
import { chosen } from './choices';
import { deviceId, newRef } from './device';
import { makePlivoPhone, REGISTRATION_SECONDS } from './plivo';
import { deviceKinds } from './port';
import { agreeWithTabs } from './tabs';

const signInsKept = 'softphone.sign-ins';

function readSignIns(): readonly number[] {
  return (sessionStorage.getItem(signInsKept) ?? '').split(',').map(Number).filter((at) => at > 0);
}

/** The session of this page. */
export function makeBrowserSession(): Session {
  const device_id = deviceId();
  const port = makePlivoPhone();
  for (const kind of deviceKinds) port.choose(kind, chosen[kind].value);
  return makeSession({
    port,
    deviceId: device_id,
    ticks: () => performance.now(),
    wallMs: () => Date.now(),
    later: (act, wait) => {
      const timer = setTimeout(act, wait);
      return () => clearTimeout(timer);
    },
    fetchToken: (after_refusal) =>
      ask('/api/webrtc-token', {
        method: 'POST',
        body: after_refusal === null ? {} : { after_refusal },
        decode: decodeToken,
      }),
    report: (state, reason) =>
      ask('/api/registrations', {
        method: 'POST',
        body: { device_id, state, expires_in: REGISTRATION_SECONDS, ...(reason === null ? {} : { reason }) },
        decode: decodeRegistration,
        keepalive: true,
      }),
    recentSignIns: { read: readSignIns, write: (times) => sessionStorage.setItem(signInsKept, times.join(',')) },
    agreeWithTabs: (hear) => agreeWithTabs(hear),
    listen,
    setAvailability: async (availability) => {
      await ask('/api/availability', { method: 'PUT', body: { availability }, decode: nothing });
    },
    askMicrophone: () => checkSound(chosen.microphone.value, chosen.ring.value),
    mayOpenMicrophone,
    newRef,
    callOut: () => {
      endSoundCheck();
      return callOut({ title: words.value.phone.callTitle, body: words.value.phone.callBody });
    },
    refusalWords: (reason, message) =>
      (reason === null ? null : words.value.phone.refusals[reason]) ?? message ?? words.value.phone.outcomes.refused,
    onServer: (event) => {
      hearDuty(event);
      hearPhones(event);
    },
    // What cannot be said now is said again: the server pings, and a ring that nobody reports is only doubted.
    sayPresent: () => void sayPresent(device_id).then(sayDoubt, () => undefined),
    sayRings: (ref) => void sayRings(ref, device_id).catch(() => undefined),
    declineCaller: (ref) => void declineCaller(ref).catch(() => undefined),
    onSessionEnded: forget,
    onRightsChanged: whoAmI,
    onCallsChanged: callsChanged,
  });
}
