"""Fixtures that every room shares: a database of each engine, a clock, an app."""

import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from quart import Quart

from softphone.app import create_app
from softphone.settings import Settings
from softphone.store.database import Database
from softphone.store.schema import migrate
from softphone.store.sealing import Keyring
from softphone.store.sqlite import open_sqlite
from tests.clock import Clock

MASTER_KEY = bytes(range(32))
MEMORY_DISK = Path("/dev/shm")  # noqa: S108  # where it exists, fsync costs nothing; the code under test is the same


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


@pytest.fixture
async def database(database_file: Path) -> AsyncIterator[Database]:
    """A migrated, empty database."""
    opened = await open_sqlite(database_file)
    yield opened
    await opened.close()


@pytest.fixture
def settings(database_file: Path) -> Settings:
    """Settings whose database is the test's own file."""
    return Settings(database_url=f"sqlite:///{database_file}")


@pytest.fixture
async def app(settings: Settings, clock: Clock) -> AsyncIterator[Quart]:
    """The whole product, open."""
    made = create_app(settings, clock=clock, chance=secrets.token_bytes, master_key=MASTER_KEY)
    async with made.test_app():
        yield made
