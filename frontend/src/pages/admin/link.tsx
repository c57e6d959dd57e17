/** A link to another section: a real one, that does not load the page anew. */
import type { ComponentChildren } from 'preact';
import { isOwnClick, pathOf, shown, visit, type Section } from './sections';

export interface SectionLinkProps {
  readonly to: Section;
  readonly children: ComponentChildren;
  readonly look?: string;
}

export function SectionLink({ to, children, look }: SectionLinkProps) {
  return (
    <a
      href={pathOf(to)}
      class={look}
      aria-current={shown.value === to ? 'page' : undefined}
      onClick={(event) => {
        if (!isOwnClick(event)) return;
        event.preventDefault();
        visit(to);
      }}
    >
      {children}
    </a>
  );
}
