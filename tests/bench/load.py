"""The load, in a process of its own: requests made beforehand, sent at a fixed rate or as fast as answers come.

At a fixed rate each request has its moment, whether or not earlier ones were answered (an open loop), and its time
counts from that moment: a service that stalls is seen to stall. Otherwise so many connections each send their next
request when the last one was answered (a closed loop), which finds the most that the service can do.
"""

import asyncio
import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httptools
import uvloop

from tests.bench.figures import Volley

PATIENCE = 30.0
"""Seconds after the last request for stragglers. It bounds a failure; nothing is measured by it."""
MAX_CONNECTIONS = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to send. `rate` is requests per second; with None, `connections` keep it busy."""

    port: int
    requests: list[str]
    expected: str
    rate: float | None
    connections: int


class Wire(asyncio.Protocol):
    """One HTTP/1.1 connection that stays open, with one request on it at a time."""

    def __init__(self, idle: "Callable[[Wire], None]") -> None:
        self._idle = idle
        self._parser = httptools.HttpResponseParser(self)
        self._answered: asyncio.Future[tuple[int, bytes]] | None = None
        self._body = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: Any) -> None:
        """Open."""
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """Closed: whoever waits is told."""
        if self._answered is not None and not self._answered.done():
            self._answered.set_exception(exc or ConnectionResetError())

    def data_received(self, data: bytes) -> None:
        """Bytes of an answer."""
        self._parser.feed_data(data)

    def on_body(self, body: bytes) -> None:
        """A piece of the body, from the parser."""
        self._body += body

    def on_message_complete(self) -> None:
        """The whole answer is here, from the parser."""
        status, body, self._body = self._parser.get_status_code(), self._body, b""
        self._parser = httptools.HttpResponseParser(self)
        if self._answered is not None and not self._answered.done():
            self._answered.set_result((status, body))
        self._idle(self)

    def ask(self, request: bytes) -> "asyncio.Future[tuple[int, bytes]]":
        """Send a request; its status and body are to come."""
        self._answered = asyncio.get_running_loop().create_future()
        if self._transport is not None:
            self._transport.write(request)
        return self._answered


class Load:
    """One order being carried out."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._expected = order.expected.encode()
        self._idle: asyncio.LifoQueue[Wire] = asyncio.LifoQueue()
        self._opened = 0
        self._took: dict[int, float] = {}
        self._refused: set[str] = set()

    async def fire(self) -> Volley:
        """Send everything, and tell how it went."""
        for _ in range(self._order.connections):
            await self._open()
        began = time.perf_counter()
        if self._order.rate is None:
            numbers = iter(range(len(self._order.requests)))
            await asyncio.gather(*(self._keep_asking(numbers) for _ in range(self._order.connections)))
        else:
            await self._ask_in_time(began, self._order.rate)
        return Volley(
            seconds=time.perf_counter() - began,
            took=list(self._took.values()),
            acknowledged=sorted(self._took),
            sent=len(self._order.requests),
            refused=sorted(self._refused)[:3],
        )

    async def _keep_asking(self, numbers: Iterator[int]) -> None:
        for number in numbers:
            await self._ask(number, time.perf_counter())

    async def _ask_in_time(self, began: float, rate: float) -> None:
        asking = []
        for number in range(len(self._order.requests)):
            due = began + number / rate
            if (wait := due - time.perf_counter()) > 0:
                await asyncio.sleep(wait)
            asking.append(asyncio.create_task(self._ask(number, due)))
        await asyncio.wait(asking, timeout=PATIENCE)

    async def _ask(self, number: int, due: float) -> None:
        if self._idle.empty() and self._opened < MAX_CONNECTIONS:
            await self._open()
        wire = await self._idle.get()
        try:
            status, body = await wire.ask(self._order.requests[number].encode())
        except ConnectionError as error:
            self._refused.add(type(error).__name__)
            return
        if status == 200 and self._expected in body:
            self._took[number] = time.perf_counter() - due
        else:
            self._refused.add(f"{status} {body[:160]!r}")

    async def _open(self) -> None:
        self._opened += 1
        loop = asyncio.get_running_loop()
        _, wire = await loop.create_connection(lambda: Wire(self._idle.put_nowait), "127.0.0.1", self._order.port)
        self._idle.put_nowait(wire)


def main(path: str) -> None:
    """Read an order from a file and print the volley."""
    order = Order(**json.loads(Path(path).read_text()))
    print(json.dumps(asdict(uvloop.run(Load(order).fire()))))


if __name__ == "__main__":
    main(sys.argv[1])
