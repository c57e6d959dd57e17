"""What an open page hears: its own events, in order, once, and never another's."""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace

import pytest

from softphone.actions.hear_events import QUEUE_EVENTS, Hub, Listener, audiences_of
from softphone.actions.stream_events import REPLAY_EVENTS, Pace, Page, stream_events
from softphone.actions.world import World
from softphone.domain.errors import NotSignedIn
from softphone.domain.sessions import SignedIn
from softphone.domain.volunteers import Role, Volunteer
from softphone.plivo.media import PlivoMedia
from softphone.plivo.rest import PlivoRest
from softphone.settings import Settings
from softphone.store.database import Connection, Database
from softphone.store.events import ADMINS, EVERYONE, LiveEvent, append_event, of_sign_in, only
from softphone.store.sealing import Keyring
from tests import people
from tests.clock import NOON, Clock

ANA, BEN, ROOT = people.volunteer("ana"), people.volunteer("ben"), people.volunteer("root", role=Role.ADMIN)


@pytest.fixture
async def world(database: Database, keyring: Keyring, clock: Clock) -> AsyncIterator[World]:
    """What actions may touch, without an app around it."""
    plivo, media = PlivoRest("http://127.0.0.1:1"), PlivoMedia("http://127.0.0.1:1")
    yield World(
        settings=Settings(),
        database=database,
        keyring=keyring,
        plivo=plivo,
        media=media,
        clock=clock,
        chance=secrets.token_bytes,
    )
    await plivo.close()
    await media.close()


@pytest.fixture
async def hub(database: Database) -> AsyncIterator[Hub]:
    """A hub that runs."""
    made = Hub(database)
    await made.start()
    yield made
    await made.stop()


def signed_in(person: Volunteer, sign_in: str = "s-1") -> SignedIn:
    """Proof of who somebody is."""
    return SignedIn(volunteer=person, session_hash="h", csrf="c", sign_in=sign_in, stepped_up_until=NOON)


def page_of(person: Volunteer, *, seen: int | None = None) -> Page:
    """A page whose session lives on."""

    async def resume() -> SignedIn:
        return signed_in(person)

    return Page(signed_in=signed_in(person), seen=seen, resume=resume)


async def say(database: Database, audience: str, kind: str, count: int = 1) -> int:
    """Append events in one unit; the id of the last."""

    async def unit(connection: Connection) -> int:
        last = 0
        for number in range(count):
            last = await append_event(connection, audience, kind, body={"number": number}, now=NOON)
        return last

    return await database.write(unit)


async def hear_until(
    world: World, hub: Hub, page: Page, *, last: str, begun: asyncio.Event | None = None
) -> list[tuple[str, str]]:
    """The kind and the id of everything a page hears, up to the first event of a kind. `begun` is set at its hello."""
    heard: list[tuple[str, str]] = []
    async with aclosing(stream_events(world, hub, page)) as stream:
        async for text in stream:
            fields = dict(line.split(": ", 1) for line in text.strip().splitlines() if not line.startswith(":"))
            if "event" in fields:
                json.loads(fields["data"])
                heard.append((fields["event"], fields.get("id", "")))
                if begun is not None:
                    begun.set()
                if fields["event"] == last:
                    return heard
    return heard


@pytest.mark.tm("TM-L2")
def test_a_volunteers_page_is_told_nothing_of_the_administrators() -> None:
    """Every audience there is, against every kind of page."""
    pages = {"ana": audiences_of(signed_in(ANA)), "root": audiences_of(signed_in(ROOT, "s-2"))}
    audiences = [EVERYONE, ADMINS, only(ANA.id), only(BEN.id), only(ROOT.id), of_sign_in("s-1"), of_sign_in("s-2")]

    heard = {
        name: [
            audience
            for audience in audiences
            if page.hear(LiveEvent(id=1, audience=audience, kind="k", body={}, at=NOON))
        ]
        for name, page in pages.items()
    }

    assert heard == {
        "ana": [EVERYONE, only(ANA.id), of_sign_in("s-1")],
        "root": [EVERYONE, ADMINS, only(ROOT.id), of_sign_in("s-2")],
    }


@pytest.mark.tm("TM-L2")
@pytest.mark.parametrize("seen", [None, 0], ids=["live", "replayed"])
async def test_a_stream_carries_what_is_for_its_page_and_nothing_else(
    world: World, hub: Hub, database: Database, seen: int | None
) -> None:
    """Whether it happens now or happened while the page was away."""
    said = [(ADMINS, "audit"), (only(BEN.id), "call"), (ADMINS, "devices"), (only(ANA.id), "call"), (EVERYONE, "end")]
    if seen is not None:
        for audience, kind in said:
            await say(database, audience, kind)
        heard = await hear_until(world, hub, page_of(ANA, seen=seen), last="end")
    else:
        begun = asyncio.Event()
        listening = asyncio.create_task(hear_until(world, hub, page_of(ANA), last="end", begun=begun))
        await begun.wait()
        for audience, kind in said:
            await say(database, audience, kind)
        heard = await listening

    assert [kind for kind, _ in heard if kind != "hello"] == ["call", "end"]


async def test_an_administrators_stream_carries_the_administrators_events(
    world: World, hub: Hub, database: Database
) -> None:
    """The same stream, another role."""
    await say(database, ADMINS, "audit")
    await say(database, only(ANA.id), "call")
    await say(database, ADMINS, "devices")

    heard = await hear_until(world, hub, page_of(ROOT, seen=0), last="devices")

    assert [kind for kind, _ in heard] == ["hello", "audit", "devices"]


async def test_a_page_that_comes_back_hears_what_it_missed_once(world: World, hub: Hub, database: Database) -> None:
    """From the event after the last it saw, in order, with the ids to come back with."""
    last = await say(database, only(ANA.id), "call", 3)
    await say(database, only(ANA.id), "end")

    heard = await hear_until(world, hub, page_of(ANA, seen=last - 2), last="end")

    assert heard == [("hello", ""), ("call", str(last - 1)), ("call", str(last)), ("end", str(last + 1))]


@pytest.mark.parametrize("far", ["too much missed", "an id of the future"])
async def test_a_page_that_cannot_be_brought_up_to_date_loads_anew(
    world: World, hub: Hub, database: Database, far: str
) -> None:
    """More than a replay holds, or ids of another database: it is told that everything may be different."""
    count = REPLAY_EVENTS + 1 if far == "too much missed" else 1
    with hub.open(signed_in(ANA), drop=bool) as other_page:
        reader = asyncio.create_task(take(other_page, count))
        newest = await say(database, only(ANA.id), "call", count)
        # Handed on already: what comes back now hears of them from the database alone.
        await reader
    seen = 0 if far == "too much missed" else newest + 1

    heard = await hear_until(world, hub, page_of(ANA, seen=seen), last="rights")

    assert heard == [("hello", ""), ("rights", str(newest))]


@pytest.mark.tm("TM-L3")
async def test_a_page_that_does_not_read_is_dropped_and_the_others_hear(hub: Hub, database: Database) -> None:
    """What waits for one page is bounded; it costs the others nothing."""
    dropped = asyncio.Event()

    with hub.open(signed_in(ANA), drop=dropped.set) as stopped, hub.open(signed_in(BEN), drop=bool) as reading:
        reader = asyncio.create_task(take(reading, QUEUE_EVENTS + 20))
        await say(database, EVERYONE, "call", QUEUE_EVENTS // 2)
        await say(database, EVERYONE, "call", QUEUE_EVENTS // 2)
        await say(database, EVERYONE, "call", 20)
        await dropped.wait()
        ids = await reader

        assert stopped.queue.qsize() == QUEUE_EVENTS
        assert hub.count(ANA.id) == 0
        assert ids == sorted(set(ids))


async def take(listener: Listener, count: int) -> list[int]:
    """The ids of the next events of a page that reads."""
    taken: list[int] = []
    while len(taken) < count:
        event = await listener.queue.get()
        if isinstance(event, LiveEvent):
            taken.append(event.id)
    return taken


async def test_a_stream_ends_with_its_session(world: World, hub: Hub, database: Database) -> None:
    """The page is told, and hears nothing afterwards."""
    await say(database, only(ANA.id), "session_ended")
    await say(database, only(ANA.id), "call")

    heard = await hear_until(world, hub, page_of(ANA, seen=0), last="call")

    assert [kind for kind, _ in heard] == ["hello", "session_ended"]


async def test_a_server_that_goes_down_says_so_and_ends_the_stream(world: World, hub: Hub) -> None:
    """To the pages that are open, and to those that come while it closes."""
    begun = asyncio.Event()
    listening = asyncio.create_task(hear_until(world, hub, page_of(ANA), last="never", begun=begun))
    await begun.wait()

    hub.close()
    open_then = await listening
    came_later = await hear_until(world, hub, page_of(BEN), last="never")

    assert [kind for kind, _ in open_then] == ["hello", "closing"]
    assert [kind for kind, _ in came_later] == ["hello", "closing"]


@pytest.mark.tm("TM-L1")
async def test_a_stream_ends_when_its_session_is_found_dead(world: World, hub: Hub) -> None:
    """Though nothing was said about it: the right to listen is looked at again and again."""

    async def resume() -> SignedIn:
        raise NotSignedIn

    pace = Pace(heartbeat_seconds=0.01, recheck_seconds=0.0)
    page = Page(signed_in=signed_in(ANA), seen=None, resume=resume, pace=pace)

    heard = await hear_until(world, hub, page, last="never")

    assert [kind for kind, _ in heard] == ["hello"]
    assert hub.count(ANA.id) == 0


@pytest.mark.tm("TM-L2")
async def test_who_is_administrator_no_more_hears_no_more(world: World, hub: Hub, database: Database) -> None:
    """What is for administrators stops at the change of rights, on a stream that stays open."""
    begun = asyncio.Event()

    async def resume() -> SignedIn:
        return signed_in(people.volunteer("root"))

    page = Page(signed_in=signed_in(ROOT), seen=None, resume=resume)
    listening = asyncio.create_task(hear_until(world, hub, page, last="end", begun=begun))
    await begun.wait()

    await say(database, ADMINS, "devices")
    await say(database, only(ROOT.id), "rights")
    await say(database, ADMINS, "audit")
    await say(database, only(ROOT.id), "end")

    assert [kind for kind, _ in await listening] == ["hello", "devices", "rights", "end"]


async def test_many_nudges_are_one_and_the_last_is_never_lost(world: World, hub: Hub, database: Database) -> None:
    """The first goes at once, those that follow too soon are one, later; what else happens does not wait for them."""
    pace = Pace(heartbeat_seconds=600, nudge_seconds=0.2)
    page = replace(page_of(ROOT), pace=pace)
    heard: list[tuple[str, object]] = []
    async with aclosing(stream_events(world, hub, page)) as stream:
        async for text in stream:
            fields = dict(line.split(": ", 1) for line in text.strip().splitlines())
            if fields.get("event") == "hello":
                await say(database, ADMINS, "board", 5)
                await say(database, ADMINS, "audit")
            elif "event" in fields:
                heard.append((fields["event"], json.loads(fields["data"])["number"]))
            if len(heard) == 3:
                break

    assert heard == [("board", 0), ("audit", 0), ("board", 4)]


async def test_a_quiet_stream_wakes_its_page(world: World, hub: Hub) -> None:
    """With an event that the page can hear, so that it can answer: a hidden page has no timers to rely on."""
    page = replace(page_of(ANA), pace=Pace(heartbeat_seconds=0.01))

    heard = await hear_until(world, hub, page, last="ping")

    assert heard[-1] == ("ping", "")
