/** Small decoders: what comes from outside is `unknown` until one of these has looked at it. */

/** Something arrived that is not what the contract says. The path names the place, never the value. */
export class Undecodable extends Error {
  constructor(path: string, wanted: string) {
    super(`${path || 'value'} is not ${wanted}`);
    this.name = 'Undecodable';
  }
}

/** Turns an unknown value into `T` or throws `Undecodable`. */
export type Decoder<T> = (value: unknown, path?: string) => T;

export const text: Decoder<string> = (value, path = '') => {
  if (typeof value !== 'string') throw new Undecodable(path, 'text');
  return value;
};

export const number: Decoder<number> = (value, path = '') => {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new Undecodable(path, 'a number');
  return value;
};

export const flag: Decoder<boolean> = (value, path = '') => {
  if (typeof value !== 'boolean') throw new Undecodable(path, 'true or false');
  return value;
};

/** An instant as milliseconds since 1970. */
export const instant: Decoder<number> = (value, path = '') => {
  const at = Date.parse(text(value, path));
  if (Number.isNaN(at)) throw new Undecodable(path, 'a time');
  return at;
};

export function maybe<T>(decode: Decoder<T>): Decoder<T | null> {
  return (value, path = '') => (value === null || value === undefined ? null : decode(value, path));
}

export function list<T>(decode: Decoder<T>): Decoder<readonly T[]> {
  return (value, path = '') => {
    if (!Array.isArray(value)) throw new Undecodable(path, 'a list');
    return value.map((item: unknown, at) => decode(item, `${path}[${at}]`));
  };
}

/** One of the named texts. */
export function oneOf<const T extends string>(...known: readonly T[]): Decoder<T> {
  return (value, path = '') => {
    const found = known.find((item) => item === value);
    if (found === undefined) throw new Undecodable(path, known.join(' or '));
    return found;
  };
}

type Shape = { readonly [name: string]: Decoder<unknown> };
type Decoded<S extends Shape> = { readonly [Name in keyof S]: ReturnType<S[Name]> };

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isComplete<S extends Shape>(made: Readonly<Record<string, unknown>>, shape: S): made is Decoded<S> {
  return Object.keys(shape).every((name) => Object.hasOwn(made, name));
}

/** A record with these fields; names it does not know are left out, so that a newer server can say more. */
export function record<S extends Shape>(shape: S): Decoder<Decoded<S>> {
  return (value, path = '') => {
    if (!isRecord(value)) throw new Undecodable(path, 'a record');
    const made: Record<string, unknown> = {};
    for (const [name, decode] of Object.entries(shape)) {
      made[name] = decode(value[name], path ? `${path}.${name}` : name);
    }
    if (!isComplete(made, shape)) throw new Undecodable(path, 'a record');
    return made;
  };
}

/** A page of a list: `{items, total, limit, offset}`. */
export function pageOf<T>(decode: Decoder<T>) {
  return record({ items: list(decode), total: number, limit: number, offset: number });
}

/** Nothing worth reading. */
export const nothing: Decoder<null> = () => null;
