/** Whose phone it is to be. */
import type { Signal } from '@preact/signals';
import { ChoiceField } from '../../parts/field';
import { readVolunteers } from '../../server/admin';
import { sipWords } from '../../words/sip';
import { Shown, useReading } from './remote';

/** As many as the server gives at once. */
const MANY = 200;

export function Whose({ whose }: { readonly whose: Signal<string> }) {
  const say = sipWords.value.admin;
  const volunteers = useReading(() => readVolunteers(0, MANY), 'volunteers');
  return (
    <Shown reading={volunteers}>
      {({ items }) => (
        <ChoiceField
          label={say.whose}
          value={whose}
          choices={[{ value: '', label: '–' }, ...items.filter(({ active }) => active).map(({ id, name }) => ({ value: id, label: name }))]}
          testId="sip-whose"
        />
      )}
    </Shown>
  );
}
