"""Add and change hotlines, say who answers them, and close them: one unit holds the change and its audit row."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from softphone.actions.record_audit import record_audit
from softphone.actions.world import World
from softphone.domain.connection_rules import read_numbers, slug
from softphone.domain.connections import Connection
from softphone.domain.errors import Conflict, InvalidInput, NotFound
from softphone.domain.hotline import Hotline, OpenSpan, Strategy
from softphone.domain.hotline_rules import (
    GivenSpan,
    read_count,
    read_holidays,
    read_hotline_languages,
    read_hours,
    read_music_url,
    read_outcomes,
    read_seconds,
    read_time_zone,
)
from softphone.domain.ids import ConnectionId, HotlineId, PhoneNumber, VolunteerId
from softphone.domain.volunteer_rules import read_name
from softphone.store.audit import Actor
from softphone.store.connections import select_connection, select_default_connection
from softphone.store.database import Connection as Db
from softphone.store.hotlines import (
    count_calls_of_hotline,
    delete_hotline,
    insert_hotline,
    replace_members,
    select_hotline,
    select_members,
    select_number_owner,
    update_hotline,
)
from softphone.store.volunteers import select_volunteer

AUDITED = (
    "name",
    "numbers",
    "time_zone",
    "hours",
    "holidays",
    "closed",
    "languages",
    "default_language",
    "strategy",
    "ring_at_once",
    "ring_for",
    "pause_for",
    "longest_wait",
    "music_url",
    "wrap_up",
    "hard_wrap_up",
    "outcomes",
    "notes_enabled",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HotlineDraft:
    """What an administrator gave; None where nothing was given. A `music_url` of "" takes it away. `hours` count only
    where the hotline is not open round the clock.
    """

    name: str | None = None
    numbers: list[str] | None = None
    time_zone: str | None = None
    round_the_clock: bool | None = None
    hours: list[GivenSpan] | None = None
    holidays: list[tuple[str, str]] | None = None
    closed: bool | None = None
    languages: list[str] | None = None
    default_language: str | None = None
    strategy: Strategy | None = None
    ring_at_once: int | None = None
    ring_seconds: int | None = None
    pause_seconds: int | None = None
    longest_wait_seconds: int | None = None
    music_url: str | None = None
    wrap_up_seconds: int | None = None
    hard_wrap_up_seconds: int | None = None
    outcomes: list[str] | None = None
    notes_enabled: bool | None = None


async def create_hotline(
    world: World, actor: Actor, draft: HotlineDraft, *, connection_id: ConnectionId | None = None
) -> Hotline:
    """Add a hotline to a connection, by default to the default one.

    Raises: InvalidInput naming the field; Conflict if a number belongs to another hotline.
    """
    if draft.name is None or draft.time_zone is None:
        raise InvalidInput("A hotline needs a name and a time zone.")
    name = read_name(draft.name)

    async def unit(db: Db) -> Hotline:
        connection = await _connection(world, db, connection_id)
        fresh = _fresh(world, name, connection)
        if await select_hotline(db, fresh.id) is not None:
            fresh = replace(fresh, id=HotlineId(f"{fresh.id}-{world.chance(3).hex()}"))
        hotline = _changed(fresh, draft)
        await _check_numbers(db, hotline, connection)
        await insert_hotline(db, hotline)
        detail = {"name": hotline.name}
        await record_audit(db, actor, "hotline.created", subject=hotline.id, now=world.clock(), detail=detail)
        return hotline

    return await world.database.write(unit)


async def change_hotline(world: World, actor: Actor, hotline_id: HotlineId, draft: HotlineDraft) -> Hotline:
    """Change what is given, leave the rest. Callers who wait feel it at their next step.

    Raises: NotFound; InvalidInput naming the field; Conflict if a number belongs to another hotline.
    """

    async def unit(db: Db) -> Hotline:
        before = await select_hotline(db, hotline_id, lock=True)
        if before is None:
            raise NotFound
        after = replace(_changed(before, draft), updated_at=world.clock())
        await _check_numbers(db, after, await _connection(world, db, after.connection_id))
        await update_hotline(db, after)
        fields = [name for name in AUDITED if getattr(before, name) != getattr(after, name)]
        detail: dict[str, object] = {"name": after.name, "fields": fields}
        await record_audit(db, actor, "hotline.changed", subject=after.id, now=world.clock(), detail=detail)
        return after

    return await world.database.write(unit)


async def remove_hotline(world: World, actor: Actor, hotline_id: HotlineId) -> None:
    """Delete a hotline of which no call is kept; one with calls is closed instead.

    Raises: NotFound; Conflict.
    """

    async def unit(db: Db) -> None:
        hotline = await select_hotline(db, hotline_id, lock=True)
        if hotline is None:
            raise NotFound
        if await count_calls_of_hotline(db, hotline_id):
            message = "This hotline has had calls. Take its numbers away or close it instead."
            raise Conflict(code="hotline_has_calls", message=message)
        await delete_hotline(db, hotline_id)
        detail = {"name": hotline.name}
        await record_audit(db, actor, "hotline.removed", subject=hotline_id, now=world.clock(), detail=detail)

    await world.database.write(unit)


async def set_members(
    world: World, actor: Actor, hotline_id: HotlineId, members: Sequence[VolunteerId]
) -> list[VolunteerId]:
    """Say who has the right to answer a hotline; the members by name.

    Raises: NotFound; InvalidInput for somebody who is not there.
    """

    async def unit(db: Db) -> list[VolunteerId]:
        hotline = await select_hotline(db, hotline_id, lock=True)
        if hotline is None:
            raise NotFound
        for member in members:
            if await select_volunteer(db, member) is None:
                raise InvalidInput("One of these volunteers is not there.", field="volunteers")
        before, now = set(await select_members(db, hotline_id)), world.clock()
        await replace_members(db, hotline_id, members, now=now)
        await update_hotline(db, replace(hotline, updated_at=now))
        detail: dict[str, object] = {
            "name": hotline.name,
            "added": sorted(set(members) - before),
            "removed": sorted(before - set(members)),
        }
        await record_audit(db, actor, "hotline.members_changed", subject=hotline_id, now=now, detail=detail)
        return await select_members(db, hotline_id)

    return await world.database.write(unit)


async def _connection(world: World, db: Db, connection_id: ConnectionId | None) -> Connection:
    if connection_id is None:
        connection = await select_default_connection(db, keyring=world.keyring)
    else:
        connection = await select_connection(db, connection_id, keyring=world.keyring)
    if connection is None:
        raise InvalidInput("There is no such connection. Add one first.", field="connection_id")
    return connection


async def _check_numbers(db: Db, hotline: Hotline, connection: Connection) -> None:
    for number in hotline.numbers:
        if number not in connection.numbers:
            message = "A hotline's numbers are numbers of its connection."
            raise InvalidInput(message, field="numbers", code="number_not_ours")
        if await select_number_owner(db, hotline.connection_id, PhoneNumber(number)) not in {None, hotline.id}:
            raise Conflict(code="number_taken", message="One of these numbers belongs to another hotline.")


def _fresh(world: World, name: str, connection: Connection) -> Hotline:
    now = world.clock()
    return Hotline(
        id=HotlineId(slug(name)),
        connection_id=connection.id,
        name=name,
        numbers=(),
        time_zone="UTC",
        hours=None,
        holidays=(),
        closed=False,
        languages=("en",),
        default_language="en",
        strategy=Strategy.EVERYONE,
        ring_at_once=3,
        ring_for=timedelta(seconds=25),
        pause_for=timedelta(seconds=8),
        longest_wait=timedelta(minutes=5),
        music_url=None,
        wrap_up=timedelta(minutes=1),
        hard_wrap_up=timedelta(minutes=15),
        outcomes=("Listened", "Gave information", "Passed on", "Silent", "Not a call for help"),
        notes_enabled=False,
        fallback_made_at=None,
        created_at=now,
        updated_at=now,
    )


def _changed(before: Hotline, draft: HotlineDraft) -> Hotline:
    default = draft.default_language or before.default_language
    languages = before.languages if draft.languages is None else tuple(draft.languages)
    if draft.default_language is None and default not in languages and languages:
        default = languages[0]
    return replace(
        _timed(before, draft),
        name=before.name if draft.name is None else read_name(draft.name),
        numbers=before.numbers if draft.numbers is None else read_numbers(draft.numbers),
        time_zone=before.time_zone if draft.time_zone is None else read_time_zone(draft.time_zone),
        hours=_hours(before, draft),
        holidays=before.holidays if draft.holidays is None else read_holidays(draft.holidays),
        closed=before.closed if draft.closed is None else draft.closed,
        languages=read_hotline_languages(languages, default),
        default_language=default,
        strategy=draft.strategy or before.strategy,
        music_url=before.music_url if draft.music_url is None else read_music_url(draft.music_url),
        outcomes=before.outcomes if draft.outcomes is None else read_outcomes(draft.outcomes),
        notes_enabled=before.notes_enabled if draft.notes_enabled is None else draft.notes_enabled,
    )


def _hours(before: Hotline, draft: HotlineDraft) -> tuple[OpenSpan, ...] | None:
    if draft.round_the_clock or (draft.round_the_clock is None and draft.hours is None):
        return None if draft.round_the_clock else before.hours
    return read_hours(draft.hours or [])


def _timed(before: Hotline, draft: HotlineDraft) -> Hotline:
    def span(given: int | None, kept: timedelta, field: str) -> timedelta:
        return kept if given is None else read_seconds(given, field=field)

    return replace(
        before,
        ring_at_once=before.ring_at_once
        if draft.ring_at_once is None
        else read_count(draft.ring_at_once, field="ring_at_once"),
        ring_for=span(draft.ring_seconds, before.ring_for, "ring_seconds"),
        pause_for=span(draft.pause_seconds, before.pause_for, "pause_seconds"),
        longest_wait=span(draft.longest_wait_seconds, before.longest_wait, "longest_wait_seconds"),
        wrap_up=span(draft.wrap_up_seconds, before.wrap_up, "wrap_up_seconds"),
        hard_wrap_up=span(draft.hard_wrap_up_seconds, before.hard_wrap_up, "hard_wrap_up_seconds"),
    )
