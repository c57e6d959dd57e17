"""Live events, from the database to every page that is open in this process.

The database says that something is new; what it is, is always read from the events table by id. So a notice that is
lost on the way delays an event and never loses it.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from softphone.domain.ids import VolunteerId
from softphone.domain.sessions import SignedIn
from softphone.domain.volunteers import Role
from softphone.store.database import Database
from softphone.store.events import (
    ADMINS,
    Audiences,
    LiveEvent,
    of_sign_in,
    only,
    select_events_after,
    select_newest_event_id,
)

QUEUE_EVENTS = 100
"""How many events wait for a page that reads slowly before it is dropped. It replays them by id (TM-L3)."""
BATCH_EVENTS = QUEUE_EVENTS // 2
"""How many are handed on at once: fewer than a queue holds, so that a burst never drops a page that does read."""
RETRY_SECONDS = 1.0

log = logging.getLogger("softphone.events")


@dataclass(frozen=True, slots=True)
class Closing:
    """The server is going down."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Listener:
    """One open page. `drop` ends it from outside; it is called once the queue is full."""

    volunteer: VolunteerId
    audiences: Audiences
    drop: Callable[[], object]
    queue: asyncio.Queue[LiveEvent | Closing]


def audiences_of(signed_in: SignedIn) -> Audiences:
    """What this person's page may be told."""
    return Audiences(
        own=only(signed_in.volunteer.id),
        sign_in=of_sign_in(signed_in.sign_in),
        admins=ADMINS if signed_in.volunteer.role is Role.ADMIN else None,
    )


class Hub:
    """Hands each committed event to the pages that may hear it. One per process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._listeners: set[Listener] = set()
        self._news = asyncio.Event()
        self._newest = 0
        self._closed = False
        self._pump: asyncio.Task[None] | None = None
        self._unlisten: Callable[[], None] | None = None

    async def start(self) -> None:
        """Begin with whatever commits from now on."""
        self._unlisten = self._database.listen(lambda _id: self._news.set())
        self._newest = await self._database.read(select_newest_event_id)
        self._pump = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Stop handing on."""
        self.close()
        if self._unlisten is not None:
            self._unlisten()
        if self._pump is not None:
            self._pump.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._pump

    def close(self) -> None:
        """Tell every page that the server goes down; pages that come afterwards hear it at once."""
        self._closed = True
        for listener in tuple(self._listeners):
            self._hand(listener, Closing())

    def count(self, volunteer: VolunteerId) -> int:
        """How many pages of this volunteer are open here."""
        return sum(listener.volunteer == volunteer for listener in self._listeners)

    @contextmanager
    def open(self, signed_in: SignedIn, *, drop: Callable[[], object]) -> Iterator[Listener]:
        """A page that hears events for as long as the context lasts."""
        listener = Listener(
            volunteer=signed_in.volunteer.id,
            audiences=audiences_of(signed_in),
            drop=drop,
            queue=asyncio.Queue(QUEUE_EVENTS),
        )
        self._listeners.add(listener)
        try:
            if self._closed:
                self._hand(listener, Closing())
            yield listener
        finally:
            self._listeners.discard(listener)

    def _hand(self, listener: Listener, what: LiveEvent | Closing) -> None:
        try:
            listener.queue.put_nowait(what)
        except asyncio.QueueFull:
            self._listeners.discard(listener)
            listener.drop()

    async def _run(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            try:
                await self._spread()
            except Exception:
                log.exception("live events could not be read; trying again")
                await asyncio.sleep(RETRY_SECONDS)
                self._news.set()

    async def _spread(self) -> None:
        full = True
        while full:
            found = await self._database.read(
                lambda connection: select_events_after(connection, self._newest, limit=BATCH_EVENTS)
            )
            # What commits after this look is news again.
            full = len(found) == BATCH_EVENTS
            for event in found:
                self._newest = event.id
                for listener in tuple(self._listeners):
                    if listener.audiences.hear(event):
                        self._hand(listener, event)
