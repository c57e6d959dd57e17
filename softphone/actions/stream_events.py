"""What one open page hears, from its first moment to its last, as Server-Sent Events text."""

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass

from softphone.actions.hear_events import Closing, Hub, Listener, audiences_of
from softphone.actions.world import World
from softphone.domain.errors import NotSignedIn
from softphone.domain.sessions import SignedIn
from softphone.domain.times import iso
from softphone.store.database import Connection
from softphone.store.events import LiveEvent, select_events_for, select_newest_event_id

REPLAY_EVENTS = 500
"""A page that missed more than this is told to load everything anew instead."""
RETRY = "retry: 2000\n\n"  # Milliseconds until a browser reconnects (HTML, 9.2.6).
HEARTBEAT = "event: ping\ndata: {}\n\n"
"""Said on a quiet stream. It wakes the page, which answers: the timers of a hidden page sleep."""
NUDGES = frozenset({"board"})
"""Events that say nothing but "look again": several at once are one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How often a quiet stream says that it lives, how often the right to listen is looked at (TM-L1), and how far
    nudges are apart at least.
    """

    heartbeat_seconds: float = 15.0
    recheck_seconds: float = 60.0
    nudge_seconds: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """An open page: who it belongs to, the last event it saw, and how to ask again whether it may listen.

    `resume` raises NotSignedIn when the session has ended.
    """

    signed_in: SignedIn
    seen: int | None
    resume: Callable[[], Awaitable[SignedIn]]
    pace: Pace = Pace()


async def stream_events(world: World, hub: Hub, page: Page) -> AsyncGenerator[str, None]:
    """The stream. It ends when the session does, when the server goes down, or when the page reads too slowly.

    A stream whose session is found dead ends without a word: the browser comes back with the cookie it has by then,
    which after a step-up is a new one, and is told 401 if that is dead too.
    """
    task = asyncio.current_task()
    with hub.open(page.signed_in, drop=task.cancel if task else bool) as listener:
        newest = await world.database.read(select_newest_event_id)
        yield RETRY
        yield _text("hello", {"server_time": iso(world.clock())}, event_id=newest if page.seen is None else None)
        seen = newest
        if page.seen is not None:
            for event in await _missed(world, listener, after=page.seen, newest=newest):
                yield _text(event.kind, event.body, event_id=event.id)
                seen = max(seen, event.id)
                if event.kind == "session_ended":
                    return
        async for text in _live(page, listener, seen=seen):
            yield text


async def _live(page: Page, listener: Listener, *, seen: int) -> AsyncGenerator[str, None]:
    loop = asyncio.get_running_loop()
    audiences, recheck_at = listener.audiences, loop.time() + page.pace.recheck_seconds
    nudges = _Nudges(every=page.pace.nudge_seconds)
    while True:
        what = await _next(listener, nudges.wait(page.pace.heartbeat_seconds, now=loop.time()))
        # A change of rights may be one of role: what is for administrators stops at once, not in a minute.
        if loop.time() >= recheck_at or (isinstance(what, LiveEvent) and what.kind == "rights"):
            try:
                audiences = audiences_of(await page.resume())
            except NotSignedIn:
                if not (isinstance(what, LiveEvent) and what.kind == "session_ended"):
                    return
            recheck_at = loop.time() + page.pace.recheck_seconds
        held = nudges.due(now=loop.time())
        if held is not None and audiences.hear(held):
            # Without its id: a later event may have been told already.
            yield _text(held.kind, held.body)
        match what:
            case None:
                if held is None:
                    yield HEARTBEAT
            case Closing():
                yield _text("closing", {})
                return
            case LiveEvent() as event if event.id > seen and audiences.hear(event):
                seen = event.id
                if event.kind in NUDGES and not nudges.passes(event, now=loop.time()):
                    continue
                yield _text(event.kind, event.body, event_id=event.id)
                if event.kind == "session_ended":
                    return


class _Nudges:
    """Lets one nudge through at once and holds the last of those that follow too soon, until it is time."""

    def __init__(self, *, every: float) -> None:
        self._every = every
        self._held: LiveEvent | None = None
        self._next_at = 0.0

    def wait(self, longest: float, *, now: float) -> float:
        """How long nothing is to be said, at most."""
        return longest if self._held is None else max(0.0, min(longest, self._next_at - now))

    def passes(self, event: LiveEvent, *, now: float) -> bool:
        """True if this nudge may go now; else it is held."""
        if now < self._next_at:
            self._held = event
            return False
        self._held, self._next_at = None, now + self._every
        return True

    def due(self, *, now: float) -> LiveEvent | None:
        """The held nudge, once it is time."""
        if self._held is None or now < self._next_at:
            return None
        held, self._held, self._next_at = self._held, None, now + self._every
        return held


async def _next(listener: Listener, seconds: float) -> LiveEvent | Closing | None:
    try:
        async with asyncio.timeout(seconds):
            return await listener.queue.get()
    except TimeoutError:
        return None


async def _missed(world: World, listener: Listener, *, after: int, newest: int) -> list[LiveEvent]:
    async def look(connection: Connection) -> list[LiveEvent]:
        return await select_events_for(connection, listener.audiences, after=after, limit=REPLAY_EVENTS + 1)

    found = await world.database.read(look)
    # An id from the future is of another database, such as one before a restore: everything may be different.
    if len(found) > REPLAY_EVENTS or after > newest:
        return [LiveEvent(id=newest, audience=listener.audiences.own, kind="rights", body={}, at=world.clock())]
    return found


def _text(kind: str, body: object, *, event_id: int | None = None) -> str:
    # HTML 9.2.6: fields end at a line break; JSON without indentation has none.
    head = f"id: {event_id}\n" if event_id is not None else ""
    return f"{head}event: {kind}\ndata: {json.dumps(body, ensure_ascii=False, separators=(',', ':'))}\n\n"
