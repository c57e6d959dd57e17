"""Answer a caller without the database: from the ring list that this process knew last, or with a sentence.

Nothing is written. A Dial's end, too, may find no database: each such answer names how often it has happened to the
caller, and after `MOST_BLIND_ROUNDS` they may leave a message, which Plivo keeps whether we hear of it or not.
"""

import asyncio
import logging

from softphone.actions.caller_scene import incoming_url, way_of
from softphone.actions.ensure_application import RETRY_RULES
from softphone.actions.last_known import RingList
from softphone.actions.world import World
from softphone.domain.hotline import Hotline
from softphone.domain.hotline_calls import TALK_FOR
from softphone.domain.ids import CallRef
from softphone.domain.languages import FALLBACK
from softphone.domain.prompts import Prompt, say
from softphone.domain.routing import Ending, Last, SayAlternatives, TakeMessage
from softphone.plivo.answers import HANG_UP
from softphone.plivo.callbacks import VerifiedCallback
from softphone.plivo.hotline_answers import callee, decision_verbs, farewell
from softphone.plivo.hotline_callbacks import read_asked, read_incoming
from softphone.plivo.spoken import spoken
from softphone.plivo.xml import Dial, render
from softphone.store.hotlines import select_hotline_of_number

MOST_BLIND_ROUNDS = 3
LAST_LOOK_SECONDS = 0.3
"""How long a fresh process looks for the hotline's language before it speaks English: a caller is waiting."""

log = logging.getLogger("softphone.stand_in")


async def stand_in(world: World, callback: VerifiedCallback, *, blind: int) -> bytes:
    """The answer to a caller whose call could not be looked at. `blind` counts such answers to this caller before."""
    asked, incoming = read_asked(callback), read_incoming(callback)
    if asked.over or asked.dial_status in {"completed", "cancel"}:
        return HANG_UP
    known = world.last_known.ring_list(callback.connection.id, incoming.called)
    if known is None:
        return await _sentence(world, callback)
    age = int((world.clock() - known.made_at).total_seconds())
    log.error("A caller of hotline %s is answered from a ring list that is %s s old.", known.hotline.id, age)
    if known.hotline.closed or not known.callees or blind >= MOST_BLIND_ROUNDS:
        return _end(world, known)
    return _ring(world, known, blind=blind)


def _ring(world: World, known: RingList, *, blind: int) -> bytes:
    hotline = known.hotline
    way = way_of(
        world,
        known.connection,
        hotline,
        own={},
        language=hotline.default_language,
        ref=CallRef(world.chance(8).hex()),
        step=0,
    )
    dial = Dial(
        callees=tuple(callee(one) for one in known.callees),
        ring_seconds=round(hotline.ring_for.total_seconds()),
        talk_seconds=int(TALK_FOR.total_seconds()),
        action=f"{incoming_url(world, known.connection.id)}/next?blind={blind + 1}{RETRY_RULES}",
        callback_url=way.legs_url,
        caller_id=way.caller_id,
        caller_name=way.caller_name,
        sip_headers={"ref": way.ref},
    )
    return render([*spoken(way.say(Prompt.STILL_TRYING if blind else Prompt.PLEASE_HOLD)), dial])


def _end(world: World, known: RingList) -> bytes:
    hotline = known.hotline
    ending = Ending.CLOSED if hotline.closed else Ending.NOBODY
    decision = TakeMessage(ending) if known.takes_messages else SayAlternatives(ending)
    way = way_of(
        world,
        known.connection,
        hotline,
        own={},
        language=hotline.default_language,
        ref=CallRef(world.chance(8).hex()),
        step=0,
    )
    return render(decision_verbs(decision, way, last=Last.PAUSE))


async def _sentence(world: World, callback: VerifiedCallback) -> bytes:
    """Nothing is known here: the hotline's own language, if it can be read at once, and else the general one."""
    hotline = await _hotline(world, callback)
    log.error("A caller is answered with a sentence: no ring list is known to this process.")
    language = hotline.default_language if hotline else FALLBACK
    return render(farewell(say(Prompt.FAULT, language, {})))


async def _hotline(world: World, callback: VerifiedCallback) -> Hotline | None:
    called = read_incoming(callback).called
    if called is None:
        return None
    try:
        async with asyncio.timeout(LAST_LOOK_SECONDS):
            return await world.database.read(lambda db: select_hotline_of_number(db, callback.connection.id, called))
    except Exception:
        log.warning("The hotline of a call cannot be read.")
        return None
