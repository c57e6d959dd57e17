/** This tab as a device: a random name that survives a reload and tells nothing about anybody. */

const kept = 'softphone.device';

function randomHex(bytes: number): string {
  return [...crypto.getRandomValues(new Uint8Array(bytes))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The id of this browser profile and tab. */
export function deviceId(): string {
  const known = sessionStorage.getItem(kept);
  if (known !== null && /^[0-9a-f]{32}$/.test(known)) return known;
  const made = randomHex(16);
  sessionStorage.setItem(kept, made);
  return made;
}

/** A new reference for an outgoing call: 16 hexadecimal digits that travel with it as `X-PH-ref`. */
export function newRef(): string {
  return randomHex(8);
}
