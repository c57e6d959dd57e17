/** Addresses below the sections of the hotline: pure. */

export const hotlineParts = [
  'general', 'hours', 'languages', 'prompts', 'ringing', 'members', 'after', 'messages', 'who-rings', 'fallback',
] as const;
export type HotlinePart = (typeof hotlineParts)[number];

/** What stands behind a section in an address: `/admin/hotlines/night/hours` → `['night', 'hours']`. */
export function below(path: string): readonly string[] {
  return path.split('/').slice(3).filter((name) => name !== '').map(decoded);
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** The part of a hotline's page that an address names; an unknown one leads to the first. */
export function partAt(name: string | undefined): HotlinePart {
  return hotlineParts.find((part) => part === name) ?? 'general';
}

/** Where a part of a hotline's page lives. */
export function partPath(hotline: string, part: HotlinePart): string {
  return `/admin/hotlines/${encodeURIComponent(hotline)}/${part}`;
}

/** Where the story of a call lives. */
export function storyPath(call: string): string {
  return `/admin/log/${encodeURIComponent(call)}`;
}
