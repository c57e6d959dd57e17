/** Who has the right to answer a hotline. */
import { useSignal } from '@preact/signals';
import { Status } from '../../../parts/status';
import { readVolunteers, type Volunteer } from '../../../server/admin';
import { setMembers } from '../../../server/hotlines';
import { language, words } from '../../../words';
import { hotlineWords } from '../../../words/hotlines';
import { SectionLink } from '../link';
import { Empty, Shown, useReading } from '../remote';
import type { PartProps } from './hotline-page';
import { languageName } from './language-names';
import { SettingsForm } from './settings-form';

/** Nobody's hotline is larger; a longer list would want a search. */
const AT_ONCE = 200;

export function Members({ hotline, onSaved }: PartProps) {
  const say = hotlineWords.value.members;
  const volunteers = useReading(() => readVolunteers(0, AT_ONCE), 'volunteers', ['audit', 'devices']);
  const chosen = useSignal<readonly string[]>(hotline.members);
  const touched = [...chosen.value].sort().join() !== [...hotline.members].sort().join();

  function turn(id: string, wanted: boolean): void {
    chosen.value = wanted ? [...chosen.value, id] : chosen.value.filter((other) => other !== id);
  }

  return (
    <SettingsForm
      title={say.title}
      intro={say.intro}
      testId="members"
      fields={[]}
      touched={touched}
      save={() => setMembers(hotline.id, chosen.value)}
      onSaved={(members) => onSaved({ ...hotline, members })}
    >
      {() => (
        <Shown reading={volunteers}>
          {({ items }) =>
            items.length === 0 ? (
              <Empty what={say.none} hint={say.noneHint}>
                <SectionLink to="volunteers" look="button">
                  {words.value.admin.volunteers.title}
                </SectionLink>
              </Empty>
            ) : (
              <>
                <div class="row spread">
                  <p role="status">{say.count(chosen.value.length, items.length)}</p>
                  <div class="row">
                    <button
                      type="button"
                      class="button small"
                      onClick={() => (chosen.value = items.filter(({ active }) => active).map(({ id }) => id))}
                    >
                      {say.all}
                    </button>
                    <button type="button" class="button small" onClick={() => (chosen.value = [])}>
                      {say.nobody}
                    </button>
                  </div>
                </div>
                <ul class="country-list member-list">
                  {items.map((one) => (
                    <li key={one.id}>
                      <Member volunteer={one} member={chosen.value.includes(one.id)} onTurn={(wanted) => turn(one.id, wanted)} />
                    </li>
                  ))}
                </ul>
                {chosen.value.length === 0 && <p class="note warn">{say.noMembers}</p>}
              </>
            )
          }
        </Shown>
      )}
    </SettingsForm>
  );
}

interface MemberProps {
  readonly volunteer: Volunteer;
  readonly member: boolean;
  readonly onTurn: (wanted: boolean) => void;
}

function Member({ volunteer, member, onTurn }: MemberProps) {
  const say = hotlineWords.value.members;
  const { states } = words.value.admin.volunteers;
  const spoken = volunteer.languages.map((code) => languageName(code, language.value)).join(', ');
  return (
    <label class="tick">
      <input type="checkbox" checked={member} onChange={(event) => onTurn(event.currentTarget.checked)} />
      <span>
        <span class="strong">{volunteer.name}</span>
        <span class="quiet small block">{spoken === '' ? say.noLanguage : spoken}</span>
      </span>
      <span class="tick-end small">
        {!volunteer.active ? (
          <Status mood="danger">{states.disabled}</Status>
        ) : volunteer.reachable ? (
          <Status mood="good">{states.reachable}</Status>
        ) : (
          <Status mood="quiet">{states[volunteer.availability]}</Status>
        )}
      </span>
    </label>
  );
}
