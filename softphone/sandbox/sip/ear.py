"""An ear for one telephone that speaks plain RTP to the sandbox itself: it hears keys, and hums where Plivo speaks.

Only for telephones that are talking to the sandbox. Two telephones that are joined send their sound to each other.
"""

import asyncio
import math
import struct
from collections.abc import Callable

from softphone.sandbox.sip.media import event_type_of, target_of

# RFC 3550 5.1: version 2, no padding, no extension, no contributors.
HEAD = struct.Struct("!BBHII")
VERSION = 0x80

# RFC 4733 3.2: events 0 to 15.
KEYS = "0123456789*#ABCD"

# Samples in 20 ms, the packet that every telephone takes.
PACKET = 160
PACKET_SECONDS = 0.02

# Seconds between two silent packets: telephones hang up when they hear nothing at all for long.
SIGN_OF_LIFE = 2.0

# RFC 3551 4.5.14: silence in PCMU, and 20 ms of 400 Hz, not loud.
SILENCE = b"\xff" * PACKET


def pcmu(sample: int) -> int:
    """A sample of 16 bits as PCMU (ITU-T G.711)."""
    sign = 0x80 if sample < 0 else 0
    magnitude = min(abs(sample), 32_635) + 132
    exponent = max(0, magnitude.bit_length() - 8)
    return ~(sign | exponent << 4 | magnitude >> exponent + 3 & 0x0F) & 0xFF


HUM = bytes(pcmu(round(6_000 * math.sin(2 * math.pi * at * 400 / 8_000))) for at in range(PACKET))


class Ear(asyncio.DatagramProtocol):
    """One address that a telephone sends its sound to. `key` is told every key press, once."""

    def __init__(self, *, key: Callable[[str], None], number: int) -> None:
        self._key = key
        self._source = number
        self._transport: asyncio.DatagramTransport | None = None
        self._target: tuple[str, int] | None = None
        self._event_type = 101
        self._pressed: int | None = None
        self._sequence = number & 0x7FFF
        self._time = 0
        self._timer: asyncio.TimerHandle | None = None
        self.packets = 0

    @classmethod
    async def open(cls, host: str, *, key: Callable[[str], None], number: int) -> "Ear":
        """An ear on a free port of `host`. `number` names its stream. Raises: OSError when no port is free."""
        made = cls(key=key, number=number)
        made._transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: made, local_addr=(host, 0)
        )
        return made

    @property
    def port(self) -> int:
        """Where it listens; 0 when it is closed."""
        return int(self._transport.get_extra_info("sockname")[1]) if self._transport else 0

    def turn_to(self, sdp: str) -> None:
        """Speak to the telephone with this description."""
        if self._timer is not None:
            self._timer.cancel()
        self._target = target_of(sdp)
        self._event_type = event_type_of(sdp)
        self._live()

    async def hum(self, seconds: float, *, stop: asyncio.Event) -> None:
        """Hum for so long, or until `stop` is set: there is no voice here, but somebody listens."""
        loop = asyncio.get_running_loop()
        ends = loop.time() + seconds
        while (left := ends - loop.time()) > 0:
            self._send(HUM)
            try:
                await asyncio.wait_for(stop.wait(), min(left, PACKET_SECONDS))
            except TimeoutError:
                continue
            return

    def close(self) -> None:
        """Stop listening."""
        if self._timer is not None:
            self._timer.cancel()
        if self._transport is not None:
            self._transport.close()
        self._transport = self._timer = None

    def datagram_received(self, data: bytes, addr: tuple[str | int, int]) -> None:
        """A packet of sound, or of a key. What is no RTP is passed over."""
        if len(data) < HEAD.size or data[0] & 0xC0 != VERSION:
            return
        self.packets += 1
        _, kind, _, stamp, _ = HEAD.unpack_from(data)
        body = data[HEAD.size + 4 * (data[0] & 0x0F) :]
        # RFC 4733 2.5.1.2: the packets of one press, three of them at its end, all have the time of its beginning.
        if kind & 0x7F == self._event_type and len(body) >= 4 and body[0] < len(KEYS) and stamp != self._pressed:
            self._pressed = stamp
            self._key(KEYS[body[0]])

    def _live(self) -> None:
        self._send(SILENCE)
        self._timer = asyncio.get_running_loop().call_later(SIGN_OF_LIFE, self._live)

    def _send(self, sound: bytes) -> None:
        if self._transport is None or self._target is None:
            return
        self._sequence = self._sequence + 1 & 0xFFFF
        self._time = self._time + PACKET & 0xFFFFFFFF
        head = HEAD.pack(VERSION, 0, self._sequence, self._time, self._source & 0xFFFFFFFF)
        self._transport.sendto(head + sound, self._target)
