"""Everything that decides who rings, in four reads: members with their phones, who is busy, and what has rung."""

from collections.abc import Sequence
from datetime import datetime

from softphone.domain.candidates import Known, Line
from softphone.domain.endpoints import EndpointKind
from softphone.domain.hotline import Hotline
from softphone.domain.hotline_calls import Leg, Round, has_declined
from softphone.domain.ids import CallUUID, ConnectionId, EndpointUsername, VolunteerId
from softphone.domain.standing import Why
from softphone.domain.volunteers import Availability
from softphone.store.database import Connection, Row, from_micros
from softphone.store.presence import select_on_call
from softphone.store.private_phones import place_of
from softphone.store.registrations import COLUMNS as REGISTRATION
from softphone.store.registrations import registration_of
from softphone.store.rounds import select_ringing
from softphone.store.sealing import Keyring
from softphone.store.volunteers import COLUMNS as VOLUNTEER
from softphone.store.volunteers import volunteer_of

_PRESENT = (
    # A phone that is being removed, or that Plivo does not have, is none.
    "e.connection_id = $2 AND NOT EXISTS"
    " (SELECT 1 FROM sip_phones x WHERE x.endpoint_id = e.id AND (x.task = 'remove' OR x.missing))"
)
_JOINS = (
    " LEFT JOIN volunteer_pauses w ON w.volunteer_id = v.id"
    " LEFT JOIN private_phones p ON p.volunteer_id = v.id AND p.enabled"
    f" LEFT JOIN endpoints e ON e.volunteer_id = v.id AND {_PRESENT}"
    " LEFT JOIN sip_phones s ON s.endpoint_id = e.id"
    # The newest registration is the endpoint's generation, so no history is read.
    " LEFT JOIN registrations r ON r.endpoint_id = e.id AND r.generation = e.registration_generation"
)
_COLUMNS = (
    f"SELECT {VOLUNTEER}, m.volunteer_id IS NOT NULL, w.idle_since, w.wrap_up_until, p.number_sealed,"
    f" p.send_digits, e.kind, e.username, s.send_digits, {REGISTRATION}"
)
_AFTER_VOLUNTEER = 13
_LINE = _AFTER_VOLUNTEER + 5


async def select_known(
    db: Connection,
    hotline: Hotline,
    *,
    call: CallUUID | None,
    history: tuple[Sequence[Round], Sequence[Leg]],
    strangers: bool,
    on_duty_only: bool = False,
    keyring: Keyring,
    now: datetime,
) -> list[Known]:
    """What is known of everybody who may ring for a call, by name; with `strangers`, of every active volunteer.

    With `on_duty_only` those who are away are left out: they never ring, and reading hundreds keeps a caller waiting.
    `history` is what has rung for the call so far.
    """
    rows = await db.fetch_all(
        f"{_COLUMNS} FROM volunteers v LEFT JOIN hotline_members m ON m.volunteer_id = v.id AND m.hotline_id = $1"
        f"{_JOINS} WHERE (m.volunteer_id IS NOT NULL OR ($3 = 1 AND v.active))"
        " AND ($4 = 0 OR (v.active AND v.availability = 'on_duty'))"
        " ORDER BY v.name, v.id, e.kind, e.created_at, e.id",
        hotline.id,
        hotline.connection_id,
        int(strangers),
        int(on_duty_only),
    )
    talking = await select_on_call(db, now=now, besides=call)
    ringing = await select_ringing(db, besides=call, now=now)
    rounds, legs = history
    declined = {leg.volunteer_id for leg in legs if has_declined(leg)}
    return [
        _known(mine, rounds=rounds, declined=declined, busy=(talking, ringing), keyring=keyring)
        for mine in _by_volunteer(rows)
    ]


async def select_lines(db: Connection, connection_id: ConnectionId, volunteer: VolunteerId) -> tuple[Line, ...]:
    """A volunteer's endpoints on a connection, with their newest registrations."""
    rows = await db.fetch_all(
        f"SELECT e.kind, e.username, s.send_digits, {REGISTRATION} FROM endpoints e"  # noqa: S608  # constant
        " LEFT JOIN sip_phones s ON s.endpoint_id = e.id"
        " LEFT JOIN registrations r ON r.endpoint_id = e.id AND r.generation = e.registration_generation"
        f" WHERE e.volunteer_id = $1 AND {_PRESENT} ORDER BY e.kind, e.created_at, e.id",
        volunteer,
        connection_id,
    )
    return tuple(_line(row) for row in rows)


def _by_volunteer(rows: Sequence[Row]) -> list[list[Row]]:
    people: dict[object, list[Row]] = {}
    for row in rows:
        people.setdefault(row[0], []).append(row)
    return list(people.values())


def _known(
    rows: list[Row],
    *,
    rounds: Sequence[Round],
    declined: set[VolunteerId | None],
    busy: tuple[set[VolunteerId], set[VolunteerId]],
    keyring: Keyring,
) -> Known:
    person = volunteer_of(rows[0])
    member, idle_since, wrap_up_until, sealed, keys = rows[0][_AFTER_VOLUNTEER:_LINE]
    talking, ringing = busy
    # Nobody asks for the phones of people who are away; reading them for hundreds would keep a caller waiting.
    ready = person.active and person.availability is Availability.ON_DUTY
    return Known(
        volunteer=person,
        member=bool(member),
        lines=tuple(_line(row[_LINE:]) for row in rows if ready and row[_LINE] is not None),
        private=keyring.open(str(sealed), place_of(person.id)) if ready and sealed is not None else None,
        busy=Why.IN_CALL if person.id in talking else Why.RINGING if person.id in ringing else None,
        wrap_up_until=_moment(wrap_up_until),
        idle_since=_moment(idle_since),
        private_digits=str(keys) if keys is not None else None,
        rung=tuple(made.half for made in rounds if any(one.volunteer_id == person.id for one in made.rung)),
        declined=person.id in declined,
    )


def _line(columns: Row) -> Line:
    kind, username, keys, registration = columns[0], columns[1], columns[2], columns[3:]
    return Line(
        kind=EndpointKind(str(kind)),
        username=EndpointUsername(str(username)) if username is not None else None,
        newest=registration_of(registration) if registration[0] is not None else None,
        send_digits=str(keys) if keys is not None else None,
    )


def _moment(value: object) -> datetime | None:
    return from_micros(int(str(value))) if value is not None else None
