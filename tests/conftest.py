"""Fixtures that every room shares: a database of each engine, a clock, an app."""

import secrets
from collections.abc import AsyncIterator
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


@pytest.fixture
def clock() -> Clock:
    """A clock that stands at noon until a test moves it."""
    return Clock()


@pytest.fixture
def keyring() -> Keyring:
    """A keyring with a fixed key."""
    return Keyring(MASTER_KEY, chance=secrets.token_bytes)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """A migrated, empty database."""
    opened = await open_sqlite(tmp_path / "test.db")
    await migrate(opened)
    yield opened
    await opened.close()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings whose database is the test's own file."""
    return Settings(database_url=f"sqlite:///{tmp_path / 'app.db'}")


@pytest.fixture
async def app(settings: Settings, clock: Clock) -> AsyncIterator[Quart]:
    """The whole product, open."""
    made = create_app(settings, clock=clock, chance=secrets.token_bytes, master_key=MASTER_KEY)
    async with made.test_app():
        yield made
