"""Choose how long things are kept, and a hotline's limits."""

from collections.abc import Mapping
from dataclasses import asdict

from softphone.actions.change_prompts import require_hotline
from softphone.actions.record_audit import actor_of, record_audit
from softphone.actions.world import World
from softphone.domain.privacy import HotlinePrivacy, Privacy, check_ranges
from softphone.domain.volunteers import Volunteer
from softphone.store.database import Connection
from softphone.store.privacy import (
    select_hotline_privacy,
    select_privacy,
    upsert_hotline_privacy,
    upsert_privacy,
)


async def change_privacy(world: World, who: Volunteer, chosen: Privacy) -> Privacy:
    """Choose retention. What is too old then goes with the next purge.

    Raises: InvalidInput for a span that is out of range.
    """
    check_ranges(chosen)

    async def unit(db: Connection) -> Privacy:
        before = await select_privacy(db)
        if before != chosen:
            await upsert_privacy(db, chosen)
            changes = _changes(asdict(before), asdict(chosen))
            now = world.clock()
            await record_audit(db, actor_of(who), "retention.changed", subject="retention", now=now, detail=changes)
        return chosen

    return await world.database.write(unit)


async def read_hotline_privacy(world: World, hotline_id: str) -> HotlinePrivacy:
    """A hotline's limits.

    Raises: NotFound.
    """

    async def unit(db: Connection) -> HotlinePrivacy:
        await require_hotline(db, hotline_id)
        return await select_hotline_privacy(db, hotline_id)

    return await world.database.read(unit)


async def change_hotline_privacy(
    world: World, who: Volunteer, hotline_id: str, chosen: HotlinePrivacy
) -> HotlinePrivacy:
    """Choose a hotline's limits; the next call is held to them.

    Raises: NotFound; InvalidInput for a limit that is out of range.
    """
    check_ranges(chosen)

    async def unit(db: Connection) -> HotlinePrivacy:
        await require_hotline(db, hotline_id)
        before = await select_hotline_privacy(db, hotline_id)
        if before != chosen:
            await upsert_hotline_privacy(db, hotline_id, chosen)
            changes = _changes(asdict(before), asdict(chosen))
            now = world.clock()
            await record_audit(db, actor_of(who), "hotline.limits_changed", subject=hotline_id, now=now, detail=changes)
        return chosen

    return await world.database.write(unit)


def _changes(before: Mapping[str, object], after: Mapping[str, object]) -> dict[str, object]:
    return {name: {"from": before[name], "to": value} for name, value in after.items() if before[name] != value}
