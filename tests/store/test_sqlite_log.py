"""Nobody is told that a unit is kept before its bytes are on the disk."""

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from softphone.store.sqlite_log import WriteAheadLog


class Disk:
    """A disk that takes as long as a test wants, and fails when a test wants."""

    def __init__(self) -> None:
        self.trips = 0
        self.begun, self.go = Event(), Event()
        self.broken = False

    def synchronise(self, file: int) -> None:
        """Stand for fdatasync: the file is open."""
        os.fstat(file)
        self.trips += 1
        self.begun.set()
        self.go.wait()
        if self.broken:
            raise OSError("no space")


@pytest.fixture
def disk() -> Iterator[Disk]:
    """A disk; whoever still waits for it at the end is let go."""
    made = Disk()
    yield made
    made.go.set()


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """The path of a database that has a log beside it."""
    (tmp_path / "a.db-wal").write_bytes(b"frames")
    return tmp_path / "a.db"


async def test_whoever_comes_during_a_trip_waits_for_the_next_one_and_shares_it(database: Path, disk: Disk) -> None:
    """The trip that is under way may miss what was written after it began."""
    log = WriteAheadLog(database, synchronise=disk.synchronise)
    first = asyncio.create_task(log.reach_disk())
    await asyncio.to_thread(disk.begun.wait)
    later = [asyncio.create_task(log.reach_disk()) for _ in range(5)]
    await asyncio.sleep(0)

    assert not any(waiting.done() for waiting in (first, *later))
    disk.go.set()
    await asyncio.gather(first, *later)
    await log.close()

    assert disk.trips == 2


async def test_a_disk_that_fails_fails_everybody_aboard_and_nobody_after(database: Path, disk: Disk) -> None:
    """Nothing is acknowledged that a power cut could take."""
    log = WriteAheadLog(database, synchronise=disk.synchronise)
    disk.broken = True
    disk.go.set()

    with pytest.raises(OSError, match="no space"):
        await log.reach_disk()
    disk.broken = False
    await log.reach_disk()
    await log.close()
