/** A sign for each state. Decoration: the heading says the same in words. */
import type { Phone } from '../../phone/state';

const handset =
  'M7.2 4.6c.7-.6 1.800-.5 2.300.3l2 2.900c.5.700.4 1.500-.1 2.100l-1.300 1.500c1.100 2 2.700 3.600 4.700 4.700l1.500-1.300c.600-.5 1.400-.6 2.100-.1l2.900 2c.8.500.9 1.600.3 2.300l-1.400 1.700c-.8.900-2.100 1.200-3.200.8C11.200 19.300 4.700 12.800 2.500 7c-.4-1.100-.1-2.400.8-3.200z';
const moon = 'M20 14.500A8.500 8.500 0 1 1 9.500 4a7 7 0 0 0 10.500 10.500z';
const screens = 'M3 5h12v9H3zM9 18h12V9';
const off = 'M12 3v8M6.300 6.500a8 8 0 1 0 11.400 0';
const warning = 'M12 4l9 16H3zM12 10v4M12 17v.5';

const paths: Readonly<Record<Phone['kind'], { readonly path: string; readonly filled: boolean }>> = {
  'signed-out': { path: moon, filled: true },
  'off-duty': { path: moon, filled: true },
  'getting-ready': { path: handset, filled: true },
  ready: { path: handset, filled: true },
  ringing: { path: handset, filled: true },
  calling: { path: handset, filled: true },
  talking: { path: handset, filled: true },
  'wrapping-up': { path: handset, filled: true },
  displaced: { path: screens, filled: false },
  'other-tab': { path: screens, filled: false },
  'webrtc-off': { path: off, filled: false },
  unreachable: { path: warning, filled: false },
  'microphone-blocked': { path: warning, filled: false },
};

export function Glyph({ kind }: { readonly kind: Phone['kind'] }) {
  const { path, filled } = paths[kind];
  return (
    <span class={`glyph ${kind === 'ringing' ? 'glyph-rings' : ''} ${kind === 'getting-ready' || kind === 'calling' ? 'glyph-waits' : ''}`} aria-hidden="true">
      <svg viewBox="0 0 24 24" class={filled ? 'filled' : 'drawn'}>
        <path d={path} />
      </svg>
    </span>
  );
}
