"""A floor for the journeys."""

import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.journeys.floor import Floor, a_floor


@pytest.fixture(scope="module")
async def the_floor(disk: Path) -> AsyncIterator[Floor]:
    """Ana, Ben and Chloe at one hotline."""
    with tempfile.TemporaryDirectory(dir=disk) as folder:
        async with a_floor(Path(folder), "ana", "ben", "chloe") as made:
            yield made


@pytest.fixture
async def floor(the_floor: Floor) -> Floor:
    """The same, with nothing going on, everybody on duty and every phone silent."""
    await the_floor.begin()
    return the_floor


@pytest.fixture
async def crowded(disk: Path) -> AsyncIterator[Floor]:
    """Twenty-three people at one hotline."""
    with tempfile.TemporaryDirectory(dir=disk) as folder:
        async with a_floor(Path(folder), *(f"p{number}" for number in range(23))) as made:
            yield made
