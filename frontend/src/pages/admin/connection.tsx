/** The connection to Plivo: its form, the check, and the addresses. */
import { useSignal } from '@preact/signals';
import { Copy } from '../../parts/copy';
import type { Connection } from '../../server/admin';
import { words } from '../../words';
import { ConnectionForm } from './connection-form';
import { readConnection } from './overview';
import { Prepare } from './prepare';
import { Shown, useReading, type Reading } from './remote';

export function ConnectionSection() {
  const connection = useReading(readConnection, 'connection');
  return <Shown reading={connection}>{(held) => <Held held={held} reading={connection} />}</Shown>;
}

interface HeldProps {
  readonly held: Connection | null;
  readonly reading: Reading<Connection | null>;
}

function Held({ held, reading }: HeldProps) {
  const say = words.value.admin.connection;
  const unsaved = useSignal(false);
  /** Numbers that the check has found and the person wants to enter. */
  const found = useSignal<readonly string[]>([]);

  return (
    <div class="stack">
      <p class="quiet">{held === null ? say.introNew : say.intro}</p>
      {held !== null && (
        <Prepare
          connection={held}
          unsaved={unsaved.value}
          onPrepared={reading.again}
          onNumbers={(numbers) => (found.value = numbers)}
        />
      )}
      <ConnectionForm
        held={held}
        found={found}
        onTouched={(touched) => (unsaved.value = touched)}
        onSaved={(saved) => {
          unsaved.value = false;
          reading.put(saved);
        }}
      />
      {held !== null && (
        <section class="card stack" aria-labelledby="urls-title">
          <h2 id="urls-title">{say.urlsTitle}</h2>
          <p class="quiet">{say.urlsHint}</p>
          <div class="field">
            <span class="label" aria-hidden="true">
              {say.answerUrl}
            </span>
            <Copy label={say.answerUrl} text={held.answer_url} testId="conn-answer-url" />
          </div>
          <div class="field">
            <span class="label" aria-hidden="true">
              {say.hangupUrl}
            </span>
            <Copy label={say.hangupUrl} text={held.hangup_url} testId="conn-hangup-url" />
          </div>
        </section>
      )}
    </div>
  );
}
