/** Which microphone, speaker and ring to use; also during a call. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { chosen, devicesFor, remember, type Device } from '../../phone/choices';
import { deviceKinds, type DeviceKind } from '../../phone/port';
import type { Session } from '../../session';
import { inputLevel, playTestRing } from '../../sound';
import { words } from '../../words';

type Choices = Readonly<Record<DeviceKind, readonly Device[]>>;
const none: Choices = { microphone: [], speaker: [], ring: [] };

async function allDevices(): Promise<Choices> {
  const [microphone, speaker] = await Promise.all([devicesFor('microphone'), devicesFor('speaker')]);
  return { microphone, speaker, ring: speaker };
}

export function Devices({ session }: { readonly session: Session }) {
  const say = words.value.phone;
  const devices = useSignal<Choices>(none);
  const labels = { microphone: say.microphoneDevice, speaker: say.speakerDevice, ring: say.ringDevice };
  const listening = inputLevel.value !== null;

  useEffect(() => {
    const read = () => {
      allDevices().then(
        (found) => {
          devices.value = found;
        },
        () => undefined,
      );
    };
    read();
    navigator.mediaDevices?.addEventListener('devicechange', read);
    return () => navigator.mediaDevices?.removeEventListener('devicechange', read);
  }, [listening]);

  const choose = (kind: DeviceKind, id: string) => {
    remember(kind, id);
    session.choose(kind, id);
  };

  return (
    <details class="card devices">
      <summary><h2>{say.devices}</h2></summary>
      <div class="stack">
        {deviceKinds.map((kind) => (
          <div class="field" key={kind}>
            <label for={`device-${kind}`}>{labels[kind]}</label>
            <select id={`device-${kind}`} class="input" data-testid={`device-${kind}`} value={chosen[kind].value} onChange={(event) => choose(kind, event.currentTarget.value)}>
              <option value="">{say.systemDevice}</option>
              {devices.value[kind].map(({ id, label }) => <option key={id} value={id}>{label}</option>)}
            </select>
          </div>
        ))}
        {devices.value.microphone.length === 0 && <p class="small quiet">{say.noDeviceNames}</p>}
        <button type="button" class="button" data-testid="test-ring" onClick={() => void playTestRing(chosen.ring.value)}>{say.testRing}</button>
      </div>
    </details>
  );
}
