/** What is kept of callers: retention, blocks, and the end of a number. */
import { paged, PAGE, type Page } from './admin';
import { ask } from './api';
import { flag, instant, list, maybe, nothing, number, record, text, type Decoder } from './decode';

export const decodeDays = record({
  pseudonym_days: number,
  pseudonym_keep_days: number,
  calls_days: number,
  voicemail_days: number,
  logs_days: number,
  audit_days: number,
});
/** How long things are kept, in days. */
export type Days = ReturnType<typeof decodeDays>;

const decodeRemoved: Decoder<readonly (readonly [string, number])[]> = (value, path = '') =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).map(([name, count]) => [name, number(count, `${path}.${name}`)] as const)
    : [];

export const decodeRetention = record({
  settings: decodeDays,
  runs: list(record({ at: instant, removed: decodeRemoved })),
  waiting_at_plivo: record({ recordings: number, since: maybe(instant), problem: maybe(text) }),
});
export type Retention = ReturnType<typeof decodeRetention>;
export type PurgeRun = Retention['runs'][number];

export const readRetention = () => ask('/api/admin/retention', { decode: decodeRetention });

export function changeRetention(days: Days): Promise<Retention> {
  return ask('/api/admin/retention', { method: 'PUT', body: days, decode: decodeRetention });
}

export const decodeBlock = record({
  id: text,
  hotline_id: text,
  caller: record({ id: text, label: text }),
  reason: text,
  made_by: maybe(record({ id: text, name: text })),
  made_at: instant,
  until: instant,
  lifted_at: maybe(instant),
  in_force: flag,
});
export type Block = ReturnType<typeof decodeBlock>;

export const readBlocks = (offset: number): Promise<Page<Block>> => paged('/api/admin/blocks', decodeBlock, offset, PAGE);

const blockPath = (id: string) => `/api/admin/blocks/${encodeURIComponent(id)}`;

export function lengthenBlock(id: string, hours: number): Promise<Block> {
  return ask(`${blockPath(id)}/lengthen`, { method: 'POST', body: { hours }, decode: decodeBlock });
}

export function liftBlock(id: string): Promise<Block> {
  return ask(`${blockPath(id)}/lift`, { method: 'POST', decode: decodeBlock });
}

export const decodeRevealed = record({ label: text, withheld: flag, masked: maybe(text) });
export type Revealed = ReturnType<typeof decodeRevealed>;

const callerPath = (id: string) => `/api/admin/callers/${encodeURIComponent(id)}`;

export function revealMasked(caller: string): Promise<Revealed> {
  return ask(`${callerPath(caller)}/reveal-masked`, { method: 'POST', decode: decodeRevealed });
}

export function forgetCaller(caller: string): Promise<null> {
  return ask(callerPath(caller), { method: 'DELETE', decode: nothing });
}
