"""The way to one device. It outlives the device's socket for a while: the SDK opens another when one breaks."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

# Seconds that a call waits for its device to come back. The SDK tries again within a few seconds; RFC 3261 17.1.1.2
# gives a transaction 32 s (64 times T1).
GRACE = 32.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """How the sandbox names itself on a socket, and who is at the other end."""

    transport: str
    sent_by: str
    contact: str
    peer: str = ""


# RFC 7118 5.2 and 5.5: a browser cannot be called back by address, so none is given.
BROWSER = Place(
    transport="WS", sent_by="sandbox.invalid", contact="sip:sandbox@sandbox.invalid;transport=ws", peer="browser"
)


class Wire(Protocol):
    """One open socket, or one address that datagrams come from."""

    @property
    def place(self) -> Place:
        """What it is."""

    def send(self, text: str) -> None:
        """Send a message. Never waits, never raises."""

    def cut(self) -> None:
        """Close the socket."""


class Line:
    """What is for one device goes here: out by its newest socket, or onto a queue while there is none."""

    def __init__(self, device: str, *, grace: float = GRACE) -> None:
        self.device = device
        self.plain_only = False
        """The device takes no other sound than plain RTP: it has said so once."""
        self._place = BROWSER
        self._grace = grace
        self._wire: Wire | None = None
        self._waiting: list[str] = []
        self._losses: dict[str, Callable[[], None]] = {}
        self._timer: asyncio.TimerHandle | None = None

    @property
    def open(self) -> bool:
        """Is there a socket now?"""
        return self._wire is not None

    @property
    def place(self) -> Place:
        """What its newest socket is, or was."""
        return self._place

    @property
    def idle(self) -> bool:
        """Nobody uses the line, nothing waits on it, and nobody is at the other end."""
        return self._wire is None and not self._losses and not self._waiting

    @property
    def unused(self) -> bool:
        """No call is on the line."""
        return not self._losses and not self._waiting

    def attach(self, wire: Wire) -> None:
        """The device speaks on this socket now. What waited goes out."""
        self._wire = wire
        self._place = wire.place
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        waiting, self._waiting = self._waiting, []
        for text in waiting:
            wire.send(text)

    def detach(self, wire: Wire) -> None:
        """A socket has closed. Calls on the line are lost if the device does not come back in time."""
        if self._wire is not wire:
            return
        self._wire = None
        self._timer = asyncio.get_running_loop().call_later(self._grace, self._give_up)

    def send(self, text: str) -> None:
        """Send a message now, or when the device is back."""
        if self._wire is None:
            self._waiting.append(text)
        else:
            self._wire.send(text)

    def withdraw(self, text: str) -> bool:
        """Take back a message that still waits. False when it is gone already."""
        if text not in self._waiting:
            return False
        self._waiting.remove(text)
        return True

    def watch(self, call_id: str, lost: Callable[[], None]) -> None:
        """Call `lost` if the device does not come back while this call is on the line."""
        self._losses[call_id] = lost

    def unwatch(self, call_id: str) -> None:
        """The call is over."""
        self._losses.pop(call_id, None)

    def cut(self) -> None:
        """Close the device's socket."""
        if self._wire is not None:
            self._wire.cut()

    def _give_up(self) -> None:
        self._timer = None
        self._waiting.clear()
        for lost in tuple(self._losses.values()):
            lost()
