"""Look at Plivo how the SIP phones stand, again and again, and keep it as registrations.

One process does it at a time: whoever has the lease. A phone of somebody on duty is looked at every 15 seconds, so that
one who goes on duty is seen within one tick and a round; when nobody is, every few minutes. What could not be read
changes nothing that is known (`domain/sip_readings.py`).
"""

import asyncio
import hmac
import logging
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from softphone.actions.ensure_application import credentials_of
from softphone.actions.keep_reading import follow_up, keep_reading
from softphone.actions.settle_sip_phone import settle_due
from softphone.actions.world import World
from softphone.domain.connections import Connection
from softphone.domain.errors import PlivoFailure
from softphone.domain.ids import ConnectionId, DeviceId
from softphone.domain.sip_pace import OFF_DUTY_EVERY, back_off, round_every, to_look_at
from softphone.domain.sip_phones import SipPhone
from softphone.domain.sip_readings import NotRegistered, Reading, Registered, clean_user_agent
from softphone.plivo.records import PlivoEndpoint
from softphone.store.connections import select_connection
from softphone.store.database import Connection as Db
from softphone.store.leases import take_lease
from softphone.store.sip_phones import select_watched, update_read, update_unread
from softphone.store.sip_watches import SipWatch, select_watched_connections, select_watches, upsert_watch

WATCH_EVERY = timedelta(seconds=5)
LEASE_LASTS = timedelta(seconds=90)
ROUND_SECONDS = 60.0
"""A round that takes longer is ended, so that the lease never runs out under it."""
AT_ONCE = 4
GRAVE = frozenset({None, 401, 403, 429})
"""Failures that the next phone would meet as well: the round ends."""
MOST_FAILURES = 3
"""Of one round: then it is not the phones."""
_NOT_UNDERSTOOD = "plivo_not_understood"
_HOST = re.compile(r"sips?:(?:[^@]*@)?(\[[^\]]*\]|[^:;>\s]+)")
_UNCLEAR = "Plivo's answer about this phone could not be understood."

log = logging.getLogger("softphone.sip_watch")


async def watch_sip_phones(world: World, *, holder: str) -> None:
    """One tick of the process called `holder`. It does nothing while another process has the lease."""

    async def unit(db: Db) -> bool:
        return await take_lease(db, "sip-watch", holder, lasts=LEASE_LASTS, now=world.clock())

    if not await world.database.write(unit):
        return
    try:
        async with asyncio.timeout(ROUND_SECONDS):
            await settle_due(world)
            for connection_id in await world.database.read(select_watched_connections):
                await _watch(world, connection_id)
    except TimeoutError:
        log.warning("A round of looking at SIP phones took too long; the next one goes on.")


async def _watch(world: World, connection_id: ConnectionId) -> None:
    now = world.clock()

    async def read(db: Db) -> tuple[Connection | None, SipWatch | None, list[tuple[SipPhone, bool]]]:
        connection = await select_connection(db, connection_id, keyring=world.keyring)
        return connection, (await select_watches(db)).get(connection_id), await select_watched(db, connection_id)

    connection, watch, watched = await world.database.read(read)
    if connection is None:
        return
    watch = watch or SipWatch(connection_id=connection_id, next_at=now, failures=0, read_at=None, problem=None)
    if now < watch.next_at and watch.failures:
        return
    # Those who are waited for are looked at often; everybody's phones in a round of their own, more rarely.
    everybody = now >= watch.next_at
    urgent = to_look_at(watched, everybody=False, now=now)
    chosen = to_look_at(watched, everybody=True, now=now) if everybody else _due(urgent, now=now)
    if not chosen and not everybody:
        return
    try:
        await _look_at(world, connection, chosen)
    except PlivoFailure as error:
        failures = watch.failures + 1
        chance = int.from_bytes(world.chance(4)) / 2**32
        rest = back_off(failures, chance=chance, retry_after=error.retry_after)
        log.warning("SIP phones of connection %s cannot be looked at: %s", connection_id, error.code)
        after = replace(watch, next_at=world.clock() + rest, failures=failures, problem=error.message)
    else:
        next_at = now + OFF_DUTY_EVERY if everybody else watch.next_at
        after = replace(watch, next_at=next_at, failures=0, read_at=now, problem=None)
    await world.database.write(lambda db: upsert_watch(db, after))


def _due(urgent: Sequence[SipPhone], *, now: datetime) -> list[SipPhone]:
    every = round_every(len(urgent))
    return [phone for phone in urgent if phone.looked_at is None or now >= phone.looked_at + every]


async def _look_at(world: World, connection: Connection, phones: Sequence[SipPhone]) -> None:
    """Look at each. A failure that concerns one phone alone is written down with it.

    Raises: PlivoFailure where the others would fail as well.
    """
    gate = asyncio.Semaphore(AT_ONCE)
    failed: list[PlivoFailure] = []
    grave: list[PlivoFailure] = []

    async def one(phone: SipPhone) -> None:
        async with gate:
            if grave:
                return
            try:
                await _look_at_one(world, connection, phone)
            except PlivoFailure as error:
                await _note_unread(world, phone, error)
                failed.append(error)
                if len(failed) >= MOST_FAILURES or (error.status in GRAVE and error.code != _NOT_UNDERSTOOD):
                    grave.append(error)

    async with asyncio.TaskGroup() as group:
        for phone in phones:
            group.create_task(one(phone))
    if grave:
        raise grave[0]


async def _note_unread(world: World, phone: SipPhone, error: PlivoFailure) -> None:
    async def unit(db: Db) -> None:
        await update_unread(db, phone.endpoint.id, problem=error.message, now=world.clock())

    await world.database.write(unit)


async def _look_at_one(world: World, connection: Connection, phone: SipPhone) -> None:
    end = phone.endpoint
    if end.plivo_id is None:
        return
    try:
        found = await world.plivo.get_endpoint(credentials_of(connection), end.plivo_id)
    except PlivoFailure as error:
        if error.status != 404:
            raise
        reading: Reading = NotRegistered()
        missing = True
    else:
        reading, missing = read_reading(world, phone, found), False

    async def unit(db: Db) -> None:
        now = world.clock()
        await update_read(db, end.id, missing=missing, now=now)
        await keep_reading(db, world, end.id, reading, now=now)
        await follow_up(db, end.id, now=now)

    await world.database.write(unit)


def read_reading(world: World, phone: SipPhone, found: PlivoEndpoint) -> Reading:
    """What Plivo's object says about the phone's registration.

    Raises: PlivoFailure if it is another endpoint's, or does not say: that is not the same as not registered.
    """
    if found.registered is None or found.username not in {phone.endpoint.username, ""}:
        raise PlivoFailure(code=_NOT_UNDERSTOOD, message=_UNCLEAR)
    if not found.registered:
        return NotRegistered()
    return Registered(
        device_id=_device_id(world, found), user_agent=clean_user_agent(found.user_agent), expires_at=found.expires_at
    )


def _device_id(world: World, found: PlivoEndpoint) -> DeviceId:
    # The same program at the same address is the same device; its port changes with each look of a router. The address
    # itself is not kept: it would say where a volunteer is.
    host = _HOST.match(found.contact)
    text = f"{host[1] if host else ''} {found.user_agent}"
    return DeviceId("sip-" + hmac.new(world.keyring.derive("sip device"), text.encode(), "sha256").hexdigest()[:24])
