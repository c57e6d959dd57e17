"""`softphone serve`: start-up checks, then Uvicorn with httptools and uvloop.

With several workers each is a process of its own on one socket; they meet in PostgreSQL only.
"""

import asyncio
import os
import secrets
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from types import FrameType
from typing import cast

import uvicorn
from quart import Quart
from uvicorn.supervisors import Multiprocess

from softphone.actions.set_up import ensure_setup_code
from softphone.app import create_app, open_world
from softphone.log import start_logging
from softphone.master_key import read_master_key
from softphone.settings import Settings, SettingsError, read_settings, sqlite_path
from softphone.store.key_checks import WrongMasterKey
from softphone.web.deps import Deps

GRACE_SECONDS = 5
"""How long a request may go on after SIGTERM. Open streams are told at once and do not wait for this."""


class ServeRefused(Exception):
    """The service does not start; the text says what to do."""


def run_service(settings: Settings, *, clock: Callable[[], datetime], chance: Callable[[int], bytes]) -> None:
    """Check, then serve until SIGTERM or SIGINT.

    Raises: ServeRefused where a check fails.
    """
    start_logging(settings.log_level)
    if settings.workers > 1 and sqlite_path(settings.database_url) is not None:
        raise ServeRefused("Several workers need PostgreSQL: set SOFTPHONE_DATABASE_URL, or SOFTPHONE_WORKERS=1.")
    try:
        master_key = read_master_key(settings, chance=chance)
        code = asyncio.run(_setup_code(settings, clock=clock, chance=chance, master_key=master_key))
    except SettingsError as error:
        raise ServeRefused(str(error)) from error
    except WrongMasterKey as error:
        raise ServeRefused(
            f"This master key is not the one that the database was made with ({error}). Nothing was changed."
        ) from error
    if code is not None:
        sys.stderr.write(f"\n  Open {settings.public_url}/setup and enter this code: {code}\n\n")
    _run(settings, clock=clock, chance=chance, master_key=master_key)


def _run(
    settings: Settings, *, clock: Callable[[], datetime], chance: Callable[[int], bytes], master_key: bytes
) -> None:
    if settings.workers > 1:
        config = _config("softphone.serve:worker_app", settings)
        Multiprocess(config, sockets=[config.bind_socket()]).run()
        return
    app = create_app(settings, clock=clock, chance=chance, master_key=master_key)
    tell_streams_of_the_end(app)
    uvicorn.Server(_config(app, settings)).run()


def worker_app() -> Quart:
    """The app of one worker process. Everything is read again, since nothing of the parent is shared."""
    settings = read_settings(os.environ)
    start_logging(settings.log_level)
    master_key = read_master_key(settings, chance=secrets.token_bytes)
    app = create_app(settings, clock=_now, chance=secrets.token_bytes, master_key=master_key)
    tell_streams_of_the_end(app)
    return app


def tell_streams_of_the_end(app: Quart) -> None:
    """Have a signal that ends the process also end every open stream; Uvicorn would wait for them for ever.

    Uvicorn sets its own handlers before the app starts and exposes no hook inside worker processes, so ours wrap them.
    """

    @app.before_serving
    async def wrap() -> None:
        closing = cast(Deps, app.extensions["softphone"]).closing
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            theirs = signal.getsignal(number)

            def ours(caught: int, frame: FrameType | None, theirs: object = theirs) -> None:
                loop.call_soon_threadsafe(closing.set)
                if callable(theirs):
                    theirs(caught, frame)

            signal.signal(number, ours)


def _now() -> datetime:
    # A worker is started by the operating system, not by `__main__`; it has to look at the clock itself.
    return datetime.now(UTC)


def _config(app: Quart | str, settings: Settings) -> uvicorn.Config:
    host, _, port = settings.bind.rpartition(":")
    return uvicorn.Config(
        app,
        factory=isinstance(app, str),
        host=host.strip("[]"),
        port=int(port),
        http="httptools",
        loop="uvloop",
        ws="none",
        lifespan="on",
        workers=settings.workers,
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


async def _setup_code(
    settings: Settings, *, clock: Callable[[], datetime], chance: Callable[[int], bytes], master_key: bytes
) -> str | None:
    async with open_world(settings, clock=clock, chance=chance, master_key=master_key) as world:
        return await ensure_setup_code(world)
