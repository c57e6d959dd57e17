/** Something an administrator does: with the password asked when needed, and the outcome told. */
import { tell } from '../../parts/toast';
import { sentence } from '../../server/sentence';
import { words } from '../../words';
import { confirmed, NotConfirmed } from './step-up';

/** Does it and gives back what came of it; null when it was refused or given up, which has been told then. */
export async function attempt<T>(deed: () => Promise<T>): Promise<T | null> {
  try {
    return await confirmed(deed);
  } catch (error) {
    tell(error instanceof NotConfirmed ? words.value.admin.stepUp.cancelled : sentence(error));
    return null;
  }
}
