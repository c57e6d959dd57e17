"""Record what Plivo tells about a call, whatever comes twice, late or in another order (threat model, TM-W9)."""

from dataclasses import replace

from softphone.actions.answer_once import answer_once
from softphone.actions.world import World
from softphone.domain.call_views import call_body
from softphone.domain.calls import Call, CallState, fold
from softphone.domain.ids import VolunteerId
from softphone.plivo.answers import NOTHING_MORE
from softphone.plivo.callbacks import CallNews, VerifiedCallback
from softphone.store.calls import insert_fact, select_call, select_facts, update_progress
from softphone.store.database import Connection
from softphone.store.events import append_event, only


async def record_news(world: World, callback: VerifiedCallback, news: CallNews) -> bytes:
    """Keep the fact, bring the record up to it and tell both volunteers if that changed anything.

    A fact about a call that we were not asked about yet is kept for when we are.

    Raises: ReplayRefused.
    """

    return await answer_once(world, callback, lambda db: keep_news(world, db, news))


async def keep_news(world: World, db: Connection, news: CallNews) -> bytes:
    """The same, inside the unit that answers the callback."""
    if news.fact is None:
        return NOTHING_MORE
    call = await select_call(db, news.call_uuid)
    new = await insert_fact(db, news.call_uuid, news.fact)
    if not new or call is None or call.progress.state is CallState.REFUSED:
        return NOTHING_MORE
    progress = fold(await select_facts(db, news.call_uuid))
    if progress != call.progress:
        await update_progress(db, news.call_uuid, progress)
        await _tell(world, db, replace(call, progress=progress))
    return NOTHING_MORE


async def _tell(world: World, db: Connection, call: Call) -> None:
    for party in (call.caller, call.peer):
        if party is not None:
            volunteer = VolunteerId(party.id)
            await append_event(db, only(volunteer), "call", body=call_body(call, volunteer), now=world.clock())
