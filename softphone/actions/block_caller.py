"""Block a caller at a hotline, and what administrators do about it afterwards."""

from datetime import datetime, timedelta

from softphone.actions.know_caller import current_key
from softphone.actions.record_audit import actor_of, record_audit
from softphone.actions.world import World
from softphone.domain.admission import BlockReason
from softphone.domain.callers import CallerId, is_withheld, label_of
from softphone.domain.errors import Conflict, NotFound
from softphone.domain.times import iso
from softphone.domain.volunteers import Volunteer
from softphone.store.blocks import Block, insert_block, select_active_blocks, select_block, update_block
from softphone.store.callers import delete_caller, select_caller, select_masked
from softphone.store.database import Connection
from softphone.store.privacy import select_hotline_privacy, select_privacy
from softphone.store.voicemails import delete_voicemails_of


async def block_caller(
    world: World, db: Connection, who: Volunteer, caller: CallerId, *, hotline_id: str, reason: BlockReason
) -> Block | None:
    """Block a caller for the rest of the shift, inside the unit of whoever has checked that `who` may.

    None for a caller who withholds their number: their call can be ended, but there is nobody to recognise again, and
    everybody else who withholds theirs must come through. Blocking twice lengthens nothing.
    """
    if is_withheld(caller):
        return None
    now = world.clock()
    for known in await select_active_blocks(db, caller, now=now):
        if known.hotline_id == hotline_id:
            return known
    limits = await select_hotline_privacy(db, hotline_id)
    block = Block(
        id=world.chance(8).hex(),
        hotline_id=hotline_id,
        caller=caller,
        reason=reason,
        made_by=who.id,
        made_by_name=who.name,
        made_at=now,
        until=now + limits.block_for,
        lifted_at=None,
    )
    await insert_block(db, block)
    detail = {"caller": label_of(caller), "hotline": hotline_id, "reason": reason.value, "until": iso(block.until)}
    await record_audit(db, actor_of(who), "caller.blocked", subject=block.id, now=now, detail=detail)
    return block


async def lengthen_block(world: World, who: Volunteer, block_id: str, *, by: timedelta) -> Block:
    """Lengthen a block that is in force.

    Raises: NotFound; Conflict if it has ended, or would outlast the key that its caller is recognised by.
    """

    async def unit(db: Connection) -> Block:
        now = world.clock()
        block = await _in_force(db, block_id, now=now)
        until = block.until + by
        last = await _last_moment(world, db, now=now)
        if until > last:
            said = f"A block can last until {iso(last)} at most: callers get new pseudonyms then."
            raise Conflict(code="block_too_long", message=said)
        await update_block(db, block.id, until=until, lifted_at=None)
        detail = {"caller": label_of(block.caller), "until": iso(until)}
        await record_audit(db, actor_of(who), "block.lengthened", subject=block.id, now=now, detail=detail)
        return await _existing(db, block_id)

    return await world.database.write(unit)


async def lift_block(world: World, who: Volunteer, block_id: str) -> Block:
    """Let a caller in again, from now on.

    Raises: NotFound; Conflict if the block has ended already.
    """

    async def unit(db: Connection) -> Block:
        now = world.clock()
        block = await _in_force(db, block_id, now=now)
        await update_block(db, block.id, until=block.until, lifted_at=now)
        detail = {"caller": label_of(block.caller)}
        await record_audit(db, actor_of(who), "block.lifted", subject=block.id, now=now, detail=detail)
        return await _existing(db, block_id)

    return await world.database.write(unit)


async def reveal_masked(world: World, who: Volunteer, caller: CallerId) -> str | None:
    """The end of a caller's number, for an administrator; None if it was withheld. It is written down who looked.

    Raises: NotFound if nothing is kept of this caller any more.
    """

    async def unit(db: Connection) -> str | None:
        now = world.clock()
        shown = await select_masked(db, caller, keyring=world.keyring)
        if shown is None and not is_withheld(caller):
            raise NotFound(message="Nothing is kept of this caller any more.")
        detail = {"caller": label_of(caller)}
        await record_audit(db, actor_of(who), "caller.revealed", subject=caller, now=now, detail=detail)
        return shown

    return await world.database.write(unit)


async def forget_caller(world: World, who: Volunteer, caller: CallerId) -> None:
    """Delete what is kept of one caller: what was chosen, the masked number, blocks, messages here and at Plivo.

    Raises: NotFound if there is nothing.
    """

    async def unit(db: Connection) -> None:
        now = world.clock()
        known = await select_caller(db, caller)
        removed = await delete_voicemails_of(db, caller, now=now) + await delete_caller(db, caller)
        if known is None and removed == 0:
            raise NotFound(message="Nothing is kept of this caller any more.")
        await record_audit(db, actor_of(who), "caller.forgotten", subject=caller, now=now)

    await world.database.write(unit)


async def _existing(db: Connection, block_id: str) -> Block:
    block = await select_block(db, block_id)
    if block is None:
        raise NotFound(message="This block is not here any more.")
    return block


async def _in_force(db: Connection, block_id: str, *, now: datetime) -> Block:
    block = await _existing(db, block_id)
    if block.lifted_at is not None or now >= block.until:
        raise Conflict(code="block_ended", message="This block has ended already.")
    return block


async def _last_moment(world: World, db: Connection, *, now: datetime) -> datetime:
    # A block goes over to the next key if its caller calls while the old one is kept; it is promised no longer.
    chosen = await select_privacy(db)
    key = await current_key(world, db, now=now)
    return key.made_at + chosen.pseudonym_period + chosen.pseudonym_keep
