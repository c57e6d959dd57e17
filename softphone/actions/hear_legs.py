"""What Plivo tells about the phones that ring for a caller, and about the end of calls: whatever comes twice, late, in
another order or not at all, exactly one volunteer has the caller, and nobody is left in a call for ever (TM-W9).
"""

import hmac
from dataclasses import replace
from datetime import datetime, timedelta

from softphone.actions.answer_once import answer_once
from softphone.actions.caller_scene import address_hash
from softphone.actions.end_call import end_call
from softphone.actions.record_call import keep_news
from softphone.actions.tell_hotline import CallNews, tell_board, tell_volunteers
from softphone.actions.world import World
from softphone.domain.hotline import Hotline
from softphone.domain.hotline_calls import HotlineCall, Leg, Round, Rung, Stage, has_call
from softphone.plivo.answers import NOTHING_MORE
from softphone.plivo.callbacks import VerifiedCallback, read_hangup
from softphone.plivo.hotline_callbacks import LegTold, read_end_told, read_leg_told, read_told
from softphone.store.database import Connection as Db
from softphone.store.hotline_calls import append_ladder, select_hotline_call, update_hotline_call
from softphone.store.hotlines import select_hotline
from softphone.store.rounds import select_legs, select_rounds, update_rounds_ended, upsert_leg, volunteers_of


async def hear_leg(world: World, callback: VerifiedCallback, *, step: int) -> bytes:
    """News of a leg that rang after a step. Nobody listens to the answer.

    Raises: UnusableCallback, ReplayRefused.
    """
    told = read_leg_told(callback)

    async def unit(db: Db) -> bytes:
        call = await select_hotline_call(db, told.call_uuid) if told else None
        hotline = await select_hotline(db, call.hotline_id) if call else None
        if told is None or call is None or hotline is None:
            return NOTHING_MORE
        now = world.clock()
        await append_ladder(db, call.call_uuid, asked=f"leg {step}", told=read_told(callback), answered="", now=now)
        rounds = await select_rounds(db, call.call_uuid)
        # News of a leg of an earlier step is old, and of an ended call too: it must hold nobody.
        over = call.ended_at is not None or step != call.step
        mine = next((one for one in rounds if one.step == step), None)
        await upsert_leg(db, call.call_uuid, _leg(world, told, mine, over=over, now=now))
        if call.ended_at is not None:
            await _correct(db, call, hotline, now=now)
        elif not over:
            await _settle(db, call, hotline, told=told, rounds=rounds, now=now)
        return NOTHING_MORE

    return await answer_once(world, callback, unit)


async def hear_end(world: World, callback: VerifiedCallback) -> bytes:
    """A call has ended: a hotline's, or one that a volunteer made.

    Raises: UnusableCallback, ReplayRefused.
    """
    news = read_hangup(callback, now=world.clock())

    async def unit(db: Db) -> bytes:
        call = await select_hotline_call(db, news.call_uuid)
        hotline = await select_hotline(db, call.hotline_id) if call else None
        if call is None or hotline is None:
            return await keep_news(world, db, news)
        now, told = world.clock(), read_end_told(callback)
        await append_ladder(db, call.call_uuid, asked="end", told=read_told(callback), answered="", now=now)
        if call.ended_at is None:
            await end_call(db, call, hotline, now=now, seconds=told.seconds, code=told.code)
        elif call.seconds is None:
            await update_hotline_call(db, replace(call, seconds=told.seconds, hangup_code=told.code))
        return NOTHING_MORE

    return await answer_once(world, callback, unit)


async def _settle(
    db: Db, call: HotlineCall, hotline: Hotline, *, told: LegTold, rounds: list[Round], now: datetime
) -> None:
    legs = await select_legs(db, call.call_uuid)
    if told.word == "hangup":
        await _leg_ended(db, call, hotline, leg=next(one for one in legs if one.leg_uuid == told.leg_uuid), now=now)
        return
    winner = has_call(one for one in legs if one.ended_at is None)
    if winner is None or winner.volunteer_id is None or winner.leg_uuid == call.answered_leg:
        await update_hotline_call(db, replace(call, heard_at=now))
        return
    after = replace(
        call,
        stage=Stage.TALKING,
        answered_by=winner.volunteer_id,
        answered_leg=winner.leg_uuid,
        answered_at=winner.connected_at or winner.answered_at,
        heard_at=now,
    )
    await update_hotline_call(db, after)
    await update_rounds_ended(db, call.call_uuid, now=now)
    rang = volunteers_of([one for one in rounds if one.step == call.step])
    others = [one for one in rang if one != winner.volunteer_id]
    await tell_volunteers(db, [winner.volunteer_id], CallNews.ANSWERED, call=after, hotline=hotline, now=now)
    await tell_volunteers(db, others, CallNews.ANSWERED_BY_COLLEAGUE, call=after, hotline=hotline, now=now)
    await tell_board(db, after, now=now)


async def _correct(db: Db, call: HotlineCall, hotline: Hotline, *, now: datetime) -> None:
    """Late news may say who really had a call that has ended: the record, the pause and the questions are theirs."""
    had = has_call(await select_legs(db, call.call_uuid))
    if had is None or had.volunteer_id is None or had.leg_uuid == call.answered_leg:
        return
    open_again = replace(
        call,
        stage=Stage.TALKING,
        ended_at=None,
        answered_by=had.volunteer_id,
        answered_leg=had.leg_uuid,
        answered_at=had.connected_at or had.answered_at,
    )
    ended = await end_call(db, open_again, hotline, now=now, seconds=call.seconds, code=call.hangup_code)
    await update_hotline_call(db, replace(ended, ended_at=call.ended_at))


async def _leg_ended(db: Db, call: HotlineCall, hotline: Hotline, *, leg: Leg, now: datetime) -> None:
    if leg.connected_at is not None and leg.volunteer_id is not None:
        # Whoever talked had the call, whatever was told before: the conversation is over, and so is the call.
        talked = replace(call, answered_by=leg.volunteer_id, answered_leg=leg.leg_uuid, answered_at=leg.connected_at)
        await end_call(db, talked, hotline, now=now)
    elif leg.leg_uuid == call.answered_leg:
        # It answered and failed. Who it belongs to is free again, and the Dial's end says what comes next.
        free = replace(call, stage=Stage.RINGING, answered_by=None, answered_leg=None, answered_at=None)
        await update_hotline_call(db, replace(free, heard_at=now))
    else:
        await update_hotline_call(db, replace(call, heard_at=now))


def _leg(world: World, told: LegTold, made: Round | None, *, over: bool, now: datetime) -> Leg:
    rung = _rung(world, told, made)
    ended = now if told.word == "hangup" or over else None
    # A leg that talked was connected, also if that was never told.
    talked = now - timedelta(seconds=told.seconds) if told.word == "hangup" and told.seconds > 0 else None
    return Leg(
        leg_uuid=told.leg_uuid,
        volunteer_id=rung.volunteer_id if rung else None,
        phone=rung.phone if rung else None,
        answered_at=now if told.word in {"answer", "connected"} else talked,
        connected_at=now if told.word == "connected" else talked,
        ended_at=ended,
        hangup_code=told.code if told.word == "hangup" else None,
        hangup_cause=(told.cause or None) if told.word == "hangup" else None,
    )


def _rung(world: World, told: LegTold, made: Round | None) -> Rung | None:
    if made is None:
        return None
    wanted = address_hash(world, told.address)
    found = next((one for one in made.rung if hmac.compare_digest(one.address_hash, wanted)), None)
    return found or (made.rung[0] if len(made.rung) == 1 else None)
