/** What a session needs of everything around it: the browser, our server, the other tabs. */
import type { LineWorld } from './phone/line';
import type { MicrophoneTrouble } from './phone/state';
import type { TabHearer, Tabs } from './phone/tabs';
import type { ServerEvent } from './server/events';
import type { Availability, Me } from './server/wire';

export interface SessionWorld extends Omit<LineWorld, 'say' | 'onNotAllowed'> {
  readonly agreeWithTabs: (hear: TabHearer) => Tabs;
  readonly listen: (hear: (event: ServerEvent) => void) => () => void;
  readonly setAvailability: (availability: Availability) => Promise<void>;
  /** Opens and closes the microphone once, in the gesture that begins a duty. Null: it works. */
  readonly askMicrophone: () => Promise<MicrophoneTrouble | null>;
  /** Whether the microphone may be opened without a question. */
  readonly mayOpenMicrophone: () => Promise<boolean>;
  readonly newRef: () => string;
  /** Shows (a name or null) and hides that somebody calls, beyond the page itself. */
  readonly callOut: (who: string | null) => () => void;
  readonly refusalWords: (reason: string | null, message: string | null) => string;
  /** Everything the server says, for what is not the phone's: callers, messages, doubts. */
  readonly onServer: (event: ServerEvent) => void;
  /** This page is on duty and hears our server. */
  readonly sayPresent: () => void;
  /** The ring of a hotline's caller has reached this page. */
  readonly sayRings: (ref: string) => void;
  /** Not me, while others can answer. */
  readonly declineCaller: (ref: string) => void;
  readonly onSessionEnded: () => void;
  /** Something about the volunteer has changed: asks what is so now. Null when that cannot be known, or nobody is signed in. */
  readonly onRightsChanged: () => Promise<Me | null>;
  readonly onCallsChanged: () => void;
}
