"""Messages in the database, on both engines: what twenty at once make of one."""

import asyncio
from dataclasses import replace

import pytest

from softphone.actions.hear_message import finish, take
from softphone.actions.world import World
from softphone.domain.callers import CallerId
from softphone.domain.errors import Conflict
from softphone.domain.ids import ConnectionId
from softphone.domain.voicemails import Voicemail, VoicemailState
from softphone.store.voicemails import (
    count_voicemails,
    delete_voicemails_before,
    select_due_deletions,
    select_voicemail,
    upsert_voicemail,
)
from tests import people
from tests.clock import NOON, Clock

PEOPLE = [people.volunteer(f"volunteer{number}") for number in range(20)]
MESSAGE = Voicemail(
    id="m-0",
    connection_id=ConnectionId("main"),
    recording_id="r-1",
    call_uuid="call-0001",
    hotline_id="line",
    caller=CallerId("c" + "7f3a" * 8),
    language="es",
    media_path=None,
    seconds=None,
    left_at=NOON,
    taken_by=None,
    taken_by_name=None,
    taken_at=None,
    done_at=None,
)


async def test_twenty_callbacks_at_once_make_one_message(calling: World) -> None:
    """One is new, whichever comes first; what any of them knows is kept."""
    told = [replace(MESSAGE, id=f"m-{n}", seconds=21 if n == 7 else None) for n in range(20)]

    made = await asyncio.gather(
        *(calling.database.write(lambda db, m=m: upsert_voicemail(db, m)) for m in told)  # type: ignore[misc]  # a default argument
    )

    known = [one for one in made if one is not None]
    assert [new for _, new in known].count(True) == 1
    ((name,), count) = {name for name, _ in known}, len(known)
    assert count == 20
    assert await calling.database.read(count_voicemails) == (1, 1)
    kept = await calling.database.read(lambda db: select_voicemail(db, name))
    assert kept is not None
    assert kept.seconds == 21


async def test_twenty_volunteers_at_once_are_one(calling: World) -> None:
    """One takes the message; nineteen are told by whom."""
    await people.add(calling.database, *PEOPLE)
    await calling.database.write(lambda db: upsert_voicemail(db, MESSAGE))

    tried = await asyncio.gather(*(take(calling, person, "m-0") for person in PEOPLE), return_exceptions=True)

    (winner,) = (one for one in tried if isinstance(one, Voicemail))
    losers = [one for one in tried if isinstance(one, Conflict)]
    assert len(losers) == 19
    assert {loser.message for loser in losers} == {
        f"{winner.taken_by_name} has taken this message. Choose another one."
    }
    holder = next(person for person in PEOPLE if person.id == winner.taken_by)
    assert (await finish(calling, holder, "m-0")).state(now=NOON) is VoicemailState.DONE


@pytest.mark.tm("TM-D6")
async def test_a_deleted_message_does_not_come_back(calling: World, clock: Clock) -> None:
    """A callback that is late finds the mark of the deletion, and Plivo is asked once."""
    await calling.database.write(lambda db: upsert_voicemail(db, MESSAGE))
    clock.forward(days=31)
    removed = await calling.database.write(
        lambda db: delete_voicemails_before(db, calling.clock(), limit=10, now=calling.clock())
    )

    late = await calling.database.write(lambda db: upsert_voicemail(db, replace(MESSAGE, id="m-1")))

    assert (removed, late) == (1, None)
    assert await calling.database.read(count_voicemails) == (0, 0)
    due = await calling.database.read(lambda db: select_due_deletions(db, now=calling.clock(), limit=10))
    assert [(one.connection_id, one.recording_id) for one in due] == [("main", "r-1")]
