/** Why a phone rings or does not, in groups and in words: pure. */
import type { Standing } from '../../../server/hotlines';

const LATER: readonly string[] = ['spoke_before', 'other_language', 'others_first', 'private_later', 'apps_first', 'pause'];

export interface Grouped<S> {
  readonly first: readonly S[];
  readonly later: readonly S[];
  readonly not: readonly S[];
}

/** Who rings at once, who in a later round, and who does not. A reason that is new to this page is a "not". */
export function grouped<S extends Pick<Standing, 'why'>>(volunteers: readonly S[]): Grouped<S> {
  return {
    first: volunteers.filter(({ why }) => why === 'rings'),
    later: volunteers.filter(({ why }) => LATER.includes(why)),
    not: volunteers.filter(({ why }) => why !== 'rings' && !LATER.includes(why)),
  };
}

/** The reason in the reader's language, or else as the server says it. */
export function reasonInWords(
  { why, message }: { readonly why: string; readonly message: string },
  known: Readonly<Record<string, string>>,
): string {
  return known[why] ?? message;
}
