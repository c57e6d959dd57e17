// The sounds a phone makes by itself: ringing, the tone of the far side ringing, and keys. All made here; nothing is fetched.

const PAIRS = {
  1: [697, 1209], 2: [697, 1336], 3: [697, 1477], 4: [770, 1209], 5: [770, 1336], 6: [770, 1477],
  7: [852, 1209], 8: [852, 1336], 9: [852, 1477], '*': [941, 1209], 0: [941, 1336], '#': [941, 1477],
};
const RING = { tones: [480, 620], on: 900, pause: 700, loud: 0.12 };
const RINGBACK = { tones: [440, 480], on: 1600, pause: 2400, loud: 0.05 };

let context = null;
let stopping = null;

/** Allow sound. Browsers want a gesture first; call it from one. */
export function unlock() {
  context ??= new AudioContext();
  if (context.state === 'suspended') context.resume().catch(() => {});
}

/** Sound a key. */
export function key(name) {
  tone(PAIRS[name] ?? [], 140, 0.08);
}

/** Beep, as before a recording; resolves when it has sounded. */
export function beep() {
  tone([1000], 400, 0.2);
  return new Promise((resolve) => { setTimeout(resolve, 400); });
}

/** Ring until `quiet`. */
export function ring() { repeat(RING); }

/** Sound like the far side ringing, until `quiet`. */
export function ringback() { repeat(RINGBACK); }

/** Stop ringing. */
export function quiet() {
  stopping?.();
  stopping = null;
}

/** A silent track, for a call without a microphone. */
export function silence() {
  unlock();
  return context.createMediaStreamDestination().stream;
}

function repeat({ tones, on, pause, loud }) {
  quiet();
  tone(tones, on, loud);
  const timer = setInterval(() => tone(tones, on, loud), on + pause);
  stopping = () => clearInterval(timer);
}

function tone(frequencies, ms, loud) {
  if (!context || context.state !== 'running') return;
  const gain = context.createGain();
  gain.gain.value = loud;
  gain.connect(context.destination);
  for (const frequency of frequencies) {
    const oscillator = context.createOscillator();
    oscillator.frequency.value = frequency;
    oscillator.connect(gain);
    oscillator.start();
    oscillator.stop(context.currentTime + ms / 1000);
  }
}
