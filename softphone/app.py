"""The one place where parts are made and joined, opened and closed."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

import httpx2
from quart import Quart

from softphone.actions.world import World
from softphone.plivo.rest import PlivoRest
from softphone.settings import Settings, sqlite_path
from softphone.store.database import Database
from softphone.store.schema import migrate
from softphone.store.sealing import Keyring
from softphone.store.sqlite import open_sqlite
from softphone.web.calls import calls
from softphone.web.connections import connections
from softphone.web.deps import Deps
from softphone.web.devices import devices
from softphone.web.health import health
from softphone.web.http_rules import set_http_rules
from softphone.web.pages import pages
from softphone.web.phone import phone
from softphone.web.problems import handle_problems
from softphone.web.telephony import telephony

ROOMS = (health, telephony, calls, phone, connections, devices, pages)
"""Every blueprint. The page comes last: it answers for names that nobody else knows."""


def create_app(
    settings: Settings,
    *,
    clock: Callable[[], datetime],
    chance: Callable[[int], bytes],
    master_key: bytes,
    transport: httpx2.AsyncBaseTransport | None = None,
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
            settings, clock=clock, chance=chance, master_key=master_key, transport=transport
        ) as world:
            app.extensions["softphone"] = Deps(world=world)
            yield

    return app


@asynccontextmanager
async def open_world(
    settings: Settings,
    *,
    clock: Callable[[], datetime],
    chance: Callable[[int], bytes],
    master_key: bytes,
    transport: httpx2.AsyncBaseTransport | None = None,
) -> AsyncGenerator[World, None]:
    """What actions may touch, open: a migrated database, the keys, and the way to Plivo."""
    database = await open_database(settings)
    plivo = PlivoRest(settings.plivo_api_url, transport=transport)
    try:
        await migrate(database)
        yield World(
            settings=settings,
            database=database,
            keyring=Keyring(master_key, chance=chance),
            plivo=plivo,
            clock=clock,
            chance=chance,
        )
    finally:
        await plivo.close()
        await database.close()


async def open_database(settings: Settings) -> Database:
    """The database that the settings name."""
    path = sqlite_path(settings.database_url)
    if path is None:
        raise ValueError("this build knows SQLite only")
    return await open_sqlite(path)
