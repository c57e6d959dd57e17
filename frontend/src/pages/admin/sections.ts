/** The sections of the administration and their addresses. */

export const sections = ['overview', 'volunteers', 'connection', 'devices', 'calls', 'audit'] as const;
export type Section = (typeof sections)[number];

/** Where a section lives. */
export function pathOf(section: Section): string {
  return section === 'overview' ? '/admin' : `/admin/${section}`;
}

/** The section at an address; an unknown one leads to the overview. */
export function sectionAt(path: string): Section {
  const name = path.replace(/^\/admin\/?/, '').replace(/\/$/, '');
  return sections.find((section) => section === name) ?? 'overview';
}
