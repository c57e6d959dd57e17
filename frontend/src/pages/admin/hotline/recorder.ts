/** Recordings from the microphone or a file, turned by the browser into what the server takes. */
import { LONGEST, mixed, RATE, wavOf } from './wav';

export interface Take {
  readonly sound: Blob;
  readonly seconds: number;
}

/** The browser could not make sense of a file. */
export class Unreadable extends Error {
  constructor() {
    super('not a sound');
    this.name = 'Unreadable';
  }
}

/**
 * A file of any kind that the browser can play, as WAV.
 *
 * Throws: Unreadable.
 */
export async function takeOf(file: Blob): Promise<Take> {
  // Decoding resamples to the rate of its context.
  const context = new OfflineAudioContext(1, 1, RATE);
  let heard: AudioBuffer;
  try {
    heard = await context.decodeAudioData(await file.arrayBuffer());
  } catch {
    throw new Unreadable();
  }
  const channels = Array.from({ length: heard.numberOfChannels }, (_, at) => heard.getChannelData(at));
  return { sound: new Blob([wavOf(mixed(channels))], { type: 'audio/wav' }), seconds: heard.duration };
}

export interface Recording {
  /** Ends it and gives what was said. */
  readonly finish: () => Promise<Take>;
  /** Ends it and forgets what was said. */
  readonly drop: () => void;
}

/** Opens the microphone and records until it is ended; `onLimit` hears when there is no more time. */
export async function record(onLimit: () => void): Promise<Recording> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const machine = new MediaRecorder(stream);
  const parts: Blob[] = [];
  machine.ondataavailable = ({ data }) => parts.push(data);
  const limit = setTimeout(onLimit, (LONGEST - 1) * 1000);
  machine.start();

  function end(): Promise<void> {
    clearTimeout(limit);
    const ended = new Promise<void>((done) => (machine.onstop = () => done()));
    if (machine.state !== 'inactive') machine.stop();
    for (const track of stream.getTracks()) track.stop();
    return ended;
  }

  return {
    finish: async () => {
      await end();
      return takeOf(new Blob(parts, { type: machine.mimeType }));
    },
    drop: () => void end(),
  };
}
