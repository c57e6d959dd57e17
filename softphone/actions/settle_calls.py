"""End calls of which nothing more was heard for longer than they can last (threat model, TM-W9)."""

import logging
from datetime import timedelta

from softphone.actions.end_call import end_call
from softphone.actions.world import World
from softphone.domain.hotline_calls import CallEnding, is_silent
from softphone.domain.ids import CallUUID
from softphone.store.database import Connection
from softphone.store.hotline_calls import select_hotline_call, select_open_calls
from softphone.store.hotlines import select_hotline

SETTLE_EVERY = timedelta(minutes=1)

log = logging.getLogger("softphone.settle")


async def settle_calls(world: World) -> None:
    """One round, a unit for each call."""
    now = world.clock()
    for one in await world.database.read(select_open_calls):
        if is_silent(one, now=now):
            await _settle(world, one.call_uuid)


async def _settle(world: World, call_uuid: CallUUID) -> None:
    async def unit(db: Connection) -> None:
        now = world.clock()
        call = await select_hotline_call(db, call_uuid)
        hotline = await select_hotline(db, call.hotline_id) if call else None
        # Looked at again: it may have been heard of meanwhile.
        if call is not None and hotline is not None and is_silent(call, now=now):
            await end_call(db, call, hotline, now=now, ending=CallEnding.LOST)
            log.warning("The end of a call of hotline %s was never told; it is ended now.", hotline.id)

    await world.database.write(unit)
