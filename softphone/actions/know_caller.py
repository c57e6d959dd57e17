"""Turn the number of a caller into a pseudonym. The number is seen in here, and leaves as a keyed hash and a masked
form.
"""

from dataclasses import replace
from datetime import datetime

from softphone.actions.world import World
from softphone.domain.call_views import masked
from softphone.domain.callers import (
    CallerId,
    KnownCaller,
    PseudonymKey,
    is_spent,
    label_of,
    pseudonym,
    read_caller_number,
    withheld_id,
)
from softphone.domain.ids import PhoneNumber
from softphone.store.blocks import insert_block, select_active_blocks
from softphone.store.callers import (
    CallerRow,
    insert_key,
    select_caller,
    select_keys,
    update_language,
    upsert_caller,
)
from softphone.store.database import Connection
from softphone.store.privacy import select_privacy
from softphone.store.sealing import KEY_BYTES


async def know_caller(
    world: World, db: Connection, number: str | None, *, call_uuid: str, now: datetime
) -> KnownCaller:
    """Who this caller is, inside the unit that answers their call. `number` is the callback's `From` as it came.

    Ask once for a call and keep the id: after a change of keys the same number has another one.
    """
    read = read_caller_number(number)
    if read is None:
        return _withheld(world, call_uuid)
    keys = await _keys(world, db, now=now)
    return await _known(world, db, read, keys=keys, call_uuid=call_uuid, now=now)


async def remember_language(db: Connection, caller: CallerId, language: str, *, now: datetime) -> None:
    """Keep what a caller chose for their next call. Nothing is kept of a caller whose number is withheld."""
    await update_language(db, caller, language, now=now)


async def current_key(world: World, db: Connection, *, now: datetime) -> PseudonymKey:
    """The key in force, made if there is none."""
    return (await _keys(world, db, now=now))[0]


async def renew_key(world: World, db: Connection, *, now: datetime) -> None:
    """Make the next key if the one in force is spent. Nothing happens before the first caller."""
    if await select_keys(db, keyring=world.keyring):
        await _keys(world, db, now=now)


def _withheld(world: World, call_uuid: str) -> KnownCaller:
    caller = withheld_id(call_uuid, world.keyring.derive("withheld caller"))
    return KnownCaller(id=caller, label=label_of(caller), withheld=True, masked=None, seen_before=False, language=None)


async def _keys(world: World, db: Connection, *, now: datetime) -> list[PseudonymKey]:
    keys = await select_keys(db, keyring=world.keyring)
    period = (await select_privacy(db)).pseudonym_period
    if keys and not is_spent(keys[0], period=period, now=now):
        return keys
    number = keys[0].number + 1 if keys else 1
    made = PseudonymKey(number=number, key=world.chance(KEY_BYTES), made_at=now)
    await insert_key(db, made, keyring=world.keyring)
    return await select_keys(db, keyring=world.keyring)


async def _known(
    world: World, db: Connection, number: PhoneNumber, *, keys: list[PseudonymKey], call_uuid: str, now: datetime
) -> KnownCaller:
    current = keys[0]
    caller = pseudonym(number, current)
    kept = await select_caller(db, caller)
    before = None
    if kept is None:
        before = await _under_older_key(db, number, keys[1:])
        kept = CallerRow(
            id=caller,
            key_number=current.number,
            language=before.language if before else None,
            first_call_uuid="" if before else call_uuid,
        )
    shown = masked(number)
    kept = await upsert_caller(db, kept, masked=shown, keyring=world.keyring, now=now)
    if before is not None:
        await _carry_blocks(world, db, before.id, to=caller, now=now)
    return KnownCaller(
        id=caller,
        label=label_of(caller),
        withheld=False,
        masked=shown,
        seen_before=kept.first_call_uuid != call_uuid,
        language=kept.language,
    )


async def _under_older_key(db: Connection, number: PhoneNumber, older: list[PseudonymKey]) -> CallerRow | None:
    for key in older:
        found = await select_caller(db, pseudonym(number, key))
        if found is not None:
            return found
    return None


async def _carry_blocks(world: World, db: Connection, old: CallerId, *, to: CallerId, now: datetime) -> None:
    # The old rows go with the old key. Nothing that stays says which pseudonym this one was.
    for block in await select_active_blocks(db, old, now=now):
        await insert_block(db, replace(block, id=world.chance(8).hex(), caller=to))
