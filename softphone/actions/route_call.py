"""Decide who rings for a caller now, write it down, tell the pages, and say it to Plivo: one unit, no REST call."""

from dataclasses import replace

from softphone.actions.caller_scene import Scene, address_hash
from softphone.actions.end_call import end_call
from softphone.actions.take_message import may_leave_message
from softphone.actions.tell_hotline import CallNews, tell_board, tell_volunteers
from softphone.domain.candidates import candidate
from softphone.domain.hotline_calls import CallEnding, HotlineCall, Leg, Round, Rung, Stage
from softphone.domain.ids import CallUUID
from softphone.domain.prompts import Said
from softphone.domain.routing import (
    Last,
    Pause,
    RingRound,
    Routed,
    SayAlternatives,
    Situation,
    TakeMessage,
    route,
)
from softphone.plivo.hotline_answers import decision_verbs
from softphone.plivo.spoken import spoken
from softphone.store.hotline_calls import lock_routing
from softphone.store.roster import select_known
from softphone.store.rounds import insert_round, select_legs, select_rounds, volunteers_of


async def route_call(scene: Scene, call: HotlineCall, *, before: tuple[Said, ...] = ()) -> bytes:
    """The next answer to a waiting caller, after some words."""
    call = replace(call, language=call.language or scene.hotline.default_language)
    await lock_routing(scene.db)
    rounds = await select_rounds(scene.db, call.call_uuid)
    legs = await select_legs(scene.db, call.call_uuid)
    routed = await _decide(scene, call, rounds=rounds, legs=legs)
    decision, last = routed.decision, call.last
    match decision:
        case RingRound():
            after = replace(call, stage=Stage.RINGING, round=decision.number, last=decision.half)
            made = await _begin_round(scene, call, decision)
            await tell_volunteers(
                scene.db, volunteers_of([made]), CallNews.OFFERED, call=after, hotline=scene.hotline, now=scene.now
            )
        case Pause():
            after = replace(call, stage=Stage.WAITING, last=Last.PAUSE)
        case TakeMessage():
            after = replace(call, stage=Stage.MESSAGE)
        case SayAlternatives():
            after = await end_call(scene.db, call, scene.hotline, now=scene.now, ending=CallEnding.ALTERNATIVES)
    await tell_board(scene.db, after, now=scene.now)
    verbs = decision_verbs(decision, scene.way(call), last=last)
    return await scene.answer(after, [*spoken(before), *verbs])


async def _decide(scene: Scene, call: HotlineCall, *, rounds: list[Round], legs: list[Leg]) -> Routed:
    hotline, now = scene.hotline, scene.now
    situation = Situation(
        hotline=hotline,
        language=call.language or hotline.default_language,
        waiting_since=call.waiting_since,
        round=call.round,
        last=call.last,
        halves=tuple(one.half for one in rounds),
        reconnect_to=call.reconnect_to,
        takes_messages=await may_leave_message(scene.db, call.caller_id, hotline_id=hotline.id, now=now),
    )
    known = await select_known(
        scene.db,
        hotline,
        call=CallUUID(call.call_uuid),
        history=(rounds, legs),
        strangers=False,
        on_duty_only=True,
        keyring=scene.world.keyring,
        now=now,
    )
    people = [candidate(one, scene.connection, now=now) for one in known]
    routed = route(situation, people, now=now)
    scene.world.last_known.remember(scene.connection, hotline, people, takes_messages=situation.takes_messages, now=now)
    return routed


async def _begin_round(scene: Scene, call: HotlineCall, ring: RingRound) -> Round:
    made = Round(
        step=call.step + 1,
        number=ring.number,
        half=ring.half,
        rung=tuple(
            Rung(one.volunteer_id, one.phone, address_hash(scene.world, one.address.reveal())) for one in ring.callees
        ),
        began_at=scene.now,
        ends_at=scene.now + ring.ring_for,
        ended_at=None,
    )
    await insert_round(scene.db, call.call_uuid, made)
    return made
