"""What is measured: the product, the sandbox and a bare route, each a process of its own, and people to ask for."""

import asyncio
import contextlib
import json
import os
import secrets
import socket
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx2
from quart import Quart

from softphone.__main__ import utc_now
from softphone.actions.resume_session import csrf_token
from softphone.actions.world import World
from softphone.app import open_world
from softphone.domain.connections import TokenSource
from softphone.domain.secret import Secret
from softphone.domain.volunteers import Volunteer
from softphone.settings import read_settings
from softphone.store.volunteers import insert_volunteer
from tests import people, telephony
from tests.conftest import MASTER_KEY

TOKENS_EACH = 5
"""Tokens of one volunteer: below the six a minute that anybody gets."""
START_SECONDS = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Everything that runs. `pages` are the headers of signed-in pages; `pairs` are who dials and who is rung."""

    service: str
    bare: str
    caller: telephony.Caller
    pages: list[dict[str, str]]
    pairs: list[tuple[Volunteer, Volunteer]]


@asynccontextmanager
async def stage(folder: Path, *, requests: int) -> AsyncGenerator[Stage, None]:
    """The processes, with enough people for so many requests of each kind."""
    async with contextlib.AsyncExitStack() as running:
        sandbox = await running.enter_async_context(_process("-m", "softphone", "sandbox", "--port", "0", "--json"))
        if sandbox.stdout is None:
            raise RuntimeError("the sandbox cannot be listened to")
        told = json.loads(await asyncio.wait_for(sandbox.stdout.readline(), START_SECONDS))
        port, bare_port = _free_port(), _free_port()
        environment = {
            # Signatures are made for the public address; where the service listens is another matter.
            "SOFTPHONE_PUBLIC_URL": telephony.PUBLIC_URL,
            "SOFTPHONE_BIND": f"127.0.0.1:{port}",
            "SOFTPHONE_DATABASE_URL": f"sqlite:///{folder / 'bench.db'}",
            "SOFTPHONE_MASTER_KEY": MASTER_KEY.hex(),
            "SOFTPHONE_PLIVO_API_URL": told["api"],
            "SOFTPHONE_SIGNALLING_URLS": told["signalling"],
            "SOFTPHONE_LOG_LEVEL": "warning",
        }
        async with open_world(
            read_settings(environment), clock=utc_now, chance=secrets.token_bytes, master_key=MASTER_KEY
        ) as world:
            pages, pairs = await _furnish(world, told, requests=requests)
        await running.enter_async_context(_process("-m", "softphone", "serve", environment=environment))
        await running.enter_async_context(_process("-m", "tests.bench.bare", str(bare_port)))
        service, bare = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{bare_port}"
        await _answers(f"{service}/healthz")
        await _answers(bare)
        caller = telephony.Caller(app=Quart("bench"), token=told["auth_token"], auth_id=told["auth_id"])
        yield Stage(service=service, bare=bare, caller=caller, pages=pages, pairs=pairs)


async def _furnish(
    world: World, told: dict[str, str], *, requests: int
) -> tuple[list[dict[str, str]], list[tuple[Volunteer, Volunteer]]]:
    connection = telephony.connection(
        auth_id=told["auth_id"], auth_token=Secret(told["auth_token"]), token_source=TokenSource.LOCAL
    )
    # Each pair makes one call: whoever dials again while a call runs is refused.
    on_the_phone = [people.volunteer(f"p{n}", extension=str(20_000 + n)) for n in range(2 * requests)]
    asking = [people.volunteer(f"t{n}", extension=str(80_000 + n)) for n in range(-(-requests // TOKENS_EACH))]
    now, database, keyring = world.clock(), world.database, world.keyring
    await database.write(
        lambda db: telephony.set_up(db, on_the_phone, keyring=keyring, until=now + timedelta(hours=12), to=connection)
    )
    pages = []
    for person in asking:
        await database.write(lambda db, p=person: insert_volunteer(db, p))  # type: ignore[misc]  # a default argument
        session_id = await people.open_session(database, person, now=now)
        pages.append(
            {
                "Origin": telephony.PUBLIC_URL,
                "Content-Type": "application/json",
                "Cookie": f"sp={session_id}",
                "X-CSRF-Token": csrf_token(keyring, f"s-{session_id[:8]}"),
            }
        )
    return pages, list(zip(on_the_phone[::2], on_the_phone[1::2], strict=True))


@asynccontextmanager
async def _process(
    *words: str, environment: dict[str, str] | None = None
) -> AsyncGenerator[asyncio.subprocess.Process, None]:
    inherited = {name: text for name, text in os.environ.items() if not name.startswith("SOFTPHONE_")}
    process = await asyncio.create_subprocess_exec(
        sys.executable, *words, stdout=asyncio.subprocess.PIPE, env={**inherited, **(environment or {})}
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _answers(url: str) -> None:
    async with httpx2.AsyncClient(timeout=START_SECONDS) as client, asyncio.timeout(START_SECONDS):
        while True:
            try:
                await client.get(url)
            except httpx2.TransportError:
                await asyncio.sleep(0.05)
            else:
                return


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
