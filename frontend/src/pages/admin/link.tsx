/** A link to another section. `route.ts` follows it without loading the page anew. */
import type { ComponentChildren } from 'preact';
import { path } from '../../route';
import { pathOf, sectionAt, type Section } from './sections';

export interface SectionLinkProps {
  readonly to: Section;
  readonly children: ComponentChildren;
  readonly look?: string;
}

/** Says which section is the present one. */
export function SectionLink({ to, children, look }: SectionLinkProps) {
  return (
    <a href={pathOf(to)} class={look} aria-current={sectionAt(path.value) === to ? 'page' : undefined}>
      {children}
    </a>
  );
}
