"""Hash passwords off the loop, a few at a time, and refuse when too many wait (threat model, TM-R4)."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from softphone.domain.errors import Busy
from softphone.domain.secret import Secret

R = TypeVar("R")

AT_ONCE = 2  # threat model, section 4: each takes 19 MiB and one core for about 20 ms.
MOST_WAITING = 20

NOBODYS = "$argon2id$v=19$m=19456,t=2,p=1$PQONOroY4TF/UIv2+zlc6Q$FKX4IrNn8DfdJ3+hHI2pC1IF5iSQlVLW0IqK/lSS75s"
"""Compared where there is no such person or no password yet, so that the answer takes as long (TM-A3)."""


class Passwords:
    """Hashes and verifies with Argon2id, 19 MiB, two passes, one lane."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
        # A pool of its own: a cancelled request's hash still holds its place, and DNS or files never wait behind it.
        self._threads = ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="password")
        self._asked = 0
        self.hashed = 0
        """How many hashes were computed."""

    async def hash(self, password: Secret) -> str:
        """What may be stored of a password.

        Raises: Busy when too many wait already.
        """
        return await self._run(lambda: self._hasher.hash(password.reveal()))

    async def verify(self, password: Secret, stored: str | None) -> bool:
        """True if the password is the one of the hash. Takes as long where there is no hash.

        Raises: Busy when too many wait already.
        """

        def compare() -> bool:
            try:
                return self._hasher.verify(stored or NOBODYS, password.reveal()) and stored is not None
            except (VerificationError, InvalidHashError):
                return False

        return await self._run(compare)

    async def _run(self, job: Callable[[], R]) -> R:
        if self._asked >= AT_ONCE + MOST_WAITING:
            raise Busy
        self._asked += 1
        self.hashed += 1
        running = self._threads.submit(job)
        loop = asyncio.get_running_loop()
        # Counted down when the work ends, not when the caller goes away.
        running.add_done_callback(lambda _: _on_loop(loop, self._ended))
        return await asyncio.wrap_future(running)

    def _ended(self) -> None:
        self._asked -= 1


def _on_loop(loop: asyncio.AbstractEventLoop, call: Callable[[], None]) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(call)
