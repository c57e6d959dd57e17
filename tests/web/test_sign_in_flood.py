"""A flood of sign-ins costs callers nothing (threat model, TM-R4)."""

import asyncio
import threading
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

import pytest
from quart import Quart

from softphone.actions.password_hashing import AT_ONCE, MOST_WAITING, Passwords
from softphone.domain.errors import Busy
from softphone.domain.secret import Secret
from softphone.domain.volunteers import Dialling
from softphone.web.deps import Deps
from tests import people
from tests.clock import NOON
from tests.conftest import STANDSTILL
from tests.telephony import Caller, connection, set_up
from tests.web.conftest import Browser


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class HeldBack(Secret):
    """A password whose hash does not end before it is let go: a hash that takes as long as the test wants."""

    begun: threading.Semaphore
    go: threading.Event

    def reveal(self) -> str:
        """The text, when the test lets it go. Hashing asks for it in its own thread."""
        self.begun.release()
        self.go.wait(STANDSTILL)
        return "let go"


@pytest.mark.tm("TM-R4")
async def test_two_hash_twenty_wait_and_the_rest_are_sent_away() -> None:
    """Whoever comes after them is told to come again, at once and without any work."""
    passwords, begun, go = Passwords(), threading.Semaphore(0), threading.Event()
    held = HeldBack("", begun, go)

    running = [asyncio.create_task(passwords.verify(held, None)) for _ in range(AT_ONCE + MOST_WAITING)]
    for _ in range(AT_ONCE):
        await asyncio.to_thread(begun.acquire, timeout=STANDSTILL)
    with pytest.raises(Busy):
        await passwords.verify(Secret("one more"), None)
    third = begun.acquire(blocking=False)
    go.set()

    assert not third
    assert await asyncio.gather(*running) == [False] * (AT_ONCE + MOST_WAITING)
    assert not await passwords.verify(Secret("afterwards"), None)


@pytest.mark.tm("TM-R4")
async def test_callbacks_are_answered_while_every_hash_is_taken(app: Quart, parts: Deps, visitor: Browser) -> None:
    """With all hashing threads stuck and the queue full, a hundred sign-ins from as many networks are sent away, a page
    goes on, and every call is put through.
    """
    world, begun, go = parts.world, threading.Semaphore(0), threading.Event()
    callers = [people.volunteer(f"p{n}", extension=str(200 + n), dialling=Dialling.NUMBERS) for n in range(10)]
    until = NOON + timedelta(hours=1)
    await world.database.write(lambda db: set_up(db, callers, keyring=world.keyring, until=until, to=connection()))
    plivo = Caller(app=app)
    held = HeldBack("", begun, go)
    stuck = [asyncio.create_task(world.passwords.verify(held, None)) for _ in range(AT_ONCE + MOST_WAITING)]
    for _ in range(AT_ONCE):
        await asyncio.to_thread(begun.acquire, timeout=STANDSTILL)
    client, before = app.test_client(use_cookies=False), world.passwords.hashed

    async def sign_in(number: int) -> int:
        base = {"client": (f"10.0.{number}.1", 1000)}
        body = {"login": "p1", "password": "wrong"}
        return (await client.post("/api/session", headers=visitor.headers(), json=body, scope_base=base)).status_code

    async def dial(number: int) -> bool:
        answer = await plivo.dial(callers[number], f"1415555{number + 200:04}", call=f"call-{number:04}")
        return answer.status_code == 200 and b"<Dial" in await answer.data

    flood = [asyncio.create_task(sign_in(number)) for number in range(100)]
    dialled = await asyncio.gather(*(dial(number) for number in range(10)))
    refused = Counter(await asyncio.gather(*flood))
    still_stuck = not any(task.done() for task in stuck)
    go.set()
    await asyncio.gather(*stuck)

    assert dialled == [True] * 10
    assert refused == {503: 100}
    assert still_stuck
    assert world.passwords.hashed == before
    assert await sign_in(200) == 401
