import { describe, expect, it } from 'vitest';
import { qrModules } from '../../../src/pages/phones/qr';

const ADDRESS = 'https://phone.example.org/phone-file/0123456789abcdef0123456789abcdef';

const drawn = (text: string) => (qrModules(text) ?? []).map((row) => row.map((dark) => (dark ? '#' : '.')).join(''));

async function sealOf(text: string): Promise<string> {
  const seal = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(drawn(text).join('\n')));
  return [...new Uint8Array(seal)].map((byte) => byte.toString(16).padStart(2, '0')).join('').slice(0, 16);
}

/** Codes that a reader (jsQR 1.4.0) has read: one of one block, of several, of blocks of two lengths with the number
 * of its version in it, and the longest. */
const read: readonly (readonly [text: string, size: number, seal: string])[] = [
  ['softphone', 21, '03b2195f62ea2505'],
  [ADDRESS, 37, 'aa21143af71493ed'],
  [ADDRESS.repeat(2), 49, '291eeaa3a2f98252'],
  [ADDRESS.repeat(4).slice(0, 213), 57, 'e504a47942cbad04'],
];

describe('a QR code', () => {
  it.each(read)('is the one that was read: %s', async (text, size, seal) => {
    expect(drawn(text).length).toBe(size);
    expect(await sealOf(text)).toBe(seal);
  });

  it('has its three corners and nothing where they end', () => {
    const rows = drawn(ADDRESS);

    for (const corner of [rows.map((row) => row.slice(0, 8)), rows.map((row) => row.slice(-8)).map((row) => [...row].toReversed().join('')), rows.toReversed().map((row) => row.slice(0, 8))]) {
      expect(corner.slice(0, 8)).toEqual(['#######.', '#.....#.', '#.###.#.', '#.###.#.', '#.###.#.', '#.....#.', '#######.', '........']);
    }
  });

  it('holds 213 bytes and no more, counted as UTF-8', () => {
    expect(qrModules('x'.repeat(213))).not.toBeNull();
    expect(qrModules('x'.repeat(214))).toBeNull();
    expect(qrModules('ñ'.repeat(107))).toBeNull();
  });
});
