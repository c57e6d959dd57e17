"""`softphone demo`: the service and the sandbox together, with a few people to play with.

Both are processes of their own, started the way a person would start them; the service meets the sandbox only over
the wire. The database and the key live in a folder that is made new for each demo unless one is named.
"""

import asyncio
import json
import os
import secrets
import signal
import socket
import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import httpx2

from softphone.actions.change_connection import ConnectionDraft, create_connection
from softphone.actions.change_hotline import HotlineDraft, create_hotline, set_members
from softphone.actions.prepare_connection import prepare_connection
from softphone.actions.prepare_hotline import prepare_hotline
from softphone.actions.seed import Invited, seed
from softphone.actions.world import World
from softphone.app import open_world
from softphone.domain.connections import Connection
from softphone.domain.volunteers import Role
from softphone.master_key import read_master_key
from softphone.settings import Settings, read_settings
from softphone.store.audit import Actor

START_SECONDS = 120.0  # Two interpreters start, on a slow or busy laptop.
STOP_SECONDS = 8.0
DEMO = Actor(id=None, name="demo")


class DemoFailed(Exception):
    """The demo could not start; the text says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoOptions:
    """Where the demo listens and keeps its files. Port 0 takes a free one."""

    port: int
    sandbox_port: int
    folder: Path
    database_url: str | None = None
    workers: int = 1
    sandbox_arguments: tuple[str, ...]


async def run_demo(
    options: DemoOptions,
    *,
    clock: Callable[[], datetime],
    tell: Callable[[dict[str, object]], None],
) -> None:
    """Run until interrupted. `tell` is called once, when everything answers.

    Raises: DemoFailed.
    """
    _empty_folder(options.folder)
    async with _sandbox(options) as sandbox:
        port = options.port or _free_port()
        environment = _environment(options, sandbox, port=port)
        settings = read_settings(environment)
        master_key = read_master_key(settings, chance=secrets.token_bytes)
        async with open_world(settings, clock=clock, chance=secrets.token_bytes, master_key=master_key) as world:
            people = await _furnish(world, sandbox)
        async with _started("serve", environment={**_inherited(), **environment}) as service:
            await _answers(f"{settings.public_url}/healthz", service)
            tell(_told(settings, sandbox, people))
            await _until_stopped(service)


def _empty_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        taken = (folder / "softphone.db").exists()
    except OSError as error:
        raise DemoFailed(f"The folder {folder} cannot be used: {error.strerror}.") from error
    if taken:
        raise DemoFailed(f"The folder {folder} has a database already. Name an empty one; a demo begins anew.")


async def _furnish(world: World, sandbox: dict[str, object]) -> list[Invited]:
    """People, and the sandbox's account as the connection, prepared like an administrator would."""
    numbers = sandbox["numbers"]
    connection = await create_connection(
        world,
        DEMO,
        ConnectionDraft(
            name="Demo",
            auth_id=str(sandbox["auth_id"]),
            auth_token=str(sandbox["auth_token"]),
            country="US",
            numbers=[str(number) for number in numbers] if isinstance(numbers, list) else [],
            allowed_countries=["US"],
        ),
    )
    await prepare_connection(world, DEMO, connection.id)
    people = await seed(world)
    await _open_hotline(world, connection, people)
    return people


async def _open_hotline(world: World, connection: Connection, people: list[Invited]) -> None:
    """A hotline at the sandbox's first number, in two languages, answered by everybody but the administrator."""
    draft = HotlineDraft(
        name="Night line",
        numbers=list(connection.numbers[:1]),
        time_zone="America/New_York",
        languages=["en", "es"],
        notes_enabled=True,
    )
    hotline = await create_hotline(world, DEMO, draft)
    members = [one.volunteer.id for one in people if one.volunteer.role is not Role.ADMIN]
    await set_members(world, DEMO, hotline.id, members)
    await prepare_hotline(world, DEMO, hotline.id)


def _environment(options: DemoOptions, sandbox: dict[str, object], *, port: int) -> dict[str, str]:
    return {
        "SOFTPHONE_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "SOFTPHONE_BIND": f"127.0.0.1:{port}",
        "SOFTPHONE_DATABASE_URL": options.database_url or f"sqlite:///{options.folder / 'softphone.db'}",
        "SOFTPHONE_WORKERS": str(options.workers),
        "SOFTPHONE_MASTER_KEY_FILE": str(options.folder / "softphone.key"),
        "SOFTPHONE_PLIVO_API_URL": str(sandbox["api"]),
        "SOFTPHONE_PLIVO_MEDIA_URL": str(sandbox["api"]),
        "SOFTPHONE_SIGNALLING_URLS": str(sandbox["signalling"]),
        "SOFTPHONE_LOG_LEVEL": "warning",
    }


def _inherited() -> dict[str, str]:
    # A setting of the shell must not reach the demo: it would change what the README promises.
    return {name: text for name, text in os.environ.items() if not name.startswith("SOFTPHONE_")}


def _told(settings: Settings, sandbox: dict[str, object], people: list[Invited]) -> dict[str, object]:
    return {
        "service": settings.public_url,
        "sandbox": sandbox["url"],
        "phone": sandbox["phone"],
        "log": sandbox["log"],
        "auth_id": sandbox["auth_id"],
        "auth_token": sandbox["auth_token"],
        "numbers": sandbox["numbers"],
        "sip": sandbox.get("sip"),
        "people": [
            {
                "name": one.volunteer.name,
                "login": one.volunteer.login,
                "role": one.volunteer.role.value,
                "extension": one.volunteer.extension,
                "link": one.link,
            }
            for one in people
        ],
    }


@asynccontextmanager
async def _sandbox(options: DemoOptions) -> AsyncGenerator[dict[str, object], None]:
    """The sandbox, running; what it told of itself."""
    arguments = ("--port", str(options.sandbox_port), "--json", *options.sandbox_arguments)
    async with _started("sandbox", *arguments, environment=_inherited(), piped=True) as process:
        if process.stdout is None:
            raise DemoFailed("The sandbox cannot be listened to.")
        try:
            line = await asyncio.wait_for(process.stdout.readline(), START_SECONDS)
            told = json.loads(line)
        except (TimeoutError, json.JSONDecodeError) as error:
            raise DemoFailed(f"The sandbox did not start. Is port {options.sandbox_port} taken?") from error
        yield told


@asynccontextmanager
async def _started(
    *words: str, environment: dict[str, str], piped: bool = False
) -> AsyncGenerator[asyncio.subprocess.Process, None]:
    """`softphone <words>` as a process, ended on the way out."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "softphone", *words),
        stdout=asyncio.subprocess.PIPE if piped else asyncio.subprocess.DEVNULL,
        env=environment,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), STOP_SECONDS)
        except TimeoutError:
            process.kill()
            await process.wait()


async def _answers(url: str, process: asyncio.subprocess.Process) -> None:
    """Wait until `url` answers 200, or say why it never will."""
    async with httpx2.AsyncClient(timeout=2) as client, asyncio.timeout(START_SECONDS):
        while True:
            if process.returncode is not None:
                raise DemoFailed("The service did not start; the lines above say why.")
            try:
                if (await client.get(url)).status_code == 200:
                    return
            except httpx2.TransportError:
                await asyncio.sleep(0.05)


async def _until_stopped(service: asyncio.subprocess.Process) -> None:
    """Wait for Ctrl-C, for SIGTERM, or for the service to end by itself."""
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    for one in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(one, asked.set)
    waits = [asyncio.create_task(asked.wait()), asyncio.create_task(service.wait())]
    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()
    if not asked.is_set():
        raise DemoFailed("The service ended by itself; the lines above say why.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
