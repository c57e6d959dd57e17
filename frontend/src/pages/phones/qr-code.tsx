/** A QR code as a picture: dark on light in every scheme, with the quiet zone that readers want. */
import { qrModules } from './qr';

/** Modules of empty border (ISO/IEC 18004, 6.3.8). */
const QUIET = 4;

export function QrCode({ text, label }: { readonly text: string; readonly label: string }) {
  const modules = qrModules(text);
  if (modules === null) return null;
  const size = modules.length + 2 * QUIET;
  const path = modules
    .flatMap((row, r) => row.map((dark, c) => (dark ? `M${c + QUIET} ${r + QUIET}h1v1h-1z` : '')))
    .join('');
  return (
    <svg class="qr" role="img" aria-label={label} data-testid="qr" viewBox={`0 0 ${size} ${size}`} shape-rendering="crispEdges">
      <rect width={size} height={size} fill="#ffffff" />
      <path d={path} fill="#000000" />
    </svg>
  );
}
