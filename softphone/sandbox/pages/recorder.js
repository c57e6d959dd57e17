// Records a stream as a WAV file: 8000 samples a second, 16 bits, one channel, as a telephone carries it.

const RATE = 8000;
const LOUD = 0.01;
const HEADER = 44;

/** Begin to record. Ends by itself after `limit` seconds, or `silence` seconds without a sound. */
export function record(stream, { limit, silence }) {
  const context = new AudioContext();
  const pieces = [];
  let end;
  const file = new Promise((resolve) => { end = resolve; });
  let quiet = null;
  const stop = () => {
    clearTimeout(quiet);
    clearTimeout(longest);
    context.close().catch(() => {});
    end(wav(slower(pieces, context.sampleRate)));
  };
  const longest = setTimeout(stop, limit * 1000);
  const heard = (piece) => {
    pieces.push(piece);
    if (!piece.some((sample) => Math.abs(sample) > LOUD)) return;
    clearTimeout(quiet);
    quiet = setTimeout(stop, silence * 1000);
  };
  quiet = setTimeout(stop, silence * 1000);
  listen(context, stream, heard).catch(stop);
  return { file, stop, since: Date.now(), limit };
}

async function listen(context, stream, heard) {
  await context.audioWorklet.addModule('/pages/listener.js');
  const listener = new AudioWorkletNode(context, 'listener');
  listener.port.onmessage = (event) => heard(event.data);
  context.createMediaStreamSource(stream).connect(listener);
  // Nothing comes out of the listener; without a way to the loudspeaker nobody would ask it for sound.
  listener.connect(context.destination);
  if (context.state === 'suspended') await context.resume();
}

/** The pieces as one, with so many samples a second: each is the mean of those it stands for. */
function slower(pieces, rate) {
  const all = pieces.flatMap((piece) => [...piece]);
  const step = rate / RATE;
  const samples = new Int16Array(Math.floor(all.length / step));
  for (let index = 0; index < samples.length; index += 1) {
    const from = Math.floor(index * step);
    const to = Math.max(from + 1, Math.floor((index + 1) * step));
    let sum = 0;
    for (let at = from; at < to; at += 1) sum += all[at];
    samples[index] = Math.max(-1, Math.min(1, sum / (to - from))) * 0x7fff;
  }
  return samples;
}

function wav(samples) {
  const view = new DataView(new ArrayBuffer(HEADER + samples.length * 2));
  const text = (at, word) => [...word].forEach((letter, index) => view.setUint8(at + index, letter.charCodeAt(0)));
  text(0, 'RIFF');
  view.setUint32(4, HEADER - 8 + samples.length * 2, true);
  text(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, RATE, true);
  view.setUint32(28, RATE * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  text(36, 'data');
  view.setUint32(40, samples.length * 2, true);
  samples.forEach((sample, index) => view.setInt16(HEADER + index * 2, sample, true));
  return new Blob([view.buffer], { type: 'audio/wav' });
}
