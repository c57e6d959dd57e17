"""End a hotline's call, once: nothing rings any more, the volunteer has their pause, and every page knows."""

from dataclasses import replace
from datetime import datetime

from softphone.actions.tell_hotline import CallNews, tell_board, tell_volunteers
from softphone.domain.hotline import Hotline
from softphone.domain.hotline_calls import CallEnding, HotlineCall, Stage
from softphone.domain.times import iso
from softphone.store.database import Connection
from softphone.store.hotline_calls import delete_answers, update_hotline_call
from softphone.store.rounds import (
    select_rounds,
    update_legs_ended,
    update_rounds_ended,
    upsert_pause,
    volunteers_of,
)

BY_STAGE = {Stage.TALKING: CallEnding.ANSWERED, Stage.MESSAGE: CallEnding.MESSAGE}


async def end_call(
    db: Connection,
    call: HotlineCall,
    hotline: Hotline,
    *,
    now: datetime,
    ending: CallEnding | None = None,
    seconds: int | None = None,
    code: int | None = None,
) -> HotlineCall:
    """The call as it is after its end; as it is if it has ended before. `ending` follows from where it was."""
    if call.ended_at is not None:
        return call
    talked = call.answered_by is not None
    after = replace(
        call,
        stage=Stage.ENDED,
        ended_at=now,
        ending=CallEnding.ANSWERED if talked else ending or BY_STAGE.get(call.stage, CallEnding.GAVE_UP),
        seconds=seconds,
        hangup_code=code,
        heard_at=now,
    )
    rang = volunteers_of([one for one in await select_rounds(db, call.call_uuid) if one.ended_at is None])
    await update_hotline_call(db, after)
    await update_rounds_ended(db, call.call_uuid, now=now)
    await update_legs_ended(db, call.call_uuid, now=now)
    await delete_answers(db, call.call_uuid)
    if after.answered_by is not None:
        until = now + hotline.wrap_up
        await upsert_pause(db, after.answered_by, idle_since=now, wrap_up_until=until)
        more: dict[str, object] = {
            "wrap_up_until": iso(until),
            "outcomes": list(hotline.outcomes),
            "notes_enabled": hotline.notes_enabled,
        }
        await tell_volunteers(db, [after.answered_by], CallNews.ENDED, call=after, hotline=hotline, now=now, more=more)
    others = [one for one in rang if one != after.answered_by]
    await tell_volunteers(db, others, CallNews.STOPPED, call=after, hotline=hotline, now=now)
    await tell_board(db, after, now=now)
    return after
