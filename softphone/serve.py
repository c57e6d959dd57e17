"""Run the product: one process, or several on PostgreSQL."""

import asyncio
import logging
import multiprocessing
import os
import secrets
import signal
import socket
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from multiprocessing.process import BaseProcess
from types import FrameType

import click
import uvicorn
from quart import Quart

from softphone.actions.set_up import ensure_setup_code
from softphone.actions.world import World
from softphone.app import create_app, open_world
from softphone.listener import BoundedHttp
from softphone.log import set_up_logs
from softphone.master_key import read_master_key
from softphone.settings import Settings

GRACE_SECONDS = 10
"""How long running requests may take to end after a stop signal; streams end at once."""
BACKLOG = 512
RESTART_SECONDS = 1.0

Clock = Callable[[], datetime]
log = logging.getLogger("softphone.serve")


class Server(uvicorn.Server):
    """uvicorn, which would wait for ever for open streams: they are told to end before it waits."""

    def __init__(self, config: uvicorn.Config, app: Quart) -> None:
        super().__init__(config)
        self._softphone = app

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to stop."""
        parts = self._softphone.extensions.get("softphone")
        if parts is not None:
            asyncio.get_running_loop().call_soon_threadsafe(parts.closing.set)
        super().handle_exit(sig, frame)


def serve(settings: Settings, *, clock: Clock) -> None:
    """Serve until a stop signal.

    Raises: SettingsError, WrongMasterKey, NoWriteAheadLog or Busy if the start-up checks fail; OSError if the address
    cannot be used.
    """
    set_up_logs(settings.log_level)
    key = read_master_key(settings, chance=secrets.token_bytes)
    asyncio.run(_prepare(settings, key, clock=clock))
    listening = _listen(settings.bind)
    click.echo(f"The softphone listens on {settings.bind} and is reached at {settings.public_url}.", err=True)
    if settings.workers == 1:
        run_worker(settings, key, listening, clock=clock)
    else:
        _run_workers(settings, key, listening, clock=clock)


def run_worker(settings: Settings, key: bytes, listening: socket.socket, *, clock: Clock) -> None:
    """Serve in this process."""
    set_up_logs(settings.log_level)
    app = create_app(settings, clock=clock, chance=secrets.token_bytes, master_key=key)
    config = uvicorn.Config(
        app,
        loop="uvloop",
        http=BoundedHttp,
        # HTTP/1.1 and nothing else on this port: no WebSocket, no upgrade (threat model, TM-R5).
        ws="none",
        lifespan="on",
        # The client's address is read from forwarded headers in `web/origins.py`, from trusted proxies only.
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_config=None,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    Server(config, app).run([listening])


@asynccontextmanager
async def opened(settings: Settings, *, clock: Clock) -> AsyncGenerator[World, None]:
    """What actions may touch, for a command that is not the server."""
    key = read_master_key(settings, chance=secrets.token_bytes, may_create=False)
    async with open_world(settings, clock=clock, chance=secrets.token_bytes, master_key=key) as world:
        yield world


async def _prepare(settings: Settings, key: bytes, *, clock: Clock) -> None:
    # Opening the world migrates and checks the key, once, before any worker starts.
    async with open_world(settings, clock=clock, chance=secrets.token_bytes, master_key=key) as world:
        code = await ensure_setup_code(world)
    if code is not None:
        # To the console and not to the log: whoever holds it becomes the first administrator (TM-A9).
        click.echo(f"There is no administrator yet. Open {settings.public_url}/setup and enter: {code}", err=True)


def _listen(bind: str) -> socket.socket:
    host, _, port = bind.rpartition(":")
    host = host.strip("[]")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, int(port)), family=family, backlog=BACKLOG)


def _run_workers(settings: Settings, key: bytes, listening: socket.socket, *, clock: Clock) -> None:
    spawn = multiprocessing.get_context("spawn")

    def start() -> BaseProcess:
        worker = spawn.Process(target=partial(run_worker, settings, key, listening, clock=clock))
        worker.start()
        return worker

    stopping = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    workers = [start() for _ in range(settings.workers)]
    while not stopping:
        for index, worker in enumerate(workers):
            if not worker.is_alive() and not stopping:
                log.error("worker %s ended with %s; starting another", worker.pid, worker.exitcode)
                workers[index] = start()
        time.sleep(RESTART_SECONDS)
    for worker in workers:
        if worker.pid is not None and worker.is_alive():
            os.kill(worker.pid, signal.SIGTERM)
    for worker in workers:
        worker.join()
