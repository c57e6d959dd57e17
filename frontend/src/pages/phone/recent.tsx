/** The volunteer's own recent calls. */
import type { Call } from '../../server/wire';
import { language, words } from '../../words';
import { calls } from './lists';
import { clockFace, dayAndTime } from './ticking';

export function RecentCalls() {
  const say = words.value.phone;
  const known = calls.value;
  return (
    <section class="card stack" data-testid="recent-calls" aria-labelledby="recent-title">
      <h2 id="recent-title">{say.recent}</h2>
      {known !== null && known.length === 0 && <p class="quiet">{say.noRecent}</p>}
      <ul class="calls">{known?.map((call) => <CallRow key={call.id} call={call} />)}</ul>
    </section>
  );
}

function isOutcome(outcome: string, known: object): outcome is keyof typeof words.value.phone.callOutcomes {
  return Object.hasOwn(known, outcome);
}

function CallRow({ call }: { readonly call: Call }) {
  const say = words.value.phone;
  const who = call.peer.name ?? call.peer.masked ?? (call.direction === 'in' ? say.caller : say.somewhere);
  const outcome = call.outcome !== null && isOutcome(call.outcome, say.callOutcomes) ? say.callOutcomes[call.outcome] : '';
  const why = call.outcome === 'refused' && call.reason !== null ? (say.refusals[call.reason] ?? call.message ?? '') : '';
  return (
    <li class="call">
      <span class="call-way" aria-hidden="true">{call.direction === 'in' ? '↙' : '↗'}</span>
      <span class="call-who">
        {who}
        <span class="small quiet">
          {call.direction === 'in' ? say.incoming : say.outgoing}
          {outcome && ` · ${outcome}`}
          {call.seconds !== null && call.seconds > 0 && ` · ${clockFace(call.seconds)}`}
        </span>
        {why && <span class="small quiet">{why}</span>}
      </span>
      <span class="small quiet numbers">{call.started_at === null ? '' : dayAndTime(call.started_at, language.value)}</span>
    </li>
  );
}
