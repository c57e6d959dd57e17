/** The volunteers on the live board: would their phone ring, is it doubtful, and why. */
import { Status } from '../../../parts/status';
import { DataTable, type Column } from '../../../parts/table';
import type { BoardVolunteer, LiveCall } from '../../../server/board';
import { language } from '../../../words';
import { hotlineWords } from '../../../words/hotlines';
import { moment } from '../moments';
import { heldReason } from './board-view';
import { reasonInWords } from './reasons';

interface VolunteersProps {
  readonly volunteers: readonly BoardVolunteer[];
  readonly calls: readonly LiveCall[];
}

/** Every volunteer with whether they would be heard, and the one reason. */
export function BoardVolunteers({ volunteers, calls }: VolunteersProps) {
  const say = hotlineWords.value.board;
  if (volunteers.length === 0) return <p class="quiet">{say.noVolunteers}</p>;
  const columns: readonly Column<BoardVolunteer>[] = [
    { name: say.volunteer, heads: true, draw: ({ name }) => name },
    { name: say.state, draw: (one) => <Reach volunteer={one} call={calls.find(({ id }) => id === one.call)} /> },
    { name: say.reason, draw: (one) => <Reasons volunteer={one} /> },
  ];
  return <DataTable caption={say.volunteers} columns={columns} rows={volunteers} keyOf={({ id }) => id} testId="board-volunteers" />;
}

function Reach({ volunteer, call }: { readonly volunteer: BoardVolunteer; readonly call: LiveCall | undefined }) {
  const say = hotlineWords.value.board;
  const { phones } = hotlineWords.value.whoRings;
  const { doubt, reachable, availability, availability_since: since } = volunteer;
  const kinds: Readonly<Record<string, string>> = say.doubts;
  return (
    <div class="stack tight">
      {call !== undefined ? (
        <Status mood="good">{say.inCall(call.label)}</Status>
      ) : doubt !== null ? (
        <Status mood="warn">{say.isDoubtful}</Status>
      ) : reachable ? (
        <Status mood="good">{say.reachable(volunteer.phones.map((phone) => phones[phone]))}</Status>
      ) : (
        <Status mood="quiet">{availability === 'away' ? say.away : say.onDuty}</Status>
      )}
      {doubt !== null && <span class="small">{kinds[doubt.why] ?? doubt.message}</span>}
      {since !== null && <span class="quiet small">{say.since(moment(since, language.value, Date.now()))}</span>}
    </div>
  );
}

function Reasons({ volunteer }: { readonly volunteer: BoardVolunteer }) {
  const say = hotlineWords.value.board;
  const { reasons } = hotlineWords.value.whoRings;
  if (volunteer.hotlines.length === 0) return <span class="quiet small">{say.noMembership}</span>;
  const one = heldReason(volunteer);
  if (one !== null) return <span class="small">{reasonInWords(one, reasons)}</span>;
  return (
    <ul class="small">
      {volunteer.hotlines.map((standing) => (
        <li key={standing.id}>
          <span class="quiet">{standing.name}:</span> {reasonInWords(standing, reasons)}
        </li>
      ))}
    </ul>
  );
}
