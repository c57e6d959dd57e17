"""One WebSocket that speaks SIP (RFC 7118): a message a frame, text in and text out."""

import asyncio
from collections.abc import Awaitable, Callable

from softphone.sandbox.sip.line import BROWSER
from softphone.sandbox.sip.service import SipService

SUBPROTOCOL = "sip"


class Socket:
    """An open socket as the lines use it: a queue that somebody empties."""

    place = BROWSER

    def __init__(self) -> None:
        self._out: asyncio.Queue[str | None] = asyncio.Queue()

    def send(self, text: str) -> None:
        """Send a message soon."""
        self._out.put_nowait(text)

    def cut(self) -> None:
        """Close the socket, after what was sent before."""
        self._out.put_nowait(None)

    async def next_out(self) -> str | None:
        """The next message to send; None when the socket is to be closed."""
        return await self._out.get()


async def talk(
    service: SipService,
    *,
    receive: Callable[[], Awaitable[str | bytes]],
    send: Callable[[str], Awaitable[None]],
) -> None:
    """Speak SIP until the socket is cut from our side; it is for the caller to close it then.

    Cancelled when the other side closes, as Quart does; then whatever waits for the device waits on its line.
    """
    socket = Socket()
    service.opened(socket)
    reader = asyncio.create_task(_read(service, socket, receive))
    try:
        while (text := await socket.next_out()) is not None:
            await send(text)
    finally:
        reader.cancel()
        service.closed(socket)
        await asyncio.gather(reader, return_exceptions=True)


async def _read(service: SipService, socket: Socket, receive: Callable[[], Awaitable[str | bytes]]) -> None:
    try:
        while True:
            came = await receive()
            # RFC 7118 5.1 allows binary frames as well.
            service.received(socket, came if isinstance(came, str) else came.decode(errors="replace"))
    finally:
        socket.cut()
