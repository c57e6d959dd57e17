"""The load, in a process of its own: requests made beforehand, sent at a fixed rate or as fast as answers come.

At a fixed rate each request has its moment, whether or not earlier ones were answered (an open loop), and its time
counts from that moment: a service that stalls is seen to stall. Otherwise so many connections each send their next
request when the last one was answered (a closed loop), which finds the most that the service can do.
"""

import asyncio
import json
import sys
import time
from collections import deque
from collections.abc import Callable
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


async def fire(order: Order) -> Volley:
    """Send everything, and tell how it went."""
    loop = asyncio.get_running_loop()
    idle: deque[Wire] = deque()
    opened = order.connections if order.rate is None else 16
    for _ in range(opened):
        _, wire = await loop.create_connection(lambda: Wire(idle.append), "127.0.0.1", order.port)
        idle.append(wire)
    took: list[float] = [0.0] * len(order.requests)
    acknowledged = [False] * len(order.requests)
    refused: list[str] = []
    expected = order.expected.encode()

    async def one(number: int, due: float) -> None:
        nonlocal opened
        if not idle and opened < MAX_CONNECTIONS:
            opened += 1
            _, wire = await loop.create_connection(lambda: Wire(idle.append), "127.0.0.1", order.port)
        else:
            while not idle:
                await asyncio.sleep(0.001)
            wire = idle.popleft()
        try:
            status, body = await wire.ask(order.requests[number].encode())
        except ConnectionError as error:
            refused.append(type(error).__name__)
            return
        took[number] = time.perf_counter() - due
        acknowledged[number] = status == 200 and expected in body
        if not acknowledged[number]:
            refused.append(f"{status} {body[:160]!r}")

    began = time.perf_counter()
    if order.rate is None:
        numbers = iter(range(len(order.requests)))

        async def keep_asking() -> None:
            for number in numbers:
                await one(number, time.perf_counter())

        await asyncio.gather(*(keep_asking() for _ in range(order.connections)))
    else:
        asking = []
        for number in range(len(order.requests)):
            due = began + number / order.rate
            if (wait := due - time.perf_counter()) > 0:
                await asyncio.sleep(wait)
            asking.append(asyncio.create_task(one(number, due)))
        await asyncio.wait(asking, timeout=PATIENCE)
    return Volley(
        seconds=time.perf_counter() - began,
        took=[t for t, ok in zip(took, acknowledged, strict=True) if ok],
        acknowledged=[number for number, ok in enumerate(acknowledged) if ok],
        sent=len(order.requests),
        refused=sorted(set(refused))[:3],
    )


def main(path: str) -> None:
    """Read an order from a file and print the volley."""
    order = Order(**json.loads(Path(path).read_text()))
    print(json.dumps(asdict(uvloop.run(fire(order)))))


if __name__ == "__main__":
    main(sys.argv[1])
