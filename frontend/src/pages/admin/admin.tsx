/** The administrator's pages: a frame with sections, live news, and the question for the password. */
import { lazy, Suspense } from 'preact/compat';
import { useEffect, useRef } from 'preact/hooks';
import { welcome } from '../../account';
import { tell, Toasts } from '../../parts/toast';
import { path } from '../../route';
import { ask } from '../../server/api';
import type { Alert } from '../../server/events';
import { failureOf } from '../../server/sentence';
import { decodeMe, type Me } from '../../server/wire';
import { words } from '../../words';
import './admin.css';
import { AuditSection } from './audit';
import { CallsSection } from './calls';
import { ConnectionSection } from './connection';
import { DevicesSection } from './devices';
import { SectionLink } from './link';
import { followNews } from './news';
import { OverviewSection } from './overview';
import { sectionAt, sections, type Section } from './sections';
import { StepUpDialog } from './step-up-dialog';
import { VolunteersSection } from './volunteers';

const BoardSection = lazy(async () => ({ default: (await import('./hotline')).BoardSection }));
const HotlinesSection = lazy(async () => ({ default: (await import('./hotline')).HotlinesSection }));
const LogSection = lazy(async () => ({ default: (await import('./hotline')).LogSection }));
const ChartsSection = lazy(async () => ({ default: (await import('./hotline')).ChartsSection }));
const PrivacySection = lazy(async () => ({ default: (await import('./hotline')).PrivacySection }));
const SipPhonesSection = lazy(async () => ({ default: (await import('./sip-phones')).SipPhonesSection }));

export interface AdminPageProps {
  readonly me: Me;
  /** The session is over: somebody ended it, or it ran out. */
  readonly onSignedOut: () => void;
  /** The person wants to sign out. */
  readonly onSignOut: () => void;
}

/** Everything under `/admin`. */
export function AdminPage({ me, onSignedOut, onSignOut }: AdminPageProps) {
  const say = words.value.admin;
  const section = sectionAt(path.value);
  const title = `${say[section].title} · ${words.value.common.product}`;
  const isAdmin = me.role === 'admin';

  useEffect(
    () => (isAdmin ? followNews({ onEnded: () => void leaveIfOver(onSignedOut), onAlert: tellAlert }) : undefined),
    [isAdmin],
  );
  useEffect(() => {
    document.title = title;
  }, [title]);

  if (me.role !== 'admin') {
    return (
      <main class="page-body stack">
        <h1>{say.title}</h1>
        <p>{say.onlyAdmins}</p>
        <a href="/">{say.toPhone}</a>
      </main>
    );
  }
  return (
    <div class="admin">
      <header class="page-head admin-head">
        <p class="admin-name">
          {words.value.common.product} <span class="quiet">{say.title}</span>
        </p>
        <div class="row">
          <span class="quiet small admin-me">{me.name}</span>
          <a class="button bare small" href="/">
            {say.toPhone}
          </a>
          <button type="button" class="button bare small" onClick={() => onSignOut()}>
            {words.value.common.signOut}
          </button>
        </div>
      </header>
      <div class="admin-floor">
        <nav class="admin-nav" aria-label={say.sections}>
          <ul>
            {sections.map((name) => (
              <li key={name}>
                <SectionLink to={name}>{say.nav[name]}</SectionLink>
              </li>
            ))}
          </ul>
        </nav>
        <main class="admin-main">
          <Shown key={section} section={section} me={me} />
        </main>
      </div>
      <StepUpDialog />
      <Toasts />
    </div>
  );
}

/** Wherever an administrator is: an empty shift cannot wait until they look at the board. */
function tellAlert({ kind, hotline }: Alert, began: boolean): void {
  const say = words.value.admin.alerts;
  tell(began ? say[kind](hotline) : say.over(hotline));
}

/** A session that was renewed under way (a confirmed password does that) is not over. */
async function leaveIfOver(onSignedOut: () => void): Promise<void> {
  try {
    welcome(await ask('/api/me', { decode: decodeMe }));
  } catch (error) {
    if (failureOf(error).status === 401) onSignedOut();
  }
}

function Shown({ section, me }: { readonly section: Section; readonly me: Me }) {
  const heading = useRef<HTMLHeadingElement>(null);
  // Whoever goes to another section by keyboard or ear starts at its heading.
  useEffect(() => heading.current?.focus(), []);
  return (
    <>
      <h1 ref={heading} tabIndex={-1}>
        {words.value.admin[section].title}
      </h1>
      <Suspense
        fallback={
          <p class="quiet" role="status">
            {words.value.common.loading}
          </p>
        }
      >
        <Body section={section} me={me} />
      </Suspense>
    </>
  );
}

function Body({ section, me }: { readonly section: Section; readonly me: Me }) {
  switch (section) {
    case 'overview':
      return <OverviewSection />;
    case 'board':
      return <BoardSection />;
    case 'hotlines':
      return <HotlinesSection />;
    case 'log':
      return <LogSection />;
    case 'charts':
      return <ChartsSection />;
    case 'privacy':
      return <PrivacySection />;
    case 'volunteers':
      return <VolunteersSection me={me} />;
    case 'connection':
      return <ConnectionSection />;
    case 'devices':
      return <DevicesSection />;
    case 'sip':
      return <SipPhonesSection />;
    case 'calls':
      return <CallsSection />;
    case 'audit':
      return <AuditSection />;
    default:
      return section satisfies never;
  }
}
