"""What the direct-dial decision rests on: who calls, who is meant, and what was used up."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from softphone.domain.dialling import LATE, LONGEST_CALL, RING_FOR, SAME_PAIR_WINDOW, TALK_FOR, Colleague, Spent
from softphone.domain.endpoints import EndpointKind
from softphone.domain.ids import ConnectionId, EndpointId, EndpointUsername, VolunteerId
from softphone.domain.volunteers import Volunteer
from softphone.store.database import Connection, Row, to_micros
from softphone.store.roster import select_lines
from softphone.store.volunteers import COLUMNS, volunteer_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """The volunteer behind an endpoint, and whether the connection's switch is on at this moment."""

    volunteer: Volunteer
    endpoint_id: EndpointId
    kind: EndpointKind
    webrtc_enabled: bool


async def select_caller(db: Connection, connection_id: ConnectionId, username: EndpointUsername) -> Caller | None:
    """Who calls, by the SIP user name. Where there are row locks the volunteer is locked, so that limits hold."""
    lock = f"{db.for_update} OF v" if db.for_update else ""
    row = await db.fetch_one(
        f"SELECT {COLUMNS}, e.id, e.kind, k.webrtc_enabled FROM endpoints e JOIN volunteers v ON v.id = e.volunteer_id"  # noqa: S608  # constant
        f" JOIN connections k ON k.id = e.connection_id WHERE e.connection_id = $1 AND e.username = $2"
        f" AND NOT EXISTS (SELECT 1 FROM sip_phones s WHERE s.endpoint_id = e.id AND s.task = 'remove') {lock}",
        connection_id,
        username,
    )
    if row is None:
        return None
    return Caller(
        volunteer=volunteer_of(row),
        endpoint_id=EndpointId(str(row[-3])),
        kind=EndpointKind(str(row[-2])),
        webrtc_enabled=bool(row[-1]),
    )


async def select_colleague(db: Connection, connection_id: ConnectionId, words: str) -> Colleague | None:
    """The active volunteer with this extension, login, endpoint user name or, if it is one person's only, name."""
    rows = await db.fetch_all(
        f"SELECT {COLUMNS} FROM volunteers v"  # noqa: S608  # constant
        # Found by index: an OR over both tables would look at every volunteer, and this runs while others wait.
        " WHERE v.active AND v.id IN (SELECT id FROM volunteers WHERE extension = $2"
        "   UNION SELECT id FROM volunteers WHERE login = $3 UNION SELECT volunteer_id FROM endpoints"
        "   WHERE connection_id = $1 AND username = $2)"
        " ORDER BY CASE WHEN v.extension = $2 THEN 0 WHEN v.login = $3 THEN 1 ELSE 2 END",
        connection_id,
        words,
        words.lower(),
    )
    row = rows[0] if rows else await _named(db, words)
    if row is None:
        return None
    person = volunteer_of(row)
    return Colleague(volunteer=person, lines=await select_lines(db, connection_id, person.id))


async def select_spent(
    db: Connection, volunteer: VolunteerId, *, peer: VolunteerId | None, peer_hash: str | None, now: datetime
) -> Spent:
    """What a volunteer has used up. A call to a number that was answered and whose end was never told counts as
    the longest that its `timeLimit` can have been; one that nobody answered counts as no talk.
    """
    row = await db.fetch_one(
        "SELECT"
        " coalesce(sum(CASE WHEN volunteer_id = $1 AND peer_kind = 'number' AND started_at > $2 THEN 1 ELSE 0 END), 0),"
        " coalesce(sum(CASE WHEN volunteer_id = $1 AND peer_kind = 'number' AND answered_at IS NOT NULL"
        "   THEN coalesce(seconds, $3) ELSE 0 END), 0),"
        " coalesce(sum(CASE WHEN (state = 'ringing' AND volunteer_id = $1 AND started_at > $4)"
        "   OR (state = 'answered' AND started_at > $5) THEN 1 ELSE 0 END), 0),"
        " coalesce(sum(CASE WHEN started_at > $6 AND ((volunteer_id = $1 AND peer_hash = $7)"
        "   OR (volunteer_id = $1 AND peer_volunteer_id = $8) OR (volunteer_id = $8 AND peer_volunteer_id = $1))"
        "   THEN 1 ELSE 0 END), 0)"
        " FROM calls WHERE (volunteer_id = $1 OR peer_volunteer_id = $1) AND started_at > $9 AND state <> 'refused'",
        volunteer,
        to_micros(now - timedelta(hours=1)),
        int(TALK_FOR.total_seconds()),
        to_micros(now - RING_FOR - LATE),
        to_micros(now - LONGEST_CALL),
        to_micros(now - SAME_PAIR_WINDOW),
        peer_hash,
        peer,
        to_micros(now - timedelta(days=1)),
    )
    hour, talk, going_on, pair = (int(str(value)) for value in row) if row else (0, 0, 0, 0)
    return Spent(calls_this_hour=hour, talk_today=timedelta(seconds=talk), going_on=going_on, same_pair=pair)


async def _named(db: Connection, words: str) -> Row | None:
    # Names are compared here, because SQLite lowers ASCII letters only.
    wanted = words.casefold()
    rows = await db.fetch_all(f"SELECT {COLUMNS} FROM volunteers v WHERE v.active")  # noqa: S608  # constant
    named = [row for row in rows if volunteer_of(row).name.casefold() == wanted]
    return named[0] if len(named) == 1 else None
