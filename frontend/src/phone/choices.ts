/** Which microphone, speaker and ring device this browser uses; empty means as the system decides. */
import { signal, type Signal } from '@preact/signals';
import type { DeviceKind } from './port';

const kept = (kind: DeviceKind) => `softphone.${kind}`;

function remembered(kind: DeviceKind): Signal<string> {
  return signal(localStorage.getItem(kept(kind)) ?? '');
}

export const chosen: Readonly<Record<DeviceKind, Signal<string>>> = {
  microphone: remembered('microphone'),
  speaker: remembered('speaker'),
  ring: remembered('ring'),
};

/** Remembers a choice in this browser. */
export function remember(kind: DeviceKind, deviceId: string): void {
  localStorage.setItem(kept(kind), deviceId);
  chosen[kind].value = deviceId;
}

export interface Device {
  readonly id: string;
  readonly label: string;
}

/** The devices that can be chosen for a purpose; without names while the browser keeps them to itself. */
export async function devicesFor(kind: DeviceKind): Promise<readonly Device[]> {
  if (!navigator.mediaDevices) return [];
  const wanted = kind === 'microphone' ? 'audioinput' : 'audiooutput';
  const found = await navigator.mediaDevices.enumerateDevices();
  return found
    .filter((device) => device.kind === wanted && device.label !== '' && !['default', 'communications'].includes(device.deviceId))
    .map((device) => ({ id: device.deviceId, label: device.label }));
}
