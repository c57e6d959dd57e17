"""Forget what is no longer needed, from time to time."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from softphone.actions.world import World
from softphone.domain.sessions import IDLE_LIFE
from softphone.store.database import Connection
from softphone.store.events import delete_events_before
from softphone.store.limits import delete_idle_limits
from softphone.store.nonces import delete_nonces_before
from softphone.store.phone_links import delete_links_before
from softphone.store.ring_tests import delete_ring_tests_before
from softphone.store.sessions import delete_dead_sessions

SWEEP_EVERY = timedelta(minutes=10)
EVENT_LIFE = timedelta(days=1)
NONCE_LIFE = timedelta(days=7)  # threat model, section 4

log = logging.getLogger("softphone.sweep")


async def sweep(world: World) -> None:
    """One round. Each kind has a unit of its own, so that no unit holds the database for long."""
    now = world.clock()
    units: tuple[Callable[[Connection], Awaitable[int]], ...] = (
        lambda c: delete_events_before(c, now - EVENT_LIFE),
        lambda c: delete_nonces_before(c, now - NONCE_LIFE),
        lambda c: delete_idle_limits(c, now=now),
        lambda c: delete_links_before(c, now - EVENT_LIFE),
        lambda c: delete_ring_tests_before(c, now - NONCE_LIFE),
        lambda c: delete_dead_sessions(c, now=now, idle_since=now - IDLE_LIFE),
    )
    for unit in units:
        await world.database.write(unit)


async def repeat(tick: Callable[[], Awaitable[None]], *, every: timedelta, rest_first: bool = False) -> None:
    """Run `tick` now and then for ever. A bad tick is logged and the next one comes all the same.

    `rest_first` waits once before the first: for a look at who is there, which pages are only just coming back to.
    """
    if rest_first:
        await asyncio.sleep(every.total_seconds())
    while True:
        try:
            await tick()
        except Exception:
            log.exception("a periodic task failed; it runs again later")
        await asyncio.sleep(every.total_seconds())
