/** Sound and sight outside the page's own drawing: ring test, input level, notification, title, vibration. */
import { signal } from '@preact/signals';
import type { MicrophoneTrouble } from './phone/state';

/** What the microphone hears during the sound check, 0 to 1; null when it is not listened to. */
export const inputLevel = signal<number | null>(null);

/** Whether the browser lets this page make a sound: it does after the first press. */
export const soundUnlocked = signal(navigator.userActivation?.hasBeenActive ?? true);

/** The sound check listens this long, in milliseconds, then closes the microphone. */
const LISTEN_FOR = 12_000;
/** One phrase of the ring is enough to know it works, in milliseconds. */
const TEST_RING = 3_000;
/** How often the title changes and the level is read, in milliseconds. */
const TITLE_EVERY = 1_000;
const LEVEL_EVERY = 80;

let quiet: () => void = () => undefined;

function troubleOf(error: unknown): MicrophoneTrouble {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'missing';
  if (name === 'NotReadableError' || name === 'AbortError') return 'busy';
  return 'denied';
}

/** Plays the ring once on the chosen device. */
export async function playTestRing(deviceId: string): Promise<void> {
  const ring = new Audio('/sounds/ring.wav');
  try {
    if (deviceId !== '' && 'setSinkId' in ring) await ring.setSinkId(deviceId);
    await ring.play();
    setTimeout(() => ring.pause(), TEST_RING);
  } catch {
    // No output device, or sound is still locked: the level and the page's words say the rest.
  }
}

/** Shows in `inputLevel` what a stream hears, then closes it. */
function showLevel(stream: MediaStream): void {
  quiet();
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 512;
  context.createMediaStreamSource(stream).connect(analyser);
  const heard = new Float32Array(analyser.fftSize);
  const reading = setInterval(() => {
    analyser.getFloatTimeDomainData(heard);
    const power = heard.reduce((sum, value) => sum + value * value, 0) / heard.length;
    inputLevel.value = Math.min(1, Math.sqrt(power) * 4);
  }, LEVEL_EVERY);
  const end = setTimeout(() => quiet(), LISTEN_FOR);
  quiet = () => {
    clearInterval(reading);
    clearTimeout(end);
    for (const track of stream.getTracks()) track.stop();
    void context.close();
    inputLevel.value = null;
    quiet = () => undefined;
  };
}

/** Ends the sound check and closes its microphone. */
export function endSoundCheck(): void {
  quiet();
}

/** The sound check of the start of duty; to be called from a press. Null: the microphone works. */
export async function checkSound(microphone: string, ring: string): Promise<MicrophoneTrouble | null> {
  soundUnlocked.value = true;
  if (!navigator.mediaDevices) return 'missing';
  if ('Notification' in window && Notification.permission === 'default') void Notification.requestPermission();
  try {
    const audio = microphone === '' ? true : { deviceId: microphone };
    showLevel(await navigator.mediaDevices.getUserMedia({ audio, video: false }));
  } catch (error) {
    return troubleOf(error);
  }
  void playTestRing(ring);
  return null;
}

/** Whether the microphone may be opened without asking again. */
export async function mayOpenMicrophone(): Promise<boolean> {
  try {
    return (await navigator.permissions.query({ name: 'microphone' })).state === 'granted';
  } catch {
    return false;
  }
}

export interface CallOutWords {
  readonly title: string;
  readonly body: string;
}

/** Says beyond the page that somebody calls; returns what ends it. There is never a number in it. */
export function callOut(said: CallOutWords): () => void {
  const title = document.title;
  let shown = false;
  const flash = setInterval(() => {
    shown = !shown;
    document.title = shown ? `☎ ${said.title}` : title;
  }, TITLE_EVERY);
  document.title = `☎ ${said.title}`;
  const notice = notify(said);
  navigator.vibrate?.([400, 200, 400, 1000, 400, 200, 400, 1000, 400, 200, 400]);
  return () => {
    clearInterval(flash);
    document.title = title;
    notice?.close();
    navigator.vibrate?.(0);
  };
}

function notify({ title, body }: CallOutWords): Notification | null {
  if (!('Notification' in window) || Notification.permission !== 'granted') return null;
  try {
    const notice = new Notification(title, { body, tag: 'softphone-call', requireInteraction: true, icon: '/icon.svg' });
    notice.onclick = () => {
      window.focus();
      notice.close();
    };
    return notice;
  } catch {
    // Android's Chromium shows notifications from service workers only.
    return null;
  }
}

/** Remembers that a first press has unlocked sound; returns the unbinder. */
export function noticeFirstPress(): () => void {
  const pressed = () => {
    soundUnlocked.value = true;
  };
  addEventListener('pointerdown', pressed, { once: true });
  addEventListener('keydown', pressed, { once: true });
  return () => {
    removeEventListener('pointerdown', pressed);
    removeEventListener('keydown', pressed);
  };
}
