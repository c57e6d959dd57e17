"""Live events, kept for a while so that a page that reconnects misses nothing.

Ids come from a counter row, not from a sequence: its row lock makes ids visible in the order of commits, so that
"everything after the last id I saw" never skips an event of a slower transaction.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from softphone.domain.ids import VolunteerId
from softphone.store.database import Connection, Row, from_micros, to_micros

ADMINS = "admins"
EVERYONE = "everyone"


def only(volunteer: VolunteerId) -> str:
    """The audience that is one volunteer."""
    return f"volunteer:{volunteer}"


def of_sign_in(sign_in: str) -> str:
    """The audience that is one sign-in of a volunteer: one browser, whatever else they have open elsewhere."""
    return f"sign-in:{sign_in}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveEvent:
    """Something that open pages are told. `body` is what travels, already without numbers and secrets."""

    id: int
    audience: str
    kind: str
    body: Mapping[str, object]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Audiences:
    """What one open page may be told: what is for its volunteer, for its sign-in, for everyone, and for administrators
    if it is one's (threat model, TM-L2).
    """

    own: str
    sign_in: str
    admins: str | None

    def hear(self, event: LiveEvent) -> bool:
        """True if the event is for this page."""
        return event.audience in {self.own, self.sign_in, self.admins, EVERYONE}


async def append_event(
    connection: Connection, audience: str, kind: str, *, body: Mapping[str, object], now: datetime
) -> int:
    """Add an event to the unit and have listeners told once it commits. Returns its id."""
    row = await connection.fetch_one("UPDATE counters SET value = value + 1 WHERE name = 'event' RETURNING value")
    event_id = int(str(row[0])) if row else 0
    connection.put(
        "INSERT INTO events (id, audience, kind, body, at) VALUES ($1, $2, $3, $4, $5)",
        event_id,
        audience,
        kind,
        json.dumps(body, ensure_ascii=False, separators=(",", ":")),
        to_micros(now),
    )
    await connection.notify(event_id)
    return event_id


async def append_events(
    connection: Connection, audiences: Sequence[str], kind: str, *, body: Mapping[str, object], now: datetime
) -> None:
    """Add the same event for each of many audiences: ringing phones are many, and a caller waits for the unit."""
    if not audiences:
        return
    row = await connection.fetch_one(
        "UPDATE counters SET value = value + $1 WHERE name = 'event' RETURNING value", len(audiences)
    )
    newest = int(str(row[0])) if row else 0
    written = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    for event_id, audience in enumerate(audiences, start=newest - len(audiences) + 1):
        await connection.execute(
            "INSERT INTO events (id, audience, kind, body, at) VALUES ($1, $2, $3, $4, $5)",
            event_id,
            audience,
            kind,
            written,
            to_micros(now),
        )
    # Listeners read everything after the last id they have seen, so one notice serves for all.
    await connection.notify(newest)


async def select_events_after(connection: Connection, after: int, *, limit: int) -> list[LiveEvent]:
    """Events with an id above `after`, oldest first, for every audience."""
    rows = await connection.fetch_all(
        "SELECT id, audience, kind, body, at FROM events WHERE id > $1 ORDER BY id LIMIT $2", after, limit
    )
    return [_event_of(row) for row in rows]


async def select_events_for(connection: Connection, audiences: Audiences, *, after: int, limit: int) -> list[LiveEvent]:
    """Events for any of the audiences with an id above `after`, oldest first."""
    rows = await connection.fetch_all(
        "SELECT id, audience, kind, body, at FROM events WHERE id > $1 AND audience IN ($2, $3, $4, $5)"
        " ORDER BY id LIMIT $6",
        after,
        audiences.own,
        audiences.sign_in,
        audiences.admins,
        EVERYONE,
        limit,
    )
    return [_event_of(row) for row in rows]


async def select_newest_event_id(connection: Connection) -> int:
    """The id of the newest event ever appended; 0 before the first."""
    row = await connection.fetch_one("SELECT value FROM counters WHERE name = 'event'")
    return int(str(row[0])) if row else 0


async def delete_events_before(connection: Connection, moment: datetime) -> int:
    """Forget events that no page comes back for any more; how many there were."""
    return await connection.execute("DELETE FROM events WHERE at < $1", to_micros(moment))


def _event_of(row: Row) -> LiveEvent:
    return LiveEvent(
        id=int(str(row[0])),
        audience=str(row[1]),
        kind=str(row[2]),
        body=json.loads(str(row[3])),
        at=from_micros(int(str(row[4]))),
    )
