"""What a volunteer says of a caller: not me; block them; how it went, a note; it was hard; I am ready."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from softphone.actions.block_caller import block_caller
from softphone.actions.tell_hotline import tell_board
from softphone.actions.world import World
from softphone.domain.admission import BlockReason
from softphone.domain.errors import Conflict, InvalidInput, NotFound
from softphone.domain.hotline import Hotline
from softphone.domain.hotline_calls import HotlineCall, Leg
from softphone.domain.ids import CallRef, CallUUID, VolunteerId
from softphone.domain.secret import Secret
from softphone.domain.volunteers import Volunteer
from softphone.store.blocks import Block
from softphone.store.database import Connection
from softphone.store.hotline_calls import (
    count_calls_answered_by,
    select_calls_answered_by,
    select_hotline_call,
    select_hotline_call_by_ref,
    select_note,
    update_hotline_call,
    update_note,
)
from softphone.store.hotlines import select_hotline
from softphone.store.rounds import (
    select_open_rounds_of,
    select_rounds,
    select_wrap_up_until,
    upsert_leg,
    upsert_pause,
    volunteers_of,
)

NOTE_CHARACTERS = 4000
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCall:
    """A call of a volunteer's, with the hotline that it came in on and their note."""

    call: HotlineCall
    hotline: Hotline
    note: Secret | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """What a volunteer's page shows when it opens: callers that ring for them, their calls, and their pause."""

    offered: tuple[OwnCall, ...]
    calls: tuple[OwnCall, ...]
    total: int
    wrap_up_until: datetime | None


async def look_at_duty(world: World, volunteer: VolunteerId, *, limit: int, offset: int) -> Duty:
    """The callers that ring for a volunteer now, and a page of the calls they have answered, newest first."""
    now = world.clock()

    async def unit(db: Connection) -> Duty:
        uuids = await select_open_rounds_of(db, volunteer, now=now)
        ringing = [await select_hotline_call(db, uuid, lock=False) for uuid in uuids]
        answered = await select_calls_answered_by(db, volunteer, limit=limit, offset=offset)
        until = await select_wrap_up_until(db, volunteer)
        return Duty(
            offered=tuple([await _own(world, db, call) for call in ringing if call is not None]),
            calls=tuple([await _own(world, db, call) for call in answered]),
            total=await count_calls_answered_by(db, volunteer),
            wrap_up_until=until if until is not None and until > now else None,
        )

    return await world.database.read(unit)


async def decline(world: World, volunteer: VolunteerId, ref: CallRef) -> None:
    """Not me: while others can answer, this caller rings for them only. Plivo need not tell of a leg that is refused
    while others ring (`wire.md` 3.5), so the page does.

    Raises: NotFound for a call that has not rung for this volunteer.
    """

    async def unit(db: Connection) -> None:
        call = await select_hotline_call_by_ref(db, ref, lock=True)
        rounds = await select_rounds(db, call.call_uuid) if call else []
        if call is None or volunteer not in volunteers_of(rounds):
            raise NotFound(message="This caller does not ring for you.")
        refused = Leg(
            leg_uuid=f"declined-{volunteer}",
            volunteer_id=volunteer,
            phone=None,
            ended_at=world.clock(),
            hangup_cause="CALL_REJECTED",
        )
        await upsert_leg(db, call.call_uuid, refused)

    await world.database.write(unit)


async def block(world: World, who: Volunteer, ref: CallRef, reason: BlockReason) -> Block | None:
    """Block the caller of a call of mine, during it or after, for the rest of the shift. The call itself goes on.

    None for a caller who withholds their number.
    Raises: NotFound.
    """

    async def change(db: Connection, call: HotlineCall, hotline: Hotline) -> Block | None:
        return await block_caller(world, db, who, call.caller_id, hotline_id=hotline.id, reason=reason)

    return await _change(world, who.id, ref, change)


async def say_outcome(world: World, volunteer: VolunteerId, ref: CallRef, outcome: str) -> None:
    """How the call went: one of the hotline's words, or "" to take it back.

    Raises: NotFound; InvalidInput.
    """

    async def change(db: Connection, call: HotlineCall, hotline: Hotline) -> None:
        if outcome and outcome not in hotline.outcomes:
            raise InvalidInput("Choose one of the outcomes of this hotline.", field="outcome")
        after = replace(call, outcome=outcome or None)
        await update_hotline_call(db, after)
        await tell_board(db, after, now=world.clock())

    await _change(world, volunteer, ref, change)


async def write_note(world: World, volunteer: VolunteerId, ref: CallRef, note: str) -> None:
    """A note on the call, sealed; "" takes it away.

    Raises: NotFound; Conflict where notes are switched off; InvalidInput.
    """
    text = note.strip()
    if len(text) > NOTE_CHARACTERS:
        raise InvalidInput(f"A note has at most {NOTE_CHARACTERS} characters.", field="note")

    async def change(db: Connection, call: HotlineCall, hotline: Hotline) -> None:
        if text and not hotline.notes_enabled:
            raise Conflict(code="notes_off", message="Notes are switched off for this hotline.")
        await update_note(db, call, Secret(text) if text else None, keyring=world.keyring)

    await _change(world, volunteer, ref, change)


async def say_hard(world: World, volunteer: VolunteerId, ref: CallRef) -> datetime:
    """That was hard: a longer pause, counted from the end of the call. When it ends.

    Raises: NotFound; Conflict while the call goes on.
    """

    async def change(db: Connection, call: HotlineCall, hotline: Hotline) -> datetime:
        ended = _ended(call)
        until = max(ended + hotline.hard_wrap_up, await select_wrap_up_until(db, volunteer) or ended)
        await update_hotline_call(db, replace(call, hard=True))
        await upsert_pause(db, volunteer, idle_since=ended, wrap_up_until=until)
        return until

    return await _change(world, volunteer, ref, change)


async def say_ready(world: World, volunteer: VolunteerId, ref: CallRef) -> None:
    """The pause after the call is over: callers may ring again.

    Raises: NotFound; Conflict while the call goes on.
    """

    async def change(db: Connection, call: HotlineCall, _hotline: Hotline) -> None:
        await upsert_pause(db, volunteer, idle_since=_ended(call), wrap_up_until=world.clock())

    await _change(world, volunteer, ref, change)


def _ended(call: HotlineCall) -> datetime:
    if call.ended_at is None:
        raise Conflict(code="call_goes_on", message="This call has not ended yet.")
    return call.ended_at


async def _change(
    world: World,
    volunteer: VolunteerId,
    ref: CallRef,
    change: Callable[[Connection, HotlineCall, Hotline], Awaitable[T]],
) -> T:
    async def unit(db: Connection) -> T:
        call = await select_hotline_call_by_ref(db, ref, lock=True)
        hotline = await select_hotline(db, call.hotline_id) if call else None
        # A call of somebody else's is not there (threat model, TM-A1).
        if call is None or hotline is None or call.answered_by != volunteer:
            raise NotFound(message="This is none of your calls.")
        return await change(db, call, hotline)

    return await world.database.write(unit)


async def _own(world: World, db: Connection, call: HotlineCall) -> OwnCall:
    hotline = await select_hotline(db, call.hotline_id)
    if hotline is None:
        raise NotFound
    note = await select_note(db, CallUUID(call.call_uuid), keyring=world.keyring)
    return OwnCall(call=call, hotline=hotline, note=note)
