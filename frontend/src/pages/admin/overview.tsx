/** The first look: may browsers ring, who is there, and is the connection well. */
import { useSignal } from '@preact/signals';
import { Confirm } from '../../parts/confirm';
import { Status } from '../../parts/status';
import { Switch } from '../../parts/switch';
import { tell } from '../../parts/toast';
import { readConnections, readVolunteers, switchWebrtc, type Connection, type Volunteer } from '../../server/admin';
import { language, words } from '../../words';
import { showNumber } from './checks';
import { attempt } from './deed';
import { SectionLink } from './link';
import { moment } from './moments';
import { Empty, Shown, useReading } from './remote';

/** The default connection, or none yet. */
export async function readConnection(): Promise<Connection | null> {
  const { items } = await readConnections();
  return items.find((connection) => connection.is_default) ?? items[0] ?? null;
}

export function OverviewSection() {
  const say = words.value.admin.overview;
  const connection = useReading(readConnection, 'connection', ['audit']);
  const volunteers = useReading(() => readVolunteers(), 'volunteers', ['devices', 'calls', 'audit']);

  return (
    <div class="stack">
      <Shown reading={connection}>
        {(held) =>
          held === null ? (
            <section class="card">
              <Empty what={say.healthTitle} hint={say.healthNone}>
                <SectionLink to="connection" look="button main">
                  {say.healthConnect}
                </SectionLink>
              </Empty>
            </section>
          ) : (
            <div class="pair">
              <PhoneSwitch connection={held} onTurned={connection.put} />
              <Health connection={held} />
            </div>
          )
        }
      </Shown>
      <section class="card stack" aria-labelledby="reach-title">
        <h2 id="reach-title">{say.reachTitle}</h2>
        <Shown reading={volunteers}>{(page) => <Reachable volunteers={page.items} />}</Shown>
      </section>
    </div>
  );
}

interface PhoneSwitchProps {
  readonly connection: Connection;
  readonly onTurned: (connection: Connection) => void;
}

function PhoneSwitch({ connection, onTurned }: PhoneSwitchProps) {
  const say = words.value.admin.overview;
  const asked = useSignal<boolean | null>(null);
  const on = connection.webrtc_enabled;

  async function turn(wanted: boolean): Promise<void> {
    const turned = await attempt(() => switchWebrtc(connection.id, wanted));
    asked.value = null;
    if (turned === null) return;
    onTurned(turned);
    tell(turned.webrtc_enabled ? say.nowOn : say.nowOff);
  }

  return (
    <section class="card stack" aria-labelledby="phones-title">
      <div class="row spread">
        <h2 id="phones-title">{say.phoneTitle}</h2>
        <Switch
          label={say.switchLabel}
          on={on}
          words={words.value.admin.parts}
          describedBy="phones-state"
          testId="webrtc-switch"
          onTurn={(wanted) => (asked.value = wanted)}
        />
      </div>
      <p id="phones-state">{on ? say.isOn : say.isOff}</p>
      {asked.value !== null && (
        <Confirm
          title={asked.value ? say.onTitle : say.offTitle}
          deed={asked.value ? say.onDeed : say.offDeed}
          danger={!asked.value}
          onYes={() => turn(asked.value === true)}
          onNo={() => (asked.value = null)}
        >
          <Consequences sentences={asked.value ? say.onWhat : say.offWhat} />
        </Confirm>
      )}
    </section>
  );
}

/** What will happen, one sentence after the other. */
export function Consequences({ sentences }: { readonly sentences: readonly string[] }) {
  return (
    <ul class="consequences">
      {sentences.map((sentence) => (
        <li key={sentence}>{sentence}</li>
      ))}
    </ul>
  );
}

function Health({ connection }: { readonly connection: Connection }) {
  const say = words.value.admin.overview;
  const { application_id: app, numbers, caller_id: caller } = connection;
  const tokens = connection.token_source === 'auto' ? connection.settled_source : connection.token_source;
  return (
    <section class="card stack" aria-labelledby="health-title">
      <div class="row spread">
        <h2 id="health-title">{say.healthTitle}</h2>
        <SectionLink to="connection">{say.healthOpen}</SectionLink>
      </div>
      <p>
        <span class="strong">{connection.name}</span>{' '}
        <span class="quiet small exact">{say.account(connection.auth_id)}</span>
      </p>
      <ul class="stack tight">
        <li>{app === null ? <Status mood="danger">{say.appMissing}</Status> : <Status mood="good">{say.appReady}</Status>}</li>
        <li>
          {numbers.length === 0 ? (
            <Status mood="warn">{say.numbersNone}</Status>
          ) : (
            <Status mood="good">{say.numbers(numbers.length)}</Status>
          )}
        </li>
        <li>
          {caller === null ? (
            <Status mood="warn">{say.callerNone}</Status>
          ) : (
            <Status mood="good">{say.caller(showNumber(caller))}</Status>
          )}
        </li>
        <li>
          <Status mood="good">{tokens === 'plivo' ? say.tokensPlivo : say.tokensLocal}</Status>
        </li>
      </ul>
    </section>
  );
}

function Reachable({ volunteers }: { readonly volunteers: readonly Volunteer[] }) {
  const say = words.value.admin.overview;
  const there = volunteers.filter((volunteer) => volunteer.reachable);
  if (there.length === 0) return <Empty what={say.reachNobody} hint={say.reachNobodyHint} />;
  return (
    <>
      <p role="status">{say.reachCount(there.length)}</p>
      <ul class="people">
        {there.map(({ id, name, extension, device }) => (
          <li key={id}>
            <Status mood="good">{name}</Status>
            <span class="quiet small numbers">{words.value.admin.calls.extension(extension)}</span>
            {device !== null && (
              <span class="quiet small">{say.onDevice(device.label, moment(device.since, language.value, Date.now()))}</span>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}
