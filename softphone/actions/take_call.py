"""A caller's way from the first ring to a volunteer: admission, language, and then routing, one step a question.

Each question names the step that it follows. A step is answered once; asked again, with another nonce too, it is
answered with the same words (threat model, TM-W3). Nothing here asks Plivo anything.
"""

from dataclasses import replace

from softphone.actions.admit import admit, prove
from softphone.actions.answer_once import answer_once
from softphone.actions.caller_scene import Scene, set_scene
from softphone.actions.end_call import end_call
from softphone.actions.know_caller import know_caller, remember_language
from softphone.actions.record_audit import record_audit
from softphone.actions.route_call import route_call
from softphone.actions.tell_hotline import CallNews, tell_volunteers
from softphone.actions.world import World
from softphone.domain.admission import PROOF_DIGITS, Admission, Admitted, Blocked, MustProve, TooMany
from softphone.domain.callers import KnownCaller
from softphone.domain.hotline_calls import CallEnding, HotlineCall, Stage
from softphone.domain.ids import CallRef, ConnectionId
from softphone.domain.languages import FALLBACK
from softphone.domain.prompts import Prompt, Said, menu, say, usable_in_menu
from softphone.domain.routing import RECONNECT_WITHIN, Last
from softphone.plivo.answers import HANG_UP, NOTHING_MORE
from softphone.plivo.callbacks import VerifiedCallback
from softphone.plivo.hotline_answers import farewell, menu_verbs, proof_verbs
from softphone.plivo.hotline_callbacks import Asked, Incoming, read_asked, read_incoming
from softphone.plivo.xml import Hangup, render
from softphone.store.audit import Actor
from softphone.store.calls import select_known
from softphone.store.database import Connection as Db
from softphone.store.hotline_calls import insert_hotline_call, select_answer, select_hotline_call, select_spoke_before
from softphone.store.hotlines import select_hotline, select_hotline_of_number
from softphone.store.rounds import (
    select_legs,
    select_rounds,
    update_legs_ended,
    update_rounds_ended,
    volunteers_of,
)

MENU_TRIES = 3  # Threat model, TM-F7.
REF_BYTES = 8


async def take_call(world: World, callback: VerifiedCallback) -> bytes:
    """The XML for somebody who calls a number of ours.

    Raises: UnusableCallback, ReplayRefused.
    """
    asked = read_incoming(callback)
    return await answer_once(world, callback, lambda db: _begin(world, db, callback, asked=asked))


async def go_on(world: World, callback: VerifiedCallback, *, step: int) -> bytes:
    """The XML after a step: keys were pressed or not, a Dial has ended, or a pause is over.

    Raises: UnusableCallback, ReplayRefused.
    """
    asked = read_asked(callback)

    async def unit(db: Db) -> bytes:
        call = await select_hotline_call(db, asked.call_uuid)
        if call is None:
            # Its first question was answered without the database: from here on it is known.
            talked = asked.dial_status == "completed"
            return await _begin(world, db, callback, asked=read_incoming(callback), talked=talked)
        if call.ended_at is not None:
            return HANG_UP
        if step != call.step:
            return await select_answer(db, call.call_uuid, step + 1, keyring=world.keyring) or HANG_UP
        hotline = await select_hotline(db, call.hotline_id)
        if hotline is None:
            return HANG_UP
        scene = await set_scene(world, db, callback, hotline=hotline, asked=f"next {step}", now=world.clock())
        return await _step(scene, call, asked)

    return await answer_once(world, callback, unit)


async def _begin(world: World, db: Db, callback: VerifiedCallback, *, asked: Incoming, talked: bool = False) -> bytes:
    """The first answer. `talked`: a conversation that began without the database is over, and so is the call."""
    now, connection = world.clock(), callback.connection
    call = await select_hotline_call(db, asked.call_uuid)
    if call is not None:
        return await select_answer(db, call.call_uuid, 1, keyring=world.keyring) or HANG_UP
    if asked.over:
        return NOTHING_MORE
    if asked.called is None or asked.called not in connection.numbers:
        await record_audit(db, Actor(id=None, name="Plivo"), "call.refused", subject=asked.call_uuid, now=now)
        return render([Hangup("rejected")])
    hotline = await select_hotline_of_number(db, connection.id, asked.called)
    if hotline is None:
        return render(farewell(say(Prompt.NO_HOTLINE, FALLBACK, {})))
    known = await know_caller(world, db, asked.caller, call_uuid=asked.call_uuid, now=now)
    scene = await set_scene(world, db, callback, hotline=hotline, asked="incoming", now=now)
    call = await _new_call(scene, known, asked)
    await insert_hotline_call(db, call)
    if (await select_known(db, asked.call_uuid, keyring=world.keyring)).facts:
        # The end came before the question; nobody is rung for a caller who has gone.
        await end_call(db, call, hotline, now=now)
        return HANG_UP
    if talked:
        await end_call(db, replace(call, stage=Stage.TALKING), hotline, now=now)
        return HANG_UP
    admission = await admit(world, db, known, hotline_id=hotline.id, call_uuid=asked.call_uuid, now=now)
    return await _enter(scene, call, admission)


async def _new_call(scene: Scene, known: KnownCaller, asked: Incoming) -> HotlineCall:
    hotline, now = scene.hotline, scene.now
    remembered = known.language if _can_hear(scene, known.language) else None
    return HotlineCall(
        call_uuid=asked.call_uuid,
        ref=CallRef(scene.world.chance(REF_BYTES).hex()),
        connection_id=ConnectionId(scene.connection.id),
        hotline_id=hotline.id,
        caller_id=known.id,
        caller_label=known.label,
        caller_repeat=known.seen_before,
        stage=Stage.WAITING,
        step=0,
        language=remembered,
        menu_tries=0,
        waiting_since=now,
        round=0,
        last=Last.NOTHING,
        reconnect_to=await select_spoke_before(scene.db, known.id, hotline.id, since=now - RECONNECT_WITHIN),
        answered_by=None,
        answered_leg=None,
        answered_at=None,
        ended_at=None,
        ending=None,
        seconds=None,
        hangup_code=None,
        outcome=None,
        hard=False,
        started_at=now,
        heard_at=now,
    )


def _can_hear(scene: Scene, language: str | None) -> bool:
    return language is not None and language in scene.hotline.languages and usable_in_menu(language, scene.own)


async def _enter(scene: Scene, call: HotlineCall, admission: Admission) -> bytes:
    match admission:
        case Admitted():
            return await _welcome(scene, call)
        case MustProve(digits, again):
            said = scene.say(Prompt.PROVE_HUMAN, call.language, digits=digits)
            if again:
                said = (*scene.say(Prompt.PROVE_AGAIN, call.language), *said)
            after = replace(call, stage=Stage.PROVING)
            return await scene.answer(after, proof_verbs(said, scene.way(call), digits=PROOF_DIGITS))
        case Blocked():
            return await _turn_away(scene, call, Prompt.BLOCKED, CallEnding.BLOCKED)
        case TooMany():
            return await _turn_away(scene, call, Prompt.TOO_MANY_CALLS, CallEnding.TOO_MANY)


async def _turn_away(scene: Scene, call: HotlineCall, prompt: Prompt, ending: CallEnding) -> bytes:
    after = await end_call(scene.db, call, scene.hotline, now=scene.now, ending=ending)
    return await scene.answer(after, farewell(scene.say(prompt, call.language)))


async def _welcome(scene: Scene, call: HotlineCall) -> bytes:
    greeting = scene.say(Prompt.GREETING, call.language, name=scene.hotline.name)
    choices = menu(scene.hotline.languages, scene.own, default=scene.hotline.default_language)
    if call.language is None and len(choices) > 1:
        return await _ask_language(scene, call, before=greeting)
    chosen = call.language or (choices[0].language_code if choices else scene.hotline.default_language)
    return await _wait(scene, replace(call, language=chosen), before=greeting)


async def _ask_language(scene: Scene, call: HotlineCall, *, before: tuple[Said, ...]) -> bytes:
    choices = menu(scene.hotline.languages, scene.own, default=scene.hotline.default_language)
    after = replace(call, stage=Stage.MENU, menu_tries=call.menu_tries + 1)
    return await scene.answer(after, menu_verbs(before, choices, scene.way(call)))


async def _wait(scene: Scene, call: HotlineCall, *, before: tuple[Said, ...] = ()) -> bytes:
    return await route_call(scene, replace(call, stage=Stage.WAITING, waiting_since=scene.now), before=before)


async def _step(scene: Scene, call: HotlineCall, asked: Asked) -> bytes:
    """What follows a step, from where the caller is."""
    if asked.over or asked.dial_status in {"completed", "cancel"}:
        # The conversation is over, or the caller has gone: nobody is rung for them any more (`wire.md` 3.5).
        await scene.note(call)
        call = await _settled(scene, call, asked)
        await end_call(scene.db, call, scene.hotline, now=scene.now)
        return HANG_UP
    match call.stage:
        case Stage.PROVING:
            return await _enter(scene, call, await prove(scene.world, scene.db, asked.digits, call_uuid=call.call_uuid))
        case Stage.MENU:
            return await _chosen(scene, call, asked.digits)
        case Stage.RINGING | Stage.TALKING:
            # A leg that answered and yet ended without a conversation leaves the caller on the line: ring on.
            await _stop_ringing(scene, call)
            unanswered = replace(call, answered_by=None, answered_leg=None, answered_at=None)
            return await route_call(scene, unanswered)
        case Stage.WAITING:
            return await route_call(scene, call)
        case Stage.MESSAGE | Stage.ENDED:
            return HANG_UP


async def _stop_ringing(scene: Scene, call: HotlineCall) -> None:
    still = [one for one in await select_rounds(scene.db, call.call_uuid) if one.ended_at is None]
    await update_rounds_ended(scene.db, call.call_uuid, now=scene.now)
    await update_legs_ended(scene.db, call.call_uuid, now=scene.now)
    people = volunteers_of(still)
    await tell_volunteers(scene.db, people, CallNews.STOPPED, call=call, hotline=scene.hotline, now=scene.now)


async def _settled(scene: Scene, call: HotlineCall, asked: Asked) -> HotlineCall:
    """The call with whoever had it, if the news of their leg was lost: the Dial's end names the leg."""
    if asked.dial_status != "completed" or call.answered_by is not None:
        return call
    legs = await select_legs(scene.db, call.call_uuid)
    leg = next((one for one in legs if one.leg_uuid == asked.leg_uuid), None)
    if leg is None or leg.volunteer_id is None:
        return replace(call, stage=Stage.TALKING)
    return replace(
        call,
        stage=Stage.TALKING,
        answered_by=leg.volunteer_id,
        answered_leg=leg.leg_uuid,
        answered_at=leg.connected_at or leg.answered_at or scene.now,
    )


async def _chosen(scene: Scene, call: HotlineCall, digits: str) -> bytes:
    choices = menu(scene.hotline.languages, scene.own, default=scene.hotline.default_language)
    language = next((one.language_code for one in choices if one.digit == digits[:1]), None)
    if language is not None:
        await remember_language(scene.db, call.caller_id, language, now=scene.now)
        return await _wait(scene, replace(call, language=language))
    if call.menu_tries < MENU_TRIES:
        again = scene.say(Prompt.MENU_AGAIN, None) if digits else ()
        return await _ask_language(scene, call, before=again)
    return await _wait(scene, replace(call, language=scene.hotline.default_language))
