/** Time zones, and local times in them: pure. */

/** Every zone the browser knows, with the one in use among them. */
export function zonesWith(used: string): readonly string[] {
  const known = Intl.supportedValuesOf('timeZone');
  return known.includes(used) ? known : [used, ...known];
}

/** The browser's own: a beginning, not a decision. */
export function likelyZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** How far a zone is ahead of UTC at an instant, in milliseconds. */
function ahead(zone: string, at: number): number {
  const style = { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' } as const;
  const clock = { hour: 'numeric', minute: 'numeric', second: 'numeric' } as const;
  const parts = new Intl.DateTimeFormat('en', { ...style, ...clock }).formatToParts(at);
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value);
  const wall = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return wall - Math.floor(at / 1000) * 1000;
}

/** A zone as people write it. */
export function zoneName(zone: string): string {
  return zone.replaceAll('_', ' ');
}

/** An instant as the clocks of a zone show it. */
export function momentAt(at: number, zone: string, reader: string): string {
  const style = { dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23', timeZone: zone } as const;
  return new Intl.DateTimeFormat(reader, style).format(at);
}

/** The instant of a local time such as `2026-12-24T22:00` in a zone, as ISO 8601; empty for what is no time. */
export function momentIn(zone: string, local: string): string {
  const wall = Date.parse(`${local}Z`);
  if (local === '' || Number.isNaN(wall)) return '';
  // Twice, because the first guess may lie on the other side of a change of the clock.
  const first = wall - ahead(zone, wall);
  return new Date(wall - ahead(zone, first)).toISOString();
}
