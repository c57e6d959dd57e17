/** What happened last to a softphone of this volunteer, beside the browser: kept until it is put away or mended. */
import { signal } from '@preact/signals';
import type { ServerEvent, SipPhoneNews } from '../server/events';

/** Null while there is nothing that a volunteer must know. */
export const sipNews = signal<SipPhoneNews | null>(null);

/** What must be known at once: calls do not ring where they did, or never will. */
const grave: readonly string[] = ['displaced', 'gone', 'refused_program', 'not_registered_yet'];

/** The news to show after another has come: good news of the same phone ends it. */
export function nextNews(shown: SipPhoneNews | null, told: SipPhoneNews): SipPhoneNews | null {
  if (grave.includes(told.state)) return told;
  return shown?.id === told.id ? null : shown;
}

/** Hears what the server says of softphones. */
export function hearPhones(event: ServerEvent): void {
  if (event.kind === 'sip_phone') sipNews.value = nextNews(sipNews.value, event.news);
}
