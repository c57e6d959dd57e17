"""What actions may touch, without an app around it."""

import secrets
from collections.abc import AsyncIterator

import pytest

from softphone.actions.world import World
from softphone.plivo.media import PlivoMedia
from softphone.plivo.rest import PlivoRest
from softphone.settings import Settings
from softphone.store.database import Database
from softphone.store.sealing import Keyring
from tests.clock import Clock
from tests.plivo_wire import PretendPlivo


async def no_pause(_seconds: float) -> None:
    """A wait that takes no time."""


@pytest.fixture
def pretend() -> PretendPlivo:
    """A pretend Plivo."""
    return PretendPlivo()


@pytest.fixture
async def calling(database: Database, keyring: Keyring, clock: Clock, pretend: PretendPlivo) -> AsyncIterator[World]:
    """A world with a pretend Plivo at its end."""
    plivo = PlivoRest("https://api.plivo.com", transport=pretend.transport(), pause=no_pause)
    media = PlivoMedia("https://media.plivo.com", transport=pretend.transport())
    yield World(
        settings=Settings(),
        database=database,
        keyring=keyring,
        plivo=plivo,
        media=media,
        clock=clock,
        chance=secrets.token_bytes,
    )
    await plivo.close()
    await media.close()
