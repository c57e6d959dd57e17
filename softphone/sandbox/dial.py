"""The element `<Dial>`: every callee rings at once, the first to answer is joined with the caller (`wire.md` 3.5)."""

import asyncio
from dataclasses import dataclass, field

from softphone.sandbox.branches import Branch, close_branch, open_branches, record_branch, ring, tell_callback
from softphone.sandbox.call import Call, CallOver, Heard, Item, Ordered
from softphone.sandbox.fields import standard
from softphone.sandbox.hangups import dial_status, from_status, hangup
from softphone.sandbox.ladder import Hangup, Kind
from softphone.sandbox.legs import Answered, Digit, HungUp, LegEvent, Refused, Reoffered, Ringing
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
    for branch in race.branches:
        await ring(call, dial, branch)
    try:
        winner = await _until_answered(call, dial, race)
    except CallOver as over:
        await _cancel(call, race.branches, reason="The caller gave up")
        end = hangup(1000, source="Caller") if call.gone else over.hangup
        return Dialled(status="cancel", rang=race.rang, end=end, over=over)
    if winner is None:
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
    ends = loop.time() + patience * call.engine.second
    while any(branch.open for branch in race.branches):
        item = await call.next((ends - loop.time()) / call.engine.second)
        if item is None:
            call.note(Kind.PLIVO, f"Nobody answered within {patience} s")
            await _cancel(call, race.branches, reason="Ring timeout", end=hangup(3000, source="Plivo"))
            return None
        branch = race.of(item) if isinstance(item, Heard) else None
        if isinstance(item, Heard) and branch is not None:
            if await _take_while_ringing(call, dial, branch, item.event):
                return branch
        else:
            await _take_from_others(call, race, item)
    return None


async def _take_while_ringing(call: Call, dial: Dial, branch: Branch, event: LegEvent) -> bool:
    """What a called leg says while it rings. True when it answered, and confirmed where that is asked."""
    match event:
        case Ringing():
            branch.rang = True
            call.note(Kind.FROM_PHONE, f"{branch.to} rings")
            if not call.answered:
                await call.leg.progress()
        case Answered(sdp=sdp):
            branch.sdp = sdp
            branch.answered_at = call.engine.clock()
            record_branch(call, branch)
            call.note(Kind.FROM_PHONE, f"{branch.to} answers")
            if dial.confirm_key is None:
                return True
            call.note(Kind.PLIVO, f"{branch.to} has to press {dial.confirm_key}")
            call.order_later(hangup(9110, source="Callee"), seconds=dial.confirm_timeout, leg_uuid=branch.uuid)
        case Digit(key=key):
            call.note(Kind.FROM_PHONE, f"{branch.to} presses {key}")
            return key == dial.confirm_key
        case Refused(status=status, reason=reason):
            call.note(Kind.FROM_PHONE, f"{branch.to} does not take the call", detail=f"{status} {reason}")
            close_branch(call, branch, from_status(status))
        case HungUp(lost=lost):
            unconfirmed = dial.confirm_key is not None and not lost
            close_branch(call, branch, hangup(9110 if unconfirmed else 5000, source="Callee"))
    return False


async def _take_from_others(call: Call, race: _Race, item: Item) -> None:
    """The caller, or an order to end one called leg or the whole call. Raises: CallOver."""
    if isinstance(item, Ordered) and (branch := race.by_uuid(item.leg_uuid)) is not None:
        if branch.leg is not None and branch.open:
            await (branch.leg.hang_up(cause="hung up") if branch.answered_at else branch.leg.cancel(reason="hung up"))
            close_branch(call, branch, item.hangup)
        return
    await call.take(item)


async def _cancel(call: Call, branches: list[Branch], *, reason: str, end: Hangup | None = None) -> None:
    for branch in branches:
        if branch.leg is not None and branch.open:
            await branch.leg.cancel(reason=reason)
            close_branch(call, branch, end or hangup(1000, source="Caller"))


def _nobody_took_it(race: _Race) -> Dialled:
    ends = [branch.end for branch in race.branches if branch.end is not None]
    ranked = sorted(ends, key=lambda end: TELLING.index(end.code) if end.code in TELLING else len(TELLING))
    end = ranked[0] if ranked else hangup(2000, source="Plivo")
    return Dialled(status=dial_status(end), rang=race.rang, end=end)


async def _talk(call: Call, dial: Dial, race: _Race, winner: Branch) -> Dialled:
    """Join the caller with the branch that won, until one of them hangs up."""
    losers = [branch for branch in race.branches if branch is not winner]
    await _cancel(call, losers, reason="Lost Race", end=hangup(9000, source="Plivo"))
    tell_callback(call, dial, winner, "answer")
    over: CallOver | None = None
    if await _join(call, winner):
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


async def _join(call: Call, winner: Branch) -> bool:
    """Give the caller the description of who answered. False when the caller cannot be joined."""
    if call.answered:
        # The sandbox has spoken first: the caller offers again (RFC 3261 14.1), with the same keys and addresses as
        # before, so the answer that the callee gave to the first offer answers this one too.
        offer = await call.leg.new_offer()
        if offer is None:
            call.note(Kind.ERROR, "The caller cannot be joined", detail="it refused a re-INVITE without an offer")
            return False
        await call.leg.accept(winner.sdp)
    else:
        await call.answer(winner.sdp)
    await call.leg.connected()
    call.note(Kind.PLIVO, "Joined", detail=f"the caller and {winner.to} talk")
    if winner.leg is not None and (keys := winner.send_digits.replace("w", "").replace("W", "")):
        for key in keys:
            await winner.leg.send_digit(key)
    return True


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
            await _take_from_others(call, race, item)


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
            await winner.leg.accept(await call.leg.reoffer(sdp))


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
            await call.leg.accept(await winner.leg.reoffer(sdp))


def _match_keys(call: Call, dial: Dial, race: _Race, winner: Branch, *, by: str, key: str) -> None:
    """Tell the callbackUrl when the keys pressed last spell a pattern."""
    patterns = dial.digits_match if by == "ALeg" else dial.digits_match_b_leg
    race.pressed[by] = (race.pressed.get(by, "") + key)[-32:]
    for pattern in patterns:
        if race.pressed[by].endswith(pattern):
            matched = {"DialDigitsMatch": pattern, "DialDigitsPressedBy": by}
            tell_callback(call, dial, winner, "digits", matched)
