/** The volunteers: who they are, what they may do, and the invitation of new ones. */
import { useSignal } from '@preact/signals';
import { Pager } from '../../parts/pager';
import { Status } from '../../parts/status';
import { Switch } from '../../parts/switch';
import { DataTable, type Column } from '../../parts/table';
import { tell } from '../../parts/toast';
import { changeVolunteer, PAGE, readVolunteers, type Volunteer } from '../../server/admin';
import type { Me } from '../../server/wire';
import { language, words } from '../../words';
import { attempt } from './deed';
import { InviteDialog } from './invite-dialog';
import { moment } from './moments';
import { Empty, Shown, useReading } from './remote';
import { VolunteerDialog } from './volunteer-dialog';

type Open = { readonly kind: 'none' } | { readonly kind: 'invite' } | { readonly kind: 'change'; readonly id: string };

export function VolunteersSection({ me }: { readonly me: Me }) {
  const say = words.value.admin.volunteers;
  const offset = useSignal(0);
  const list = useReading(() => readVolunteers(offset.value, PAGE), offset.value, ['devices', 'audit']);
  const open = useSignal<Open>({ kind: 'none' });
  const close = () => (open.value = { kind: 'none' });

  async function turn(volunteer: Volunteer, enabled: boolean): Promise<void> {
    if ((await attempt(() => changeVolunteer(volunteer.id, { webrtc_enabled: enabled }))) === null) return;
    tell(say.saved(volunteer.name));
    list.again();
  }

  const columns: readonly Column<Volunteer>[] = [
    {
      name: say.name,
      heads: true,
      draw: (volunteer) => (
        <>
          {volunteer.name}
          <span class="quiet small block">
            {volunteer.login}
            {volunteer.role === 'admin' && ` · ${say.roles.admin}`}
          </span>
        </>
      ),
    },
    { name: say.state, draw: (volunteer) => <State volunteer={volunteer} /> },
    { name: say.extension, draw: (volunteer) => <span class="numbers">{volunteer.extension}</span> },
    { name: say.dialling, draw: (volunteer) => say.diallings[volunteer.dialling] },
    {
      name: say.phone,
      draw: (volunteer) => (
        <Switch
          label={say.phoneOf(volunteer.name)}
          on={volunteer.webrtc_enabled}
          words={words.value.admin.parts}
          onTurn={(enabled) => void turn(volunteer, enabled)}
        />
      ),
    },
    {
      name: words.value.admin.parts.deeds,
      deeds: true,
      draw: ({ id, name }) => (
        <button
          type="button"
          class="button small"
          aria-label={say.editOf(name)}
          onClick={() => (open.value = { kind: 'change', id })}
        >
          {say.edit}
        </button>
      ),
    },
  ];

  function dialog(volunteers: readonly Volunteer[]) {
    const what = open.value;
    if (what.kind === 'invite') return <InviteDialog onDone={list.again} onClose={close} />;
    if (what.kind === 'none') return null;
    const volunteer = volunteers.find(({ id }) => id === what.id);
    return (
      volunteer && (
        <VolunteerDialog volunteer={volunteer} isMe={volunteer.id === me.id} onDone={list.again} onClose={close} />
      )
    );
  }

  return (
    <section class="card stack">
      <div class="row ends">
        <button
          type="button"
          class="button main"
          data-testid="invite-volunteer"
          onClick={() => (open.value = { kind: 'invite' })}
        >
          {say.invite}
        </button>
      </div>
      <Shown reading={list}>
        {({ items, total }) => (
          <>
            {total === 0 ? (
              <Empty what={say.none} hint={say.noneHint} />
            ) : (
              <>
                <DataTable
                  caption={say.title}
                  columns={columns}
                  rows={items}
                  keyOf={({ id }) => id}
                  testId="volunteers-table"
                  rowTestId={({ login }) => `volunteer-row-${login}`}
                />
                <Pager
                  total={total}
                  limit={PAGE}
                  offset={offset.value}
                  byTime={false}
                  onTurn={(next) => (offset.value = next)}
                />
              </>
            )}
            {dialog(items)}
          </>
        )}
      </Shown>
    </section>
  );
}

/** The one thing to know first: disabled, still to join, or reachable on which device. */
function State({ volunteer }: { readonly volunteer: Volunteer }) {
  const say = words.value.admin.volunteers;
  if (!volunteer.active) return <Status mood="danger">{say.states.disabled}</Status>;
  if (!volunteer.has_password) {
    return <Status mood="warn">{volunteer.invite_pending ? say.invited : say.inviteOver}</Status>;
  }
  if (volunteer.reachable) {
    return (
      <>
        <Status mood="good">{say.states.reachable}</Status>
        {volunteer.device !== null && (
          <span class="quiet small block">
            {words.value.admin.overview.onDevice(
              volunteer.device.label,
              moment(volunteer.device.since, language.value, Date.now()),
            )}
          </span>
        )}
      </>
    );
  }
  const away = volunteer.availability === 'away';
  return <Status mood={away ? 'quiet' : 'warn'}>{away ? say.states.away : say.states.on_duty}</Status>;
}
