"""The write-ahead log reaches the disk: what makes an acknowledged unit survive a power cut.

With `synchronous=FULL` SQLite does exactly this at the end of each COMMIT (sqlite.org/pragma.html#pragma_synchronous:
FULL "adds an fsync of the WAL file after each transaction commit"), one at a time and with the write lock held. Here
everybody who has committed while the disk was busy shares the next trip. In between a checkpoint may have moved the
pages and begun the log anew: it synchronises both files itself before it does so, and then there is less left to do.
"""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

SYNCHRONISE: Callable[[int], None] = getattr(os, "fdatasync", os.fsync)
"""As SQLite does: the size travels along where it matters, the time of change does not."""


class WriteAheadLog:
    """The `-wal` file beside a database (sqlite.org/tempfiles.html). SQLite keeps it for as long as a connection is
    open, and takes no lock on it, so that opening and closing it here disturbs nothing.
    """

    def __init__(self, database: Path, *, synchronise: Callable[[int], None] = SYNCHRONISE) -> None:
        self._synchronise = synchronise
        self._path = database.with_name(database.name + "-wal")
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sqlite-log")
        self._waiting: list[asyncio.Future[None]] = []
        self._travelling: asyncio.Task[None] | None = None
        self._file: int | None = None

    async def reach_disk(self) -> None:
        """Return when everything that is in the log at this moment will survive a power cut.

        Raises: OSError if the disk does not take it.
        """
        arrived: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(arrived)
        if self._travelling is None:
            self._travelling = asyncio.create_task(self._travel())
        await arrived

    async def close(self) -> None:
        """Let go of the file. Nobody may be waiting."""
        if self._travelling is not None:
            await self._travelling
        await asyncio.to_thread(self._thread.shutdown)
        if self._file is not None:
            os.close(self._file)

    async def _travel(self) -> None:
        while self._waiting:
            # Only those who are here before the trip begins: it may miss what is written while it lasts.
            aboard, self._waiting = self._waiting, []
            failed: OSError | None = None
            try:
                await asyncio.get_running_loop().run_in_executor(self._thread, self._go)
            except OSError as error:
                failed = error
            for arrived in aboard:
                if arrived.done():
                    continue
                if failed is not None:
                    arrived.set_exception(failed)
                else:
                    arrived.set_result(None)
        self._travelling = None

    def _go(self) -> None:
        if self._file is None:
            # Opened once there has been a commit, which is what makes the file.
            self._file = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC)
        self._synchronise(self._file)
