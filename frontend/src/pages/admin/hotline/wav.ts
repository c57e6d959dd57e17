/** Sound as the server takes it: WAV, mono, 16 bits, 16 kHz (Plivo plays nothing wider; `wire.md` 3.2, Play). Pure. */

/** Samples a second. */
export const RATE = 16_000;
/** Seconds; the server refuses what is longer. */
export const LONGEST = 60;

const HEADER = 44;
const PCM = 1;

/** A WAV file of samples from -1 to 1. */
export function wavOf(samples: Float32Array, rate: number = RATE): ArrayBuffer {
  const size = samples.length * 2;
  const view = new DataView(new ArrayBuffer(HEADER + size));
  const name = (at: number, letters: string) => [...letters].forEach((letter, by) => view.setUint8(at + by, letter.charCodeAt(0)));
  name(0, 'RIFF');
  view.setUint32(4, HEADER - 8 + size, true);
  name(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, PCM, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  name(36, 'data');
  view.setUint32(40, size, true);
  samples.forEach((sample, at) => {
    const held = Math.max(-1, Math.min(1, sample));
    view.setInt16(HEADER + at * 2, Math.round(held * 0x7fff), true);
  });
  return view.buffer;
}

/** Several channels as one, by their mean. */
export function mixed(channels: readonly Float32Array[]): Float32Array {
  const [first] = channels;
  if (first === undefined) return new Float32Array();
  return first.map((_, at) => channels.reduce((sum, channel) => sum + (channel[at] ?? 0), 0) / channels.length);
}
