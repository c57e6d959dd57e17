"""One connection to the server: HTTP/1.1, with an end to patience before a request is whole.

uvicorn bounds what comes after the headers and between two requests. What it leaves open is how long the headers
themselves may take and how large they may grow, and a connection that never says anything (threat model, TM-R1).
"""

import http
from asyncio import Transport
from asyncio.events import TimerHandle

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from softphone.web.http_rules import CODES, HEADER_BYTES

HEAD_SECONDS = 10
"""How long a request's headers may take to arrive, from its first byte or from the opening of the connection."""
HEAD_BYTES = 2 * HEADER_BYTES
"""No more of a request is kept before its headers are complete: the address, and headers that `http_rules` refuses."""


class BoundedHttp(HttpToolsProtocol):
    """uvicorn's HTTP/1.1, for which a head that is too slow, too large or none at all ends the connection."""

    _waiting: TimerHandle | None = None
    _head = 0
    _in_head = True

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]  # as uvicorn declares it
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what arrives, and refuse a head that grows beyond its bound."""
        super().data_received(data)
        if not self._in_head or self.transport.is_closing():
            return
        self._head += len(data)
        if self._head > HEAD_BYTES:
            self._refuse(431)

    def on_message_begin(self) -> None:
        """Begin to wait for the rest of the head."""
        super().on_message_begin()
        self._in_head, self._head = True, 0
        self._await_head()

    def on_headers_complete(self) -> None:
        """The head is whole; the body has bounds of its own."""
        self._in_head = False
        self._stop_waiting()
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is not HTTP, in the shape of every other refusal."""
        self._refuse(400)

    def _await_head(self) -> None:
        self._stop_waiting()
        self._waiting = self.loop.call_later(HEAD_SECONDS, self._refuse, 408)

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _refuse(self, status: int) -> None:
        self._stop_waiting()
        if self.transport.is_closing():
            return
        # Answers to earlier requests of this connection may be under way: nothing may come between their bytes.
        if self.cycle is None or self.cycle.response_complete:
            self.transport.write(refusal(status))
        self.transport.close()


def refusal(status: int) -> bytes:
    """A whole answer that ends the connection."""
    code, message = CODES[status]
    body = f'{{"error":{{"code":"{code}","message":"{message}"}}}}'.encode()
    lines = (
        f"HTTP/1.1 {status} {http.HTTPStatus(status).phrase}",
        "content-type: application/json",
        f"content-length: {len(body)}",
        "content-security-policy: default-src 'none'; frame-ancestors 'none'",
        "x-content-type-options: nosniff",
        "cache-control: no-store",
        "connection: close",
    )
    return "\r\n".join((*lines, "", "")).encode() + body
