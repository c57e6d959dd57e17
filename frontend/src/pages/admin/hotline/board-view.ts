/** The live board put in order: pure. */
import type { BoardVolunteer, LiveCall } from '../../../server/board';

const urgency: readonly LiveCall['state'][] = ['waiting', 'ringing', 'menu', 'proving', 'talking', 'message'];

/** Whoever needs somebody first, and among them whoever has waited longest. */
export function callsInOrder(calls: readonly LiveCall[]): readonly LiveCall[] {
  return calls.toSorted((a, b) => urgency.indexOf(a.state) - urgency.indexOf(b.state) || a.waiting_since - b.waiting_since);
}

export interface Counted {
  /** Those who still choose a language, or prove to be a person, wait too. */
  readonly waiting: number;
  readonly ringing: number;
  readonly talking: number;
  readonly message: number;
}

export function counted(calls: readonly Pick<LiveCall, 'state'>[]): Counted {
  const of = (...states: readonly LiveCall['state'][]) => calls.filter(({ state }) => states.includes(state)).length;
  return { waiting: of('waiting', 'menu', 'proving'), ringing: of('ringing'), talking: of('talking'), message: of('message') };
}

/** The reason of somebody for whom it is the same in every hotline; null where it differs. */
export function heldReason({ hotlines }: Pick<BoardVolunteer, 'hotlines'>): BoardVolunteer['hotlines'][number] | null {
  const [first] = hotlines;
  return first !== undefined && hotlines.every(({ why }) => why === first.why) ? first : null;
}
