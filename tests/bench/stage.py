"""What is measured: `softphone serve` and a bare route, each a process of its own, and people to ask for."""

import asyncio
import contextlib
import json
import os
import secrets
import signal
import socket
import sys
import tempfile
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from softphone.__main__ import utc_now
from softphone.actions.resume_session import csrf_token
from softphone.actions.world import World
from softphone.app import open_world
from softphone.domain.connections import TokenSource
from softphone.domain.volunteers import Volunteer
from softphone.settings import Settings, read_settings
from softphone.store.database import Connection
from softphone.store.volunteers import insert_volunteer
from tests import people, postgres, telephony
from tests.bench.figures import Measured, Volley
from tests.bench.load import Order
from tests.conftest import MASTER_KEY

T = TypeVar("T")
CALLEES = 100
TOKENS_EACH = 5
"""Tokens of one volunteer: below the six a minute that anybody gets."""
START_SECONDS = 120.0
CONNECTIONS = 24
"""How many callers wait at once when the service is asked as fast as it goes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How much is asked: requests per second, for so many seconds, then as fast as it goes so many more."""

    rate: float
    seconds: float
    flat_out: int
    warm_up: int = 100

    @property
    def steady(self) -> int:
        """Requests at the fixed rate."""
        return round(self.rate * self.seconds)

    @property
    def total(self) -> int:
        """Requests of one kind, all in all."""
        return self.warm_up + self.steady + self.flat_out


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A process that serves."""

    port: int
    pid: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Everything that runs. `pages` are the headers of signed-in pages; each of `callers` dials one of `callees`."""

    settings: Settings
    service: Service
    pages: list[dict[str, str]]
    callers: list[Volunteer]
    callees: list[Volunteer]
    scale: Scale


@asynccontextmanager
async def served(
    database_url: str, furnish: Callable[[World], Awaitable[T]]
) -> AsyncGenerator[tuple[Settings, Service, T], None]:
    """The product on this empty database, after `furnish` has put into it what is needed."""
    port = _free_port()
    environment = {
        # Signatures are made for the public address; where the service listens is another matter.
        "SOFTPHONE_PUBLIC_URL": telephony.PUBLIC_URL,
        "SOFTPHONE_BIND": f"127.0.0.1:{port}",
        "SOFTPHONE_DATABASE_URL": database_url,
        "SOFTPHONE_MASTER_KEY": MASTER_KEY.hex(),
        # Nobody listens there: neither tokens nor answers ask Plivo anything.
        "SOFTPHONE_PLIVO_API_URL": "http://127.0.0.1:9",
        "SOFTPHONE_LOG_LEVEL": "warning",
    }
    settings = read_settings(environment)
    async with open_world(settings, clock=utc_now, chance=secrets.token_bytes, master_key=MASTER_KEY) as world:
        furnished = await furnish(world)
    async with _process("-m", "softphone", "serve", environment=environment) as process:
        await _listens(port)
        yield settings, Service(port=port, pid=process.pid), furnished


@asynccontextmanager
async def stage(database_url: str, scale: Scale) -> AsyncGenerator[Stage, None]:
    """The product on this empty database, with enough people for the scale."""
    async with served(database_url, lambda world: _furnish(world, scale)) as (settings, service, people_in_it):
        callers, callees, pages = people_in_it
        yield Stage(settings=settings, service=service, pages=pages, callers=callers, callees=callees, scale=scale)


@asynccontextmanager
async def bare_service() -> AsyncGenerator[Service, None]:
    """The route that does nothing."""
    port = _free_port()
    async with _process("-m", "tests.bench.bare", str(port)) as process:
        await _listens(port)
        yield Service(port=port, pid=process.pid)


@contextlib.contextmanager
def database_on(engine: str) -> Iterator[str]:
    """The URL of an empty database on a disk that keeps what it is told, as in production."""
    if engine == "sqlite":
        with tempfile.TemporaryDirectory(prefix="softphone-bench-") as folder:
            yield f"sqlite:///{Path(folder) / 'bench.db'}"
    else:
        with postgres.cluster(durable=True) as host:
            yield postgres.url(host, "postgres")


def crash(service: Service) -> None:
    """End a service without a chance to say or write anything more."""
    os.kill(service.pid, signal.SIGKILL)


async def measure(
    name: str, service: Service, requests: list[str], *, expected: str, scale: Scale
) -> tuple[Measured, list[int]]:
    """One kind of request: warm, at the rate, flat out. Also the numbers of all requests that were acknowledged."""
    warm, rest = requests[: scale.warm_up], requests[scale.warm_up :]
    steady, most = rest[: scale.steady], rest[scale.steady : scale.steady + scale.flat_out]
    first = await volley(service, warm, expected=expected, rate=None, connections=4)
    before = cpu_seconds(service.pid)
    at_rate = await volley(service, steady, expected=expected, rate=scale.rate)
    after = cpu_seconds(service.pid)
    flat_out = await volley(service, most, expected=expected, rate=None)
    cpu = None if before is None or after is None else (after - before) / len(steady)
    acknowledged = [
        *first.acknowledged,
        *(len(warm) + number for number in at_rate.acknowledged),
        *(len(warm) + len(steady) + number for number in flat_out.acknowledged),
    ]
    return Measured(name=name, steady=at_rate, flat_out=flat_out, cpu=cpu), acknowledged


async def volley(
    service: Service, requests: list[str], *, expected: str, rate: float | None, connections: int = CONNECTIONS
) -> Volley:
    """Have the load process send these."""
    order = Order(port=service.port, requests=requests, expected=expected, rate=rate, connections=connections)
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        await asyncio.to_thread(Path(file.name).write_text, json.dumps(asdict(order)))
        async with _process("-m", "tests.bench.load", file.name) as process:
            told, _ = await process.communicate()
    if process.returncode != 0:
        raise RuntimeError("the load process failed; what it said is above")
    return Volley(**json.loads(told))


def cpu_seconds(pid: int) -> float | None:
    """What a process has used of the processors so far, where Linux tells (proc(5), `stat`, fields 14 and 15)."""
    stat = Path(f"/proc/{pid}/stat")
    if not stat.exists():
        return None
    fields = stat.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def _furnish(world: World, scale: Scale) -> tuple[list[Volunteer], list[Volunteer], list[dict[str, str]]]:
    # Each caller makes one call: whoever dials again while a call runs is refused.
    callers = [people.volunteer(f"p{n}", extension=str(20_000 + n)) for n in range(scale.total)]
    callees = [people.volunteer(f"c{n}", extension=str(10_000 + n)) for n in range(CALLEES)]
    asking = [people.volunteer(f"t{n}", extension=str(80_000 + n)) for n in range(-(-scale.total // TOKENS_EACH))]
    now, database, keyring = world.clock(), world.database, world.keyring
    connection = telephony.connection(token_source=TokenSource.LOCAL)
    await database.write(
        lambda db: telephony.set_up(db, callees, keyring=keyring, until=now + timedelta(hours=12), to=connection)
    )

    async def more(db: Connection) -> None:
        for person in (*callers, *asking):
            await insert_volunteer(db, person)
            await telephony.add_endpoint(db, person, keyring=keyring)

    await database.write(more)
    pages = []
    for person in asking:
        session_id = await people.open_session(database, person, now=now)
        pages.append(
            {
                "Origin": telephony.PUBLIC_URL,
                "Cookie": f"sp={session_id}",
                "X-CSRF-Token": csrf_token(keyring, f"s-{session_id[:8]}"),
            }
        )
    return callers, callees, pages


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
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
        await process.wait()


async def _listens(port: int) -> None:
    async with asyncio.timeout(START_SECONDS):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except ConnectionError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
