"""The element `<Dial>`: every callee rings at once, the first to answer is joined with the caller (`wire.md` 3.5)."""

import asyncio
from dataclasses import dataclass, field

from softphone.sandbox.branches import Branch, close_branch, open_branches, record_branch, ring, tell_callback
from softphone.sandbox.bridging import answer_for, reoffer, tell_no_sound
from softphone.sandbox.call import Call, CallOver, Done, Heard, Item, Ordered
from softphone.sandbox.confirm import ask_to_confirm, start_music, stop_music, tell_unconfirmed
from softphone.sandbox.fields import standard
from softphone.sandbox.hangups import dial_status, from_status, hangup
from softphone.sandbox.ladder import Hangup, Kind
from softphone.sandbox.legs import Answered, Digit, HungUp, LegEvent, Refused, Reoffered, Ringing
from softphone.sandbox.utter import send_keys
from softphone.sandbox.verbs import Dial

# Seconds of ringing when the document sets none: the carrier's limit (`wire.md` 3.5).
CARRIER_TIMEOUT = 120

# The most telling end is reported when several callees failed, in this order.
TELLING = (3010, 3110, 3020, 3000, 3040, 2020, 2010)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialled:
    """What became of a Dial. `over` is set when the call itself ended meanwhile."""

    status: str
    rang: bool
    end: Hangup
    b_leg: str = ""
    over: CallOver | None = None


@dataclass(slots=True, kw_only=True)
class _Race:
    """The state of ringing: the branches, and what the caller has pressed."""

    branches: list[Branch]
    drawn: str | None = None
    pressed: dict[str, str] = field(default_factory=dict)

    def of(self, item: Heard) -> Branch | None:
        return next((one for one in self.branches if one.leg is item.leg), None)

    def by_uuid(self, uuid: str) -> Branch | None:
        return next((one for one in self.branches if one.uuid == uuid), None)

    @property
    def rang(self) -> bool:
        return any(one.rang for one in self.branches)


async def run_dial(call: Call, dial: Dial) -> Dialled:
    """Ring, join, and wait until one of them hangs up. Never raises CallOver: it is in what is returned."""
    race = _Race(branches=open_branches(call, dial))
    stale = call.leg.offer is None or (call.answered and call.leg.offers_last)
    if stale and any(branch.leg for branch in race.branches):
        # A party that was called has made no offer yet, and a page makes new keys for each: it is asked before the
        # ringing, and gets its answer when somebody is joined.
        race.drawn = await call.leg.new_offer()
    for branch in race.branches:
        await ring(call, dial, branch, offer=race.drawn or call.leg.offer or "")
    music = start_music(call, dial)
    try:
        winner = await _until_answered(call, dial, race)
    except CallOver as over:
        await _cancel(call, dial, race.branches, reason="The caller gave up")
        end = hangup(1000, source="Caller") if call.gone else over.hangup
        return Dialled(status="cancel", rang=race.rang, end=end, over=over)
    finally:
        await stop_music(call, music)
    if winner is None:
        if race.drawn is not None:
            await call.leg.accept(None)
        return _nobody_took_it(race)
    return await _talk(call, dial, race, winner)


def action_fields(call: Call, dialled: Dialled) -> dict[str, str]:
    """What the Dial's action URL is told."""
    return standard(call, "DialAction") | {
        "DialStatus": dialled.status,
        "DialRingStatus": "true" if dialled.rang else "false",
        "DialHangupCause": dialled.end.cause,
        "DialALegUUID": call.facts.uuid,
        "DialBLegUUID": dialled.b_leg,
    }


async def _until_answered(call: Call, dial: Dial, race: _Race) -> Branch | None:
    """The branch that answered; None when nobody did. Raises: CallOver."""
    loop = asyncio.get_running_loop()
    patience = min(dial.timeout or CARRIER_TIMEOUT, CARRIER_TIMEOUT)
    ends: float | None = loop.time() + patience * call.engine.second
    while any(branch.open for branch in race.branches):
        item = await call.next(None if ends is None else (ends - loop.time()) / call.engine.second)
        if item is None:
            call.note(Kind.PLIVO, f"Nobody answered within {patience} s")
            ringing = [branch for branch in race.branches if branch.answered_at is None]
            await _cancel(call, dial, ringing, reason="Ring timeout", end=hangup(3000, source="Plivo"))
            # `timeout` is for ringing; who has answered and hears the question has confirmTimeout.
            ends = None
            continue
        branch = race.of(item) if isinstance(item, Heard) else None
        if isinstance(item, Heard) and branch is not None:
            if await _take_while_ringing(call, dial, branch, item.event):
                return branch
        elif (heard := _heard_to_the_end(dial, race, item)) is not None:
            return heard
        else:
            await _take_from_others(call, dial, race, item)
    return None


def _heard_to_the_end(dial: Dial, race: _Race, item: Item) -> Branch | None:
    """The branch that has heard all of confirmSound, when that alone confirms."""
    if not isinstance(item, Done) or dial.confirm_key is not None:
        return None
    return next((one for one in race.branches if one.open and one.sound is item.task), None)


async def _take_while_ringing(call: Call, dial: Dial, branch: Branch, event: LegEvent) -> bool:
    """What a called leg says while it rings. True when it answered, and confirmed where that is asked."""
    match event:
        case Ringing():
            branch.rang = True
            call.note(Kind.FROM_PHONE, f"{branch.to} rings")
            if not call.answered:
                await call.leg.progress()
            if branch.send_early and branch.leg is not None:
                _send_digits(call, branch)
        case Answered(sdp=sdp):
            branch.sdp = sdp
            branch.answered_at = call.engine.clock()
            record_branch(call, branch)
            call.note(Kind.FROM_PHONE, f"{branch.to} answers")
            if dial.confirm_sound is None or branch.leg is None:
                return True
            ask_to_confirm(call, dial, branch)
        case Digit(key=key):
            call.note(Kind.FROM_PHONE, f"{branch.to} presses {key}")
            return branch.answered_at is not None and key == dial.confirm_key
        case Refused(status=status, reason=reason):
            call.note(Kind.FROM_PHONE, f"{branch.to} does not take the call", detail=f"{status} {reason}")
            close_branch(call, branch, from_status(status))
        case HungUp(lost=lost):
            call.note(Kind.FROM_PHONE, f"{branch.to} hangs up without taking the call")
            unconfirmed = dial.confirm_key is not None and not lost
            close_branch(call, branch, hangup(9110 if unconfirmed else 5000 if lost else 4000, source="Callee"))
            tell_unconfirmed(call, dial, branch)
    return False


async def _take_from_others(call: Call, dial: Dial, race: _Race, item: Item) -> None:
    """The caller, or an order to end one called leg or the whole call. Raises: CallOver."""
    if isinstance(item, Ordered) and (branch := race.by_uuid(item.leg_uuid)) is not None:
        if branch.leg is not None and branch.open:
            await (branch.leg.hang_up(cause="hung up") if branch.answered_at else branch.leg.cancel(reason="hung up"))
            close_branch(call, branch, item.hangup)
            if branch.sound is not None and item.hangup.code == 9110:
                call.note(Kind.PLIVO, f"{branch.to} has not confirmed in time")
            tell_unconfirmed(call, dial, branch)
        return
    await call.take(item)


async def _cancel(call: Call, dial: Dial, branches: list[Branch], *, reason: str, end: Hangup | None = None) -> None:
    for branch in branches:
        if branch.leg is not None and branch.open:
            await branch.leg.cancel(reason=reason)
            close_branch(call, branch, end or hangup(1000, source="Caller"))
            tell_unconfirmed(call, dial, branch)


def _nobody_took_it(race: _Race) -> Dialled:
    ends = [branch.end for branch in race.branches if branch.end is not None]
    ranked = sorted(ends, key=lambda end: TELLING.index(end.code) if end.code in TELLING else len(TELLING))
    end = ranked[0] if ranked else hangup(2000, source="Plivo")
    return Dialled(status=dial_status(end), rang=race.rang, end=end)


async def _talk(call: Call, dial: Dial, race: _Race, winner: Branch) -> Dialled:
    """Join the caller with the branch that won, until one of them hangs up."""
    losers = [branch for branch in race.branches if branch is not winner]
    await _cancel(call, dial, losers, reason="Lost Race", end=hangup(9000, source="Plivo"))
    if winner.sound is not None:
        winner.sound.cancel()
        if winner.leg is not None:
            await winner.leg.stop_audio()
    else:
        tell_callback(call, dial, winner, "answer")
    over: CallOver | None = None
    if await _join(call, winner, drawn=race.drawn):
        tell_callback(call, dial, winner, "connected")
        try:
            await _while_joined(call, dial, race, winner)
        except CallOver as caught:
            over = caught
    else:
        close_branch(call, winner, hangup(5010, source="Error"))
    await _part(call, winner, over)
    tell_callback(call, dial, winner, "hangup")
    end = winner.end or hangup(4000, source="Callee")
    status = "completed" if end.code != 5010 else "failed"
    return Dialled(status=status, rang=True, end=end, b_leg=winner.uuid, over=over)


async def _join(call: Call, winner: Branch, *, drawn: str | None) -> bool:
    """Give the caller the description of who answered. False when the caller cannot be joined."""
    offer = drawn or call.leg.offer
    answer = answer_for(offer, winner.sdp)
    if drawn:
        await call.leg.accept(answer)
    elif call.answered:
        # The sandbox has spoken first: the caller offers again (RFC 3261 14.1), with the same keys and addresses as
        # before, so the answer that the callee gave to the first offer answers this one too.
        if await call.leg.new_offer() is None:
            call.note(Kind.ERROR, "The caller cannot be joined", detail="it refused a re-INVITE without an offer")
            return False
        await call.leg.accept(answer)
    else:
        await call.answer(answer)
    await call.leg.connected()
    call.note(Kind.PLIVO, "Joined", detail=f"the caller and {winner.to} talk")
    call.joined_at = call.joined_at or call.engine.clock()
    if winner.leg is not None:
        tell_no_sound(call, offer, winner.leg, winner.sdp)
    if not winner.send_early:
        _send_digits(call, winner)
    return True


def _send_digits(call: Call, branch: Branch) -> None:
    if branch.leg is not None and branch.send_digits:
        call.note(Kind.TO_PHONE, f"Keys {branch.send_digits} to {branch.to}")
        call.background(send_keys(call, branch.leg, branch.send_digits))


async def _part(call: Call, winner: Branch, over: CallOver | None) -> None:
    """End the called leg if it has not ended by itself."""
    if winner.leg is None or (winner.end is not None and winner.end.code != 5010):
        return
    end = over.hangup if over is not None else winner.end or hangup(4000, source="Caller")
    await winner.leg.hang_up(cause=end.name)
    close_branch(call, winner, end)


async def _while_joined(call: Call, dial: Dial, race: _Race, winner: Branch) -> None:
    """Pass on keys and new offers until the called leg ends or the time is up. Raises: CallOver."""
    loop = asyncio.get_running_loop()
    ends = loop.time() + dial.time_limit * call.engine.second
    while winner.open:
        item = await call.next((ends - loop.time()) / call.engine.second)
        if item is None:
            call.note(Kind.PLIVO, f"The time limit of {dial.time_limit} s is reached")
            await _end_winner(call, winner, hangup(6000, source="Plivo"))
        elif isinstance(item, Heard) and race.of(item) is winner:
            await _take_from_winner(call, dial, race, winner, item.event)
        elif isinstance(item, Heard) and item.leg is call.leg and isinstance(item.event, Digit | Reoffered):
            await _take_from_caller(call, dial, race, winner, item.event)
        elif not isinstance(item, Heard) or item.leg is call.leg:
            await _take_from_others(call, dial, race, item)


async def _end_winner(call: Call, winner: Branch, end: Hangup) -> None:
    if winner.leg is not None:
        await winner.leg.hang_up(cause=end.name)
    close_branch(call, winner, end)


async def _take_from_winner(call: Call, dial: Dial, race: _Race, winner: Branch, event: LegEvent) -> None:
    match event:
        case HungUp(lost=lost):
            call.note(Kind.FROM_PHONE, f"The connection of {winner.to} is lost" if lost else f"{winner.to} hangs up")
            close_branch(call, winner, hangup(5000, source="Error") if lost else hangup(4000, source="Callee"))
        case Digit(key=key):
            call.note(Kind.FROM_PHONE, f"{winner.to} presses {key}")
            await call.leg.send_digit(key)
            _match_keys(call, dial, race, winner, by="BLeg", key=key)
        case Reoffered(sdp=sdp) if winner.leg is not None:
            await winner.leg.accept(await reoffer(call.leg, race.drawn or call.leg.offer, sdp))


async def _take_from_caller(call: Call, dial: Dial, race: _Race, winner: Branch, event: Digit | Reoffered) -> None:
    if winner.leg is None:
        return
    match event:
        case Digit(key="*") if dial.hangup_on_star:
            call.note(Kind.FROM_PHONE, "The caller presses *")
            await _end_winner(call, winner, hangup(4000, source="Caller"))
        case Digit(key=key):
            call.note(Kind.FROM_PHONE, f"The caller presses {key}")
            await winner.leg.send_digit(key)
            _match_keys(call, dial, race, winner, by="ALeg", key=key)
        case Reoffered(sdp=sdp):
            await call.leg.accept(await reoffer(winner.leg, winner.sdp, sdp))


def _match_keys(call: Call, dial: Dial, race: _Race, winner: Branch, *, by: str, key: str) -> None:
    """Tell the callbackUrl when the keys pressed last spell a pattern."""
    patterns = dial.digits_match if by == "ALeg" else dial.digits_match_b_leg
    race.pressed[by] = (race.pressed.get(by, "") + key)[-32:]
    for pattern in patterns:
        if race.pressed[by].endswith(pattern):
            matched = {"DialDigitsMatch": pattern, "DialDigitsPressedBy": by}
            tell_callback(call, dial, winner, "digits", matched)
