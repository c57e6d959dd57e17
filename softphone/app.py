"""The one place where parts are made and joined, opened and closed."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial

import httpx2
from quart import Quart

from softphone.actions.ask_ends import ask_ends
from softphone.actions.hear_events import Hub
from softphone.actions.purge import PURGE_EVERY, purge
from softphone.actions.settle_calls import SETTLE_EVERY, settle_calls
from softphone.actions.sweep import SWEEP_EVERY, repeat, sweep
from softphone.actions.watch_shifts import WATCH_EVERY as WATCH_SHIFTS_EVERY
from softphone.actions.watch_shifts import watch_shifts
from softphone.actions.watch_sip_phones import WATCH_EVERY as WATCH_PHONES_EVERY
from softphone.actions.watch_sip_phones import watch_sip_phones
from softphone.actions.world import World
from softphone.domain.patience import PATIENCE, Patience
from softphone.plivo.media import PlivoMedia
from softphone.plivo.rest import PlivoRest
from softphone.settings import Settings, sqlite_path
from softphone.store.database import Database
from softphone.store.key_checks import check_master_key
from softphone.store.schema import migrate
from softphone.store.sealing import Keyring
from softphone.store.sqlite import open_sqlite
from softphone.web.account import account
from softphone.web.admin_sip_phones import admin_sip_phones
from softphone.web.board import board
from softphone.web.call_log import call_log
from softphone.web.callers import callers
from softphone.web.calls import calls
from softphone.web.connections import connections
from softphone.web.deps import Deps
from softphone.web.devices import devices
from softphone.web.events import events
from softphone.web.fallback import fallback
from softphone.web.health import health
from softphone.web.hotline_calls import hotline_calls
from softphone.web.hotlines import hotlines
from softphone.web.http_rules import set_http_rules
from softphone.web.incoming import incoming
from softphone.web.pages import pages
from softphone.web.phone import phone
from softphone.web.phone_links import phone_links
from softphone.web.problems import handle_problems
from softphone.web.prompts import prompts
from softphone.web.retention import retention
from softphone.web.ring_me import ring_me
from softphone.web.sip_phones import sip_phones
from softphone.web.telephony import telephony
from softphone.web.voicemails import voicemails
from softphone.web.volunteers import volunteers

ROOMS = (
    health,
    events,
    telephony,
    incoming,
    hotlines,
    board,
    call_log,
    fallback,
    hotline_calls,
    account,
    calls,
    phone,
    sip_phones,
    admin_sip_phones,
    phone_links,
    ring_me,
    connections,
    devices,
    volunteers,
    prompts,
    voicemails,
    callers,
    retention,
    pages,
)
"""Every blueprint. The page comes last: it answers for names that nobody else knows."""


def create_app(
    settings: Settings,
    *,
    clock: Callable[[], datetime],
    chance: Callable[[int], bytes],
    master_key: bytes,
    transport: httpx2.AsyncBaseTransport | None = None,
    patience: Patience = PATIENCE,
) -> Quart:
    """The product as one ASGI app. Importing or calling this opens nothing; serving does."""
    app = Quart("softphone", static_folder=None)
    set_http_rules(app, settings)
    handle_problems(app)
    for room in ROOMS:
        app.register_blueprint(room)

    @app.while_serving
    async def lifespan() -> AsyncGenerator[None, None]:
        async with open_world(
            settings, clock=clock, chance=chance, master_key=master_key, transport=transport, patience=patience
        ) as world:
            hub = Hub(world.database)
            await hub.start()
            parts = app.extensions["softphone"] = Deps(world=world, hub=hub)
            watch_phones = partial(watch_sip_phones, world, holder=chance(8).hex())
            background = [
                asyncio.create_task(repeat(partial(sweep, world), every=SWEEP_EVERY)),
                asyncio.create_task(repeat(partial(_purge, world), every=PURGE_EVERY)),
                asyncio.create_task(repeat(partial(_settle, world), every=SETTLE_EVERY)),
                asyncio.create_task(repeat(partial(watch_shifts, world), every=WATCH_SHIFTS_EVERY, rest_first=True)),
                asyncio.create_task(repeat(watch_phones, every=WATCH_PHONES_EVERY, rest_first=True)),
                asyncio.create_task(_close_streams(parts)),
            ]
            try:
                yield
            finally:
                for task in background:
                    task.cancel()
                await asyncio.gather(*background, return_exceptions=True)
                await hub.stop()

    return app


async def _purge(world: World) -> None:
    await purge(world)


async def _settle(world: World) -> None:
    await ask_ends(world)
    await settle_calls(world)


async def _close_streams(parts: Deps) -> None:
    await parts.closing.wait()
    parts.hub.close()


@asynccontextmanager
async def open_world(
    settings: Settings,
    *,
    clock: Callable[[], datetime],
    chance: Callable[[int], bytes],
    master_key: bytes,
    transport: httpx2.AsyncBaseTransport | None = None,
    patience: Patience = PATIENCE,
) -> AsyncGenerator[World, None]:
    """What actions may touch, open: a migrated database, the keys, and the way to Plivo."""
    database = await open_database(settings, patience=patience)
    plivo = PlivoRest(settings.plivo_api_url, transport=transport)
    media = PlivoMedia(settings.plivo_media_url, transport=transport)
    try:
        await migrate(database)
        keyring = Keyring(master_key, chance=chance)
        await database.write(lambda connection: check_master_key(connection, keyring))
        yield World(
            settings=settings,
            database=database,
            keyring=keyring,
            plivo=plivo,
            media=media,
            clock=clock,
            chance=chance,
            patience=patience,
        )
    finally:
        await media.close()
        await plivo.close()
        await database.close()


async def open_database(settings: Settings, *, patience: Patience = PATIENCE) -> Database:
    """The database that the settings name."""
    path = sqlite_path(settings.database_url)
    if path is not None:
        return await open_sqlite(path, patience=patience)
    # Loaded here, because psycopg is an extra that a SQLite installation does not have.
    from softphone.store.postgres import open_postgres

    return await open_postgres(settings.database_url, patience=patience)
