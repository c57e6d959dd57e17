"""Callers while the database is gone or locked: the last known ring list, a message, or a sentence; never silence."""

import asyncio
import logging
import secrets
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from quart import Quart, Response

from softphone.app import create_app
from softphone.domain.patience import Patience
from softphone.settings import Settings
from softphone.store.database import Connection as Db
from softphone.store.hotlines import insert_hotline, replace_members
from tests.clock import NOON, Clock
from tests.conftest import MASTER_KEY, STANDSTILL, serving
from tests.hotlines import hotline
from tests.people import volunteer
from tests.telephony import AGAIN, Caller, connection, set_up

HASTY = Patience(answer=STANDSTILL, turn=STANDSTILL, lock=0.05)
ANA, BEN = volunteer("ana"), volunteer("ben")


@pytest.fixture
async def hasty(database_file: Path, clock: Clock) -> AsyncIterator[Quart]:
    """The product on a file of its own, waiting for locks but a moment; the hotline speaks Spanish by itself."""
    settings = Settings(database_url=f"sqlite:///{database_file}")
    made = create_app(settings, clock=clock, chance=secrets.token_bytes, master_key=MASTER_KEY, patience=HASTY)
    async with serving(made):
        world = made.extensions["softphone"].world
        line = hotline(languages=("es", "en"), default_language="es")

        async def unit(db: Db) -> None:
            until = NOON + timedelta(hours=9)
            await set_up(db, [ANA, BEN], keyring=world.keyring, until=until, to=connection())
            await insert_hotline(db, line)
            await replace_members(db, line.id, [ANA.id, BEN.id], now=NOON)

        await world.database.write(unit)
        yield made


@asynccontextmanager
async def locked(path: Path) -> AsyncIterator[None]:
    """Another process holds the database for writing. Waited for in a thread: a unit of the app's may be under way."""
    other = sqlite3.connect(path, isolation_level=None, timeout=60, check_same_thread=False)
    await asyncio.to_thread(other.execute, "BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


async def verbs(response: Response) -> list[ElementTree.Element]:
    """The verbs of an answer."""
    assert response.status_code == 200
    return list(ElementTree.fromstring(await response.data))  # noqa: S314  # our own bytes


async def tags(response: Response) -> list[str]:
    """Their names."""
    return [verb.tag for verb in await verbs(response)]


@pytest.mark.tm("TM-R6")
async def test_the_last_known_ring_list_answers(
    hasty: Quart, database_file: Path, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    """With its age in the log; three times at most, then the recorder; and when the database is back, so are we."""
    plivo = Caller(app=hasty)
    await plivo.call_in("14155550124", call="call-0000")
    await plivo.next(1, call="call-0000", Digits="2")
    await plivo.hang_up(call="call-0000")
    clock.forward(seconds=90)

    caplog.set_level(logging.ERROR)
    async with locked(database_file):
        first = await plivo.call_in()
        walk = [first]
        for blind in (1, 2, 3):
            fields = plivo.incoming("14155550123", CallStatus="in-progress", DialStatus="no-answer")
            walk.append(await plivo.ask(f"/telephony/main/incoming/next?blind={blind}", fields))
        told = await plivo.leg(0, ANA, "answer")
    fields = plivo.incoming("14155550123", CallStatus="in-progress", DialStatus="no-answer")
    back = await plivo.ask("/telephony/main/incoming/next?blind=2", fields)

    dial = (await verbs(first))[-1]
    assert len(dial) == 2
    assert dial.get("callerId") == "14155550100"
    assert str(dial.get("action")).endswith(f"/telephony/main/incoming/next?blind=1{AGAIN}")
    assert [(await tags(one))[-1] for one in walk] == ["Dial", "Dial", "Dial", "Record"]
    assert (await verbs(first))[0].get("language") == "es-US"
    assert told.status_code == 503
    assert "90 s old" in caplog.text
    assert "5550123" not in caplog.text
    assert await tags(back) == ["GetDigits", "Redirect"]


@pytest.mark.tm("TM-R6")
async def test_a_fresh_process_says_a_sentence_in_the_hotlines_language(hasty: Quart, database_file: Path) -> None:
    """Nothing is known, but a locked database can still be read."""
    async with locked(database_file):
        answer = await Caller(app=hasty).call_in()

    assert await tags(answer) == ["Speak", "Hangup"]
    assert (await verbs(answer))[0].get("language") == "es-US"


@pytest.mark.tm("TM-R6")
async def test_with_the_database_gone_signatures_still_count(hasty: Quart, database_file: Path) -> None:
    """The keys that were read last decide; who is not Plivo is refused, and Plivo's callers ring."""
    plivo = Caller(app=hasty)
    await plivo.call_in("14155550124", call="call-0000")
    await plivo.next(1, call="call-0000", Digits="2")
    for table in ("connection_numbers", "nonces"):
        await hasty.extensions["softphone"].world.database.write(lambda db, t=table: db.execute(f"DROP TABLE {t}"))

    forged = await Caller(app=hasty, token="x" * 40).call_in()
    answer = await plivo.call_in()

    assert forged.status_code == 403
    assert (await tags(answer))[-1] == "Dial"


async def test_a_conversation_that_has_ended_rings_nobody_again(hasty: Quart, database_file: Path) -> None:
    """Neither without the database nor when it is back; the call stands in the log all the same."""
    plivo = Caller(app=hasty)
    await plivo.call_in("14155550124", call="call-0000")
    await plivo.next(1, call="call-0000", Digits="2")
    fields = plivo.incoming("14155550123", CallStatus="in-progress", DialStatus="completed")
    async with locked(database_file):
        answer = await plivo.ask("/telephony/main/incoming/next?blind=1", fields)
    back = await plivo.ask("/telephony/main/incoming/next?blind=1", fields)

    assert await tags(answer) == ["Hangup"]
    assert await tags(back) == ["Hangup"]
    ended = "SELECT state, ending FROM hotline_calls WHERE call_uuid = 'call-0001'"
    database = hasty.extensions["softphone"].world.database
    assert tuple(await database.read(lambda db: db.fetch_one(ended))) == ("ended", "answered")
