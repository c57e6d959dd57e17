"""Ask Plivo for the end of calls of which nothing is heard any more: lost news is not told again (`wire.md` 4.7).

Without it, whoever talked while this service was down would count as being in that call for as long as one can last.
"""

import logging
from datetime import timedelta

from softphone.actions.end_call import end_call
from softphone.actions.ensure_application import credentials_of
from softphone.actions.world import World
from softphone.domain.errors import PlivoFailure
from softphone.domain.hotline_calls import HotlineCall
from softphone.plivo.records import CallRecord
from softphone.store.connections import select_connection
from softphone.store.database import Connection
from softphone.store.hotline_calls import select_hotline_call, select_open_calls
from softphone.store.hotlines import select_hotline

QUIET_FOR = timedelta(minutes=2)
"""Longer than news and its repetitions are on the way, and than Plivo takes to write a record (`rest.md` 6.5)."""
MOST_REQUESTS = 200
"""In one round, a minute: far below what Plivo allows."""

log = logging.getLogger("softphone.ends")


async def ask_ends(world: World) -> None:
    """One round. A call that has no record of its end yet goes on; where Plivo does not answer, the next round asks."""
    now = world.clock()
    quiet = [one for one in await world.database.read(select_open_calls) if now >= one.heard_at + QUIET_FOR]
    for call in quiet[:MOST_REQUESTS]:
        try:
            record = await _record(world, call)
        except PlivoFailure as failure:
            log.warning("The end of a quiet call cannot be asked for: %s", failure.code)
            return
        if record is not None:
            await _end(world, call, record)


async def _record(world: World, call: HotlineCall) -> CallRecord | None:
    connection = await world.database.read(lambda db: select_connection(db, call.connection_id, keyring=world.keyring))
    return await world.plivo.get_call_record(credentials_of(connection), call.call_uuid) if connection else None


async def _end(world: World, quiet: HotlineCall, record: CallRecord) -> None:
    async def unit(db: Connection) -> bool:
        call = await select_hotline_call(db, quiet.call_uuid)
        hotline = await select_hotline(db, call.hotline_id) if call else None
        if call is None or hotline is None or call.ended_at is not None:
            return False
        await end_call(db, call, hotline, now=world.clock(), seconds=record.seconds, code=record.hangup_code)
        return True

    if await world.database.write(unit):
        log.warning("The end of a call of hotline %s was not told; Plivo's record has it.", quiet.hotline_id)
