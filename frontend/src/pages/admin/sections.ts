/** The sections of the administration and their addresses. */

export const sections = [
  'overview', 'board', 'hotlines', 'log', 'charts', 'privacy', 'volunteers', 'connection', 'devices', 'sip', 'calls', 'audit',
] as const;
export type Section = (typeof sections)[number];

/** Where a section lives. */
export function pathOf(section: Section): string {
  return section === 'overview' ? '/admin' : `/admin/${section}`;
}

/** The section at an address, whatever stands below it; an unknown one leads to the overview. */
export function sectionAt(path: string): Section {
  const name = path.split('/')[2];
  return sections.find((section) => section === name) ?? 'overview';
}
