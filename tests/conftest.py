"""Fixtures that every room shares: a database of each engine, a clock, an app."""

import asyncio
import os
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import hypothesis
import pytest
from quart import Quart
from quart.testing import TestApp

from softphone.app import create_app, open_database
from softphone.domain.patience import Patience
from softphone.settings import Settings
from softphone.store.database import Database
from softphone.store.schema import migrate
from softphone.store.sealing import Keyring
from softphone.store.sqlite import open_sqlite
from tests import postgres
from tests.clock import Clock

hypothesis.settings.register_profile(
    "patient", deadline=None, derandomize=True, database=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("patient")

MASTER_KEY = bytes(range(32))
STANDSTILL = 600
"""How many seconds a machine may stand still in a test. What must come is waited for, not timed."""
PATIENT = Patience(answer=STANDSTILL, turn=STANDSTILL, lock=STANDSTILL)
MEMORY_DISK = Path("/dev/shm")  # noqa: S108  # where it exists, fsync costs nothing; the code under test is the same


ONLY = os.environ.get("TEST_ENGINES", "sqlite,postgresql").split(",")
ENGINES = [name for name in ("sqlite", "postgresql") if name in ONLY and (name == "sqlite" or postgres.programs())]
"""The engines that tests of the store run on."""

APP_ENGINES = [name for name in os.environ.get("TEST_APP_ENGINES", "sqlite").split(",") if name in ENGINES]
"""The engines that tests of the whole app run on. `make test BOTH=yes` runs those on PostgreSQL too."""


def pytest_report_header() -> str:
    """Say in words which engines are tested, so that a missing one is never a surprise."""
    if "postgresql" in ENGINES:
        return f"databases: {', '.join(ENGINES)}"
    why = "PostgreSQL's programs are not installed" if "postgresql" in ONLY else "TEST_ENGINES leaves PostgreSQL out"
    return f"databases: {', '.join(ENGINES)} ONLY, because {why}"


@pytest.fixture
def clock() -> Clock:
    """A clock that stands at noon until a test moves it."""
    return Clock()


@pytest.fixture
def keyring() -> Keyring:
    """A keyring with a fixed key."""
    return Keyring(MASTER_KEY, chance=secrets.token_bytes)


@pytest.fixture(scope="session")
def disk() -> Iterator[Path]:
    """A folder of this run for databases, in memory where there is such a disk."""
    with tempfile.TemporaryDirectory(
        prefix="softphone-tests-", dir=MEMORY_DISK if MEMORY_DISK.is_dir() else None
    ) as made:
        yield Path(made)


@pytest.fixture(scope="session")
async def migrated_file(disk: Path) -> Path:
    """A migrated, empty SQLite file, to be copied."""
    path = disk / "migrated.db"
    opened = await open_sqlite(path)
    await migrate(opened)
    await opened.close()
    return path


@pytest.fixture
def database_file(disk: Path, migrated_file: Path) -> Iterator[Path]:
    """The test's own migrated, empty SQLite file."""
    folder = Path(tempfile.mkdtemp(dir=disk))
    yield Path(shutil.copy(migrated_file, folder / "test.db"))
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def cluster() -> Iterator[str]:
    """A throw-away PostgreSQL cluster with one migrated, empty database called `base`."""
    with postgres.cluster() as host:
        postgres.administer(host, "CREATE DATABASE base")
        # In a thread of its own: this fixture must not disturb the loop that the tests share.
        with ThreadPoolExecutor(1) as threads:
            threads.submit(asyncio.run, _migrate(postgres.url(host, "base"))).result()
        yield host


async def _migrate(url: str) -> None:
    opened = await open_database(Settings(database_url=url))
    await migrate(opened)
    await opened.close()


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of the test's own migrated, empty database, on each engine in turn."""
    yield from _empty_database(request)


@pytest.fixture(params=APP_ENGINES)
def app_database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The same for the whole app."""
    yield from _empty_database(request)


def _empty_database(request: pytest.FixtureRequest) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{request.getfixturevalue('database_file')}"
        return
    host = request.getfixturevalue("cluster")
    name = f"t{secrets.token_hex(6)}"
    postgres.administer(host, f"CREATE DATABASE {name} TEMPLATE base")
    yield postgres.url(host, name)
    postgres.administer(host, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A migrated, empty database."""
    opened = await open_database(Settings(database_url=database_url), patience=PATIENT)
    yield opened
    await opened.close()


@pytest.fixture
def settings(app_database_url: str) -> Settings:
    """Settings whose database is the test's own."""
    return Settings(database_url=app_database_url)


def serving(app: Quart) -> TestApp:
    """The app, open for as long as the context lasts."""
    return TestApp(app, startup_timeout=STANDSTILL, shutdown_timeout=STANDSTILL)


@pytest.fixture
async def app(settings: Settings, clock: Clock) -> AsyncIterator[Quart]:
    """The whole product, open."""
    made = create_app(settings, clock=clock, chance=secrets.token_bytes, master_key=MASTER_KEY, patience=PATIENT)
    async with serving(made):
        yield made
