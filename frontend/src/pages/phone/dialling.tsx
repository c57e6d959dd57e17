/** Whom one can call: a field for what is known by heart, and the colleagues. */
import { useSignal } from '@preact/signals';
import { isLive, lineOf, type Phone } from '../../phone/state';
import type { Me, Person } from '../../server/wire';
import type { Session } from '../../session';
import { words } from '../../words';
import { Keypad } from './keypad';
import { people } from './lists';

interface DiallingProps {
  readonly me: Me;
  readonly phone: Phone;
  readonly session: Session;
}

export function Dialling({ me, phone, session }: DiallingProps) {
  const say = words.value.phone;
  const typed = useSignal('');
  const pad = useSignal(false);
  const able = !isLive(phone) && lineOf(phone).kind === 'ready' && me.dialling !== 'nobody';

  const dial = (event: Event) => {
    event.preventDefault();
    session.dial(typed.value);
    typed.value = '';
  };

  return (
    <section class="card stack" aria-labelledby="dial-title">
      <h2 id="dial-title">{say.dial}</h2>
      {me.dialling === 'nobody' ? (
        <p class="quiet">{say.dialNobody}</p>
      ) : (
        <form class="stack dial-form" onSubmit={dial}>
          <label class="quiet small" for="dial-input">{say.dialLabel}</label>
          <div class="dial-row">
            <input
              id="dial-input"
              class="input"
              data-testid="dial-input"
              autocomplete="off"
              spellcheck={false}
              value={typed.value}
              onInput={(event) => {
                typed.value = event.currentTarget.value;
              }}
            />
            <button class="button main" data-testid="dial" disabled={!able || typed.value.trim() === ''}>{say.dial}</button>
          </div>
          <button type="button" class="button bare small pad-toggle" data-testid="dial-pad-toggle" aria-expanded={pad.value} onClick={() => (pad.value = !pad.value)}>
            {say.keypad}
          </button>
          {pad.value && <Keypad onKey={(key) => (typed.value += key)} />}
        </form>
      )}
      <Colleagues able={able} session={session} />
    </section>
  );
}

function Colleagues({ able, session }: { readonly able: boolean; readonly session: Session }) {
  const say = words.value.phone;
  const known = people.value;
  return (
    <>
      <h3>{say.colleagues}</h3>
      {known !== null && known.length === 0 && <p class="quiet">{say.noColleagues}</p>}
      <ul class="people">
        {known?.map((person) => <Colleague key={person.id} person={person} able={able} session={session} />)}
      </ul>
    </>
  );
}

function Colleague({ person, able, session }: { readonly person: Person; readonly able: boolean; readonly session: Session }) {
  const say = words.value.phone;
  const mark = person.on_call ? 'on-call' : person.reachable ? 'reachable' : 'away';
  const standing = person.on_call ? say.onCall : person.reachable ? say.reachable : say.notReachable;
  return (
    <li class="person">
      <span class={`mark mark-${mark}`} aria-hidden="true" />
      <span class="person-name">
        {person.name}
        <span class="small quiet">
          {standing}
          {person.extension !== null && ` · ${say.extension(person.extension)}`}
        </span>
      </span>
      <button
        type="button"
        class="button"
        data-testid={`colleague-${person.extension ?? person.id}`}
        disabled={!able || !person.reachable}
        aria-label={say.callPerson(person.name)}
        onClick={() => session.dial(person.extension ?? person.name, person.name)}
      >
        {say.dial}
      </button>
    </li>
  );
}
