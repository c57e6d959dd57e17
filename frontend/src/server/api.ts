/** Requests to our own server. Every answer is decoded; every failure is a `Problem`. */
import { signal } from '@preact/signals';
import { Undecodable, nothing, type Decoder } from './decode';
import { decodeProblem } from './wire';

/** The server said no, or could not be asked. `code` is for deciding, `message` is for reading. */
export class Problem extends Error {
  readonly code: string;
  readonly status: number;
  readonly field: string | null;
  readonly retryAfter: number | null;
  readonly reason: string | null;

  constructor(said: {
    readonly code: string;
    readonly status: number;
    readonly message?: string;
    readonly field?: string | null;
    readonly retryAfter?: number | null;
    readonly reason?: string | null;
  }) {
    super(said.message ?? said.code);
    this.name = 'Problem';
    this.code = said.code;
    this.status = said.status;
    this.field = said.field ?? null;
    this.retryAfter = said.retryAfter ?? null;
    this.reason = said.reason ?? null;
  }
}

/** The CSRF value of the session, as `/api/me` gave it; null while signed out. */
export const csrf = signal<string | null>(null);

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface Ask<T> {
  readonly method?: Method;
  /** Sent as JSON; unsafe methods always carry a body, `{}` when there is nothing to say. */
  readonly body?: unknown;
  /** A recording, sent as it is in place of JSON. */
  readonly sound?: Blob;
  readonly decode: Decoder<T>;
  /** The page may be closing: let the browser finish the request without it. */
  readonly keepalive?: boolean;
  readonly signal?: AbortSignal;
}

/** A request that takes longer than this is given up, in milliseconds: the server answers its pages well within it. */
const PATIENCE = 15_000;

async function problemOf(response: Response): Promise<Problem> {
  const retryAfter = Number(response.headers.get('Retry-After') ?? Number.NaN);
  try {
    const { error } = decodeProblem(await response.json());
    return new Problem({
      code: error.code,
      status: response.status,
      message: error.message,
      field: error.field,
      reason: error.reason,
      retryAfter: error.retry_after ?? (Number.isFinite(retryAfter) ? retryAfter : null),
    });
  } catch {
    return new Problem({ code: 'fault', status: response.status });
  }
}

/** Asks our server; throws `Problem` when it refuses, cannot be reached (`unreachable`) or speaks nonsense (`fault`). */
export async function ask<T>(path: string, { method = 'GET', body, sound, decode, keepalive, signal }: Ask<T>): Promise<T> {
  const headers = new Headers({ Accept: 'application/json' });
  const init: RequestInit = { method, headers, credentials: 'same-origin', cache: 'no-store' };
  if (method !== 'GET') {
    headers.set('Content-Type', sound === undefined ? 'application/json' : sound.type);
    if (csrf.value !== null) headers.set('X-CSRF-Token', csrf.value);
    init.body = sound ?? JSON.stringify(body ?? {});
  }
  if (keepalive) init.keepalive = true;
  init.signal = signal ?? AbortSignal.timeout(PATIENCE);

  let response: Response;
  try {
    response = await fetch(path, init);
  } catch {
    throw new Problem({ code: 'unreachable', status: 0 });
  }
  if (!response.ok) throw await problemOf(response);
  if (response.status === 204) return decode(null);
  try {
    const answer: unknown = await response.json();
    return decode(answer);
  } catch (error) {
    if (decode === nothing) return decode(null);
    if (error instanceof Undecodable) throw new Problem({ code: 'fault', status: response.status, message: error.message });
    throw new Problem({ code: 'fault', status: response.status });
  }
}
