"""Messages out of a byte stream: SIP over TCP ends a message where Content-Length says (RFC 3261 18.3)."""

import re
from dataclasses import dataclass

# Bytes. A browser's description has five thousand; a header that needs more than these is an attack or a mistake.
MAX_HEAD = 16_384
MAX_BODY = 65_536

GAP = re.compile(rb"\r\n\r\n|\n\n")
LENGTH = re.compile(rb"^(?:content-length|l)[ \t]*:[ \t]*([0-9]{1,9})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)

# RFC 5626 3.5.1: a client asks so whether the connection holds, and is answered with half of it.
PING = b"\r\n\r\n"
PONG = "\r\n"


@dataclass(frozen=True, slots=True)
class Ping:
    """The client asks whether the connection holds."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The bytes of one message."""

    octets: bytes


@dataclass(frozen=True, slots=True)
class Broken:
    """Where the next message begins cannot be known any more. `head` is what came; `status` says why."""

    status: int
    head: bytes


Piece = Ping | Frame | Broken


class Framing:
    """Cuts one connection's bytes into messages. After `Broken` the connection is of no more use."""

    def __init__(self) -> None:
        self._buffer = b""

    @property
    def partial(self) -> bool:
        """Has a message begun that has not ended?"""
        return bool(self._buffer.strip(b"\r\n"))

    def feed(self, octets: bytes) -> list[Piece]:
        """What has become whole with these bytes."""
        self._buffer += octets
        pieces: list[Piece] = []
        while (piece := self._next()) is not None:
            pieces.append(piece)
            if isinstance(piece, Broken):
                self._buffer = b""
                break
        return pieces

    def _next(self) -> Piece | None:
        if self._buffer.startswith(PING):
            self._buffer = self._buffer[len(PING) :]
            return Ping()
        # RFC 3261 7.5: empty lines before a message are ignored; two of them may still become a ping.
        if PING.startswith(self._buffer):
            return None
        start = len(self._buffer) - len(self._buffer.lstrip(b"\r\n"))
        gap = GAP.search(self._buffer, start)
        if gap is None:
            return Broken(513, self._buffer[start : start + MAX_HEAD]) if len(self._buffer) > MAX_HEAD else None
        head = self._buffer[start : gap.end()]
        lengths = {int(found) for found in LENGTH.findall(head)}
        if len(head) > MAX_HEAD or any(one > MAX_BODY for one in lengths):
            return Broken(513, head)
        if len(lengths) != 1:
            # None, two that differ, or one that is no number: the body's end is anywhere.
            return Broken(400, head)
        end = gap.end() + lengths.pop()
        if len(self._buffer) < end:
            return None
        frame, self._buffer = self._buffer[start:end], self._buffer[end:]
        return Frame(frame)
