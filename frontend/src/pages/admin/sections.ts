/** The sections of the administration and their addresses. */
import { signal } from '@preact/signals';

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

/** The section that is shown. */
export const shown = signal<Section>(sectionAt(location.pathname));

/** Shows a section and puts its address into the address bar. */
export function visit(section: Section): void {
  if (section === shown.value) return;
  history.pushState(null, '', pathOf(section));
  shown.value = section;
}

/** Follows the browser's back and forward until the returned function is called. */
export function followHistory(): () => void {
  function look(): void {
    shown.value = sectionAt(location.pathname);
  }
  look();
  window.addEventListener('popstate', look);
  return () => window.removeEventListener('popstate', look);
}

/** A click that the browser should keep to itself: a new tab, a new window, another button. */
export function isOwnClick(event: MouseEvent): boolean {
  return event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
}
