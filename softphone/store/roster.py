"""Everything that decides who rings, in four reads: members with their phones, who is busy, and what has rung."""

from collections.abc import Sequence
from datetime import datetime

from softphone.domain.candidates import Known, Line
from softphone.domain.endpoints import EndpointKind
from softphone.domain.hotline import Hotline
from softphone.domain.hotline_calls import Leg, Round, has_declined
from softphone.domain.ids import CallUUID, EndpointUsername, VolunteerId
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

_JOINS = (
    " LEFT JOIN volunteer_pauses w ON w.volunteer_id = v.id"
    " LEFT JOIN private_phones p ON p.volunteer_id = v.id AND p.enabled"
    " LEFT JOIN endpoints e ON e.volunteer_id = v.id AND e.connection_id = $2"
    # The newest registration is the endpoint's generation, so no history is read.
    " LEFT JOIN registrations r ON r.endpoint_id = e.id AND r.generation = e.registration_generation"
)
_COLUMNS = (
    f"SELECT {VOLUNTEER}, m.volunteer_id IS NOT NULL, w.idle_since, w.wrap_up_until, p.number_sealed, e.kind,"
    f" e.username, {REGISTRATION}"
)
_AFTER_VOLUNTEER = 13


async def select_known(
    db: Connection,
    hotline: Hotline,
    *,
    call: CallUUID | None,
    history: tuple[Sequence[Round], Sequence[Leg]],
    strangers: bool,
    keyring: Keyring,
    now: datetime,
) -> list[Known]:
    """What is known of everybody who may ring for a call, by name; with `strangers`, of every active volunteer.

    `history` is what has rung for the call so far.
    """
    rows = await db.fetch_all(
        f"{_COLUMNS} FROM volunteers v LEFT JOIN hotline_members m ON m.volunteer_id = v.id AND m.hotline_id = $1"
        f"{_JOINS} WHERE m.volunteer_id IS NOT NULL OR ($3 = 1 AND v.active) ORDER BY v.name, v.id, e.kind",
        hotline.id,
        hotline.connection_id,
        int(strangers),
    )
    talking = await select_on_call(db, now=now, besides=call)
    ringing = await select_ringing(db, besides=call, now=now)
    rounds, legs = history
    declined = {leg.volunteer_id for leg in legs if has_declined(leg)}
    return [
        _known(mine, rounds=rounds, declined=declined, busy=(talking, ringing), keyring=keyring)
        for mine in _by_volunteer(rows)
    ]


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
    member, idle_since, wrap_up_until, sealed = rows[0][_AFTER_VOLUNTEER : _AFTER_VOLUNTEER + 4]
    talking, ringing = busy
    # Nobody asks for the phones of people who are away; reading them for hundreds would keep a caller waiting.
    ready = person.active and person.availability is Availability.ON_DUTY
    return Known(
        volunteer=person,
        member=bool(member),
        lines=tuple(
            _line(row[_AFTER_VOLUNTEER + 4 :]) for row in rows if ready and row[_AFTER_VOLUNTEER + 4] is not None
        ),
        private=keyring.open(str(sealed), place_of(person.id)) if ready and sealed is not None else None,
        busy=Why.IN_CALL if person.id in talking else Why.RINGING if person.id in ringing else None,
        wrap_up_until=_moment(wrap_up_until),
        idle_since=_moment(idle_since),
        rung=tuple(made.half for made in rounds if any(one.volunteer_id == person.id for one in made.rung)),
        declined=person.id in declined,
    )


def _line(columns: Row) -> Line:
    kind, username, registration = columns[0], columns[1], columns[2:]
    return Line(
        kind=EndpointKind(str(kind)),
        username=EndpointUsername(str(username)) if username is not None else None,
        newest=registration_of(registration) if registration[0] is not None else None,
    )


def _moment(value: object) -> datetime | None:
    return from_micros(int(str(value))) if value is not None else None
