/** QR codes, drawn here so that no other host ever sees what is in one. Bytes, level M, versions 1 to 10.
 * Source: ISO/IEC 18004 (tables 1, 9 and annexes A, C, D, E). */

/** Rows of modules; true is dark. */
export type Modules = readonly (readonly boolean[])[];

interface Version {
  /** Error-correction bytes in each block. */
  readonly correction: number;
  /** Data bytes of each block, in order. */
  readonly blocks: readonly number[];
  /** Centres of the alignment patterns. */
  readonly centres: readonly number[];
}

const version = (correction: number, blocks: readonly number[], ...centres: readonly number[]): Version => ({
  correction,
  blocks,
  centres,
});

/** Level M: about 15 % of a damaged code can be read. */
const versions: readonly Version[] = [
  version(10, [16]),
  version(16, [28], 6, 18),
  version(26, [44], 6, 22),
  version(18, [32, 32], 6, 26),
  version(24, [43, 43], 6, 30),
  version(16, [27, 27, 27, 27], 6, 34),
  version(18, [31, 31, 31, 31], 6, 22, 38),
  version(22, [38, 38, 39, 39], 6, 24, 42),
  version(22, [36, 36, 36, 37, 37], 6, 26, 46),
  version(26, [43, 43, 43, 43, 44], 6, 28, 50),
];
const LEVEL_M = 0b00;
const BYTES = 0b0100;

const powers = new Uint8Array(512);
const logs = new Uint8Array(256);
let power = 1;
for (let exponent = 0; exponent < 255; exponent += 1) {
  powers[exponent] = power;
  powers[exponent + 255] = power;
  logs[power] = exponent;
  power <<= 1;
  if (power > 255) power ^= 0x11d;
}

const times = (a: number, b: number): number =>
  a === 0 || b === 0 ? 0 : (powers[(logs[a] ?? 0) + (logs[b] ?? 0)] ?? 0);

/** The error-correction bytes of a block (annex A). */
function correctionOf(data: readonly number[], count: number): readonly number[] {
  let generator = [1];
  for (let root = 0; root < count; root += 1) {
    const raised = [...generator, 0];
    generator = raised.map((value, at) => value ^ times(generator[at - 1] ?? 0, powers[root] ?? 0));
  }
  const rest = [...data, ...Array<number>(count).fill(0)];
  for (let at = 0; at < data.length; at += 1) {
    const factor = rest[at] ?? 0;
    if (factor === 0) continue;
    generator.forEach((value, step) => (rest[at + step] = (rest[at + step] ?? 0) ^ times(value, factor)));
  }
  return rest.slice(data.length);
}

function bitsOf(value: number, length: number): readonly number[] {
  return Array.from({ length }, (_, at) => (value >> (length - 1 - at)) & 1);
}

const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);

/** The bytes as they stand in the code: data and correction of all blocks, interleaved. */
function codewords(text: string, { correction, blocks }: Version, number: number): readonly number[] {
  const bytes = [...new TextEncoder().encode(text)];
  const room = sum(blocks);
  const bits = [...bitsOf(BYTES, 4), ...bitsOf(bytes.length, number < 10 ? 8 : 16), ...bytes.flatMap((one) => bitsOf(one, 8))];
  bits.push(...Array<number>(Math.min(4, room * 8 - bits.length)).fill(0));
  while (bits.length % 8 !== 0) bits.push(0);
  const data = Array.from({ length: bits.length / 8 }, (_, at) =>
    bits.slice(at * 8, at * 8 + 8).reduce((all, bit) => all * 2 + bit, 0),
  );
  for (let pad = 0xec; data.length < room; pad ^= 0xec ^ 0x11) data.push(pad);

  let from = 0;
  const parts = blocks.map((length) => data.slice(from, (from += length)));
  const corrections = parts.map((part) => correctionOf(part, correction));
  const woven = (columns: readonly (readonly number[])[]) =>
    Array.from({ length: Math.max(...columns.map(({ length }) => length)) }, (_, at) =>
      columns.flatMap((column) => column[at] ?? []),
    ).flat();
  return [...woven(parts), ...woven(corrections)];
}

/** A remainder code (annexes C and D). */
function remainder(value: number, generator: number, length: number): number {
  let rest = value << length;
  for (let at = 31 - Math.clz32(rest); at >= length; at -= 1) if ((rest >> at) & 1) rest ^= generator << (at - length);
  return rest;
}

const masks: readonly ((row: number, column: number) => boolean)[] = [
  (r, c) => (r + c) % 2 === 0,
  (r) => r % 2 === 0,
  (_, c) => c % 3 === 0,
  (r, c) => (r + c) % 3 === 0,
  (r, c) => (Math.floor(r / 2) + Math.floor(c / 3)) % 2 === 0,
  (r, c) => ((r * c) % 2) + ((r * c) % 3) === 0,
  (r, c) => (((r * c) % 2) + ((r * c) % 3)) % 2 === 0,
  (r, c) => (((r + c) % 2) + ((r * c) % 3)) % 2 === 0,
];

/** A code under construction. */
interface Square {
  readonly size: number;
  readonly dark: boolean[][];
  /** Modules that are not data. */
  readonly taken: boolean[][];
}

const grid = (size: number) => Array.from({ length: size }, () => Array<boolean>(size).fill(false));

function put({ size, dark, taken }: Square, row: number, column: number, isDark: boolean): void {
  const [line, mark] = [dark[row], taken[row]];
  if (line === undefined || mark === undefined || column < 0 || column >= size) return;
  line[column] = isDark;
  mark[column] = true;
}

function drawPatterns(square: Square, { centres }: Version, number: number): void {
  const last = square.size - 1;
  for (let at = 0; at <= last; at += 1) {
    put(square, 6, at, at % 2 === 0);
    put(square, at, 6, at % 2 === 0);
  }
  for (const [row, column] of [[3, 3], [3, last - 3], [last - 3, 3]] as const) {
    for (let r = -4; r <= 4; r += 1) {
      for (let c = -4; c <= 4; c += 1) {
        const ring = Math.max(Math.abs(r), Math.abs(c));
        put(square, row + r, column + c, ring !== 2 && ring !== 4);
      }
    }
  }
  const [first, end] = [centres[0], centres.at(-1)];
  for (const row of centres) {
    for (const column of centres) {
      const corner = (row === first && (column === first || column === end)) || (row === end && column === first);
      if (corner) continue;
      for (let r = -2; r <= 2; r += 1) {
        for (let c = -2; c <= 2; c += 1) put(square, row + r, column + c, Math.max(Math.abs(r), Math.abs(c)) !== 1);
      }
    }
  }
  if (number >= 7) {
    const bits = (number << 12) | remainder(number, 0x1f25, 12);
    for (let at = 0; at < 18; at += 1) {
      const dark = ((bits >> at) & 1) === 1;
      put(square, Math.floor(at / 3), last - 10 + (at % 3), dark);
      put(square, last - 10 + (at % 3), Math.floor(at / 3), dark);
    }
  }
}

function drawFormat(square: Square, mask: number): void {
  const chosen = (LEVEL_M << 3) | mask;
  const bits = ((chosen << 10) | remainder(chosen, 0x537, 10)) ^ 0x5412;
  const last = square.size - 1;
  for (let at = 0; at < 15; at += 1) {
    const dark = ((bits >> at) & 1) === 1;
    if (at < 8) put(square, at < 6 ? at : at + 1, 8, dark);
    else put(square, last - 14 + at, 8, dark);
    if (at < 8) put(square, 8, last - at, dark);
    else put(square, 8, at < 9 ? 7 : 14 - at, dark);
  }
  put(square, last - 7, 8, true);
}

function drawData(square: Square, bytes: readonly number[], mask: number): void {
  const flip = masks[mask];
  const bits = bytes.flatMap((one) => bitsOf(one, 8));
  let next = 0;
  let upwards = true;
  for (let right = square.size - 1; right > 0; right -= 2) {
    if (right === 6) right -= 1;
    for (let step = 0; step < square.size; step += 1) {
      const row = upwards ? square.size - 1 - step : step;
      const line = square.dark[row];
      for (const column of [right, right - 1]) {
        if (line === undefined || square.taken[row]?.[column] === true) continue;
        line[column] = (bits[next] === 1) !== (flip?.(row, column) ?? false);
        next += 1;
      }
    }
    upwards = !upwards;
  }
}

/** How hard a code is to read: the rules of table 11. */
function penalty(dark: Modules): number {
  const size = dark.length;
  const turned = dark.map((_, at) => dark.map((row) => row[at] === true));
  let points = 0;
  for (const row of [...dark, ...turned]) {
    const line = row.map((one) => (one ? '1' : '0')).join('');
    for (const run of line.match(/0{5,}|1{5,}/g) ?? []) points += run.length - 2;
    points += 40 * (line.match(/(?=10111010000|00001011101)/g) ?? []).length;
  }
  for (let r = 1; r < size; r += 1) {
    for (let c = 1; c < size; c += 1) {
      const one = dark[r]?.[c];
      if (dark[r - 1]?.[c] === one && dark[r]?.[c - 1] === one && dark[r - 1]?.[c - 1] === one) points += 3;
    }
  }
  const share = (sum(dark.map((row) => row.filter(Boolean).length)) * 100) / (size * size);
  return points + 10 * Math.floor(Math.abs(share - 50) / 5);
}

/** The code of a text of at most 213 bytes in UTF-8; null for a longer one. */
export function qrModules(text: string): Modules | null {
  const length = new TextEncoder().encode(text).length;
  const found = versions.findIndex(({ blocks }, at) => length * 8 + 4 + (at < 9 ? 8 : 16) <= sum(blocks) * 8);
  const chosen = versions[found];
  if (chosen === undefined) return null;
  const bytes = codewords(text, chosen, found + 1);
  const codes = masks.map((_, mask) => {
    const size = 21 + 4 * found;
    const square: Square = { size, dark: grid(size), taken: grid(size) };
    drawPatterns(square, chosen, found + 1);
    drawFormat(square, mask);
    drawData(square, bytes, mask);
    return square.dark;
  });
  return codes.reduce((best, code) => (penalty(code) < penalty(best) ? code : best));
}
