"""What the live board needs beside the calls and the shifts: whose phones ring now, and people's names."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from softphone.domain.hotline_calls import LATE, Round
from softphone.domain.ids import CallUUID, VolunteerId
from softphone.domain.volunteers import Availability, Volunteer
from softphone.store.database import Connection, to_micros
from softphone.store.rounds import ROUND, round_of
from softphone.store.volunteers import COLUMNS as VOLUNTEER
from softphone.store.volunteers import volunteer_of


@dataclass(frozen=True, slots=True)
class OpenRound:
    """A half of a round that rings, and whose page has said that it does."""

    made: Round
    heard: frozenset[VolunteerId]


async def select_open_rounds(db: Connection, *, now: datetime) -> Mapping[CallUUID, OpenRound]:
    """What rings now, by call."""
    since = to_micros(now - LATE)
    rows = await db.fetch_all(
        f"{ROUND}, call_uuid FROM hotline_rounds WHERE ended_at IS NULL AND ends_at > $1 ORDER BY step", since
    )
    told = await db.fetch_all(
        "SELECT p.call_uuid, p.step, p.volunteer_id FROM ring_reports p JOIN hotline_rounds r"
        " ON r.call_uuid = p.call_uuid AND r.step = p.step WHERE r.ended_at IS NULL AND r.ends_at > $1",
        since,
    )
    heard: dict[tuple[str, int], set[VolunteerId]] = {}
    for call, step, person in told:
        heard.setdefault((str(call), int(str(step))), set()).add(VolunteerId(str(person)))
    found: dict[CallUUID, OpenRound] = {}
    for row in rows:
        made, call = round_of(row), CallUUID(str(row[7]))
        found[call] = OpenRound(made, frozenset(heard.get((call, made.step), ())))
    return found


async def select_names(db: Connection) -> Mapping[VolunteerId, str]:
    """Everybody's name, also of those who are no longer active."""
    rows = await db.fetch_all("SELECT id, name FROM volunteers")
    return {VolunteerId(str(row[0])): str(row[1]) for row in rows}


async def select_on_duty(db: Connection) -> list[Volunteer]:
    """Every active volunteer on duty, by name."""
    rows = await db.fetch_all(
        f"SELECT {VOLUNTEER} FROM volunteers v WHERE v.active AND v.availability = $1 ORDER BY v.name, v.id",  # noqa: S608  # constant
        Availability.ON_DUTY.value,
    )
    return [volunteer_of(row) for row in rows]
