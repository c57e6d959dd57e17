// The sound of a call: one RTCPeerConnection, straight to the other browser. All candidates are gathered before the SDP goes out.

import { silence } from './sound.js';

const GATHERING = 2000;
const CODECS = ['audio/opus', 'audio/PCMU'];

export class Talk {
  /** `element` plays the other side; `told` is called when there is no microphone. */
  constructor(element, told) {
    this.element = element;
    this.told = told;
    this.pc = null;
    this.microphone = null;
  }

  /** A fresh offer, on a fresh connection: whoever was joined before is left. */
  async offer() {
    const pc = await this.open();
    await pc.setLocalDescription(await pc.createOffer());
    return this.gathered(pc);
  }

  /** The answer to an offer. A known partner keeps the connection; a new one gets a new one. */
  async answer(sdp) {
    const same = this.pc?.remoteDescription && fingerprint(this.pc.remoteDescription.sdp) === fingerprint(sdp);
    const pc = same ? this.pc : await this.open();
    await pc.setRemoteDescription({ type: 'offer', sdp });
    await pc.setLocalDescription(await pc.createAnswer());
    return this.gathered(pc);
  }

  /** The other side's answer to our offer. */
  async accept(sdp) {
    if (sdp && this.pc?.signalingState === 'have-local-offer') await this.pc.setRemoteDescription({ type: 'answer', sdp });
  }

  /** End the sound, and let go of the microphone. */
  close() {
    this.pc?.close();
    this.pc = null;
    this.microphone?.getTracks().forEach((track) => track.stop());
    this.microphone = null;
    this.element.srcObject = null;
  }

  async open() {
    const voice = await this.listen();
    this.pc?.close();
    const pc = new RTCPeerConnection({ iceServers: [] });
    this.pc = pc;
    for (const track of voice.getAudioTracks()) pc.addTrack(track, voice);
    // Plivo speaks these two (wire.md 5.3); the Browser SDK answers 488 to an offer with all that a browser has.
    const known = RTCRtpReceiver.getCapabilities('audio').codecs.filter((codec) => CODECS.includes(codec.mimeType));
    for (const transceiver of pc.getTransceivers()) transceiver.setCodecPreferences(known);
    pc.ontrack = (event) => {
      this.element.srcObject = event.streams[0] ?? new MediaStream([event.track]);
      this.element.play().catch(() => {});
    };
    return pc;
  }

  async listen() {
    if (this.microphone) return this.microphone;
    try {
      this.microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch {
      this.microphone = silence();
      this.told('No microphone: you can hear, but not talk.');
    }
    return this.microphone;
  }

  async gathered(pc) {
    if (pc.iceGatheringState !== 'complete') {
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, GATHERING);
        pc.addEventListener('icegatheringstatechange', () => {
          if (pc.iceGatheringState !== 'complete') return;
          clearTimeout(timer);
          resolve();
        });
      });
    }
    return pc.localDescription.sdp;
  }
}

function fingerprint(sdp) {
  return /^a=fingerprint:(.*)$/m.exec(sdp)?.[1]?.trim();
}
