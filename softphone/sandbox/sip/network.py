"""SIP over UDP and TCP on one port: sockets, and what keeps them from being flooded. What is said goes to the service.

Loopback unless told otherwise: whoever reaches these ports may try passwords.
"""

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress

from softphone.sandbox.sip.checking import Refused, read_checked, salvage
from softphone.sandbox.sip.dialogs import reply
from softphone.sandbox.sip.framing import PONG, Broken, Frame, Framing, Piece, Ping
from softphone.sandbox.sip.journal import Journal, What
from softphone.sandbox.sip.limits import Meter
from softphone.sandbox.sip.line import Place
from softphone.sandbox.sip.message import Request, Response, render_message
from softphone.sandbox.sip.service import SipService
from softphone.sandbox.sip.transactions import Timing, Transactions
from softphone.sandbox.sip.via import Address, answers_to, top_via, with_source

# Connections that may be open at once.
MOST_CONNECTIONS = 500

# Seconds that a message may take to arrive whole.
MESSAGE_PATIENCE = 30.0

# Bytes that may wait for a reader that does not read.
MOST_UNREAD = 1_048_576

# Times that a free port for both is looked for.
TRIES = 20


class Datagrams(asyncio.DatagramProtocol):
    """The UDP socket: each datagram is one message."""

    def __init__(self, network: "SipNetwork") -> None:
        self._network = network
        self.closed = asyncio.Event()

    def connection_lost(self, exc: Exception | None) -> None:
        """The socket is closed."""
        self.closed.set()

    def datagram_received(self, data: bytes, addr: tuple[str | int, ...]) -> None:
        """Take one message."""
        sender = (str(addr[0]), int(addr[1]))
        if data.strip(b"\r\n\x00"):
            self._network.datagram(data, sender)

    def error_received(self, exc: Exception) -> None:
        """Somebody's port is closed; the timers find out who."""


class Below:
    """Where transactions send: one address over UDP, or one connection."""

    def __init__(self, place: Place, write: Callable[[bytes], None], end: Callable[[], None]) -> None:
        self.place = place
        self._write = write
        self._end = end

    def send(self, text: str) -> None:
        """Send a message now."""
        self._write(text.encode(errors="replace"))

    def cut(self) -> None:
        """Close the connection; an address has none."""
        self._end()


class Above:
    """The same as the service knows it: what is sent here is seen through by the transactions."""

    def __init__(self, below: Below, transactions: Transactions) -> None:
        self.place = below.place
        self._below = below
        self._transactions = transactions

    def send(self, text: str) -> None:
        """Send a message, again if need be."""
        self._transactions.send(self._below, self, text)

    def cut(self) -> None:
        """Close the connection."""
        self._below.cut()


class SipNetwork:
    """The SIP doors of one sandbox, open between `open` and `close`."""

    def __init__(self, service: SipService, *, journal: Journal, timing: Timing | None = None) -> None:
        self._service = service
        self._journal = journal
        self._meter = Meter()
        self.transactions = Transactions(take=service.take, unacknowledged=service.unacknowledged, timing=timing)
        self._udp: tuple[asyncio.DatagramTransport, Datagrams] | None = None
        self._port = 0
        self._tcp: asyncio.Server | None = None
        self._host = ""
        self._connections: dict[asyncio.StreamWriter, asyncio.Task[None]] = {}
        self.address = ""
        """`host:port` of both sockets; empty while they are closed."""

    async def open(self, host: str, port: int) -> None:
        """Listen over UDP and TCP on the same port; 0 takes one that is free for both. Raises: OSError."""
        loop = asyncio.get_running_loop()
        for attempt in range(TRIES):
            server = await asyncio.start_server(self._talk, host, port)
            taken = int(server.sockets[0].getsockname()[1])
            try:
                self._udp = await loop.create_datagram_endpoint(lambda: Datagrams(self), local_addr=(host, taken))
            except OSError:
                server.close()
                if port or attempt == TRIES - 1:
                    raise
                continue
            self._tcp, self._host, self._port = server, host, taken
            self.address = _joined(host, taken)
            return

    async def close(self) -> None:
        """Stop listening, and end every connection."""
        self.transactions.close()
        self.address = ""
        if self._udp is not None:
            transport, protocol = self._udp
            transport.close()
            await protocol.closed.wait()
        if self._tcp is not None:
            self._tcp.close()
        tasks = tuple(self._connections.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._udp = self._tcp = None

    # UDP

    def datagram(self, data: bytes, sender: Address) -> None:
        """Take a datagram. A sender that sends too many is not heard (RFC 3261 26.3.2.4)."""
        if not self._lets(sender):
            return
        text = data.decode(errors="replace")
        try:
            message = read_checked(text)
        except Refused as refused:
            if refused.request is None:
                self._journal.note(What.DROPPED, refused.why, sender=_joined(*sender))
                return
            via = top_via(refused.request)
            below = self._peer(answers_to(via, sender) if via else sender)
            self._refuse(below, with_source(refused.request, sender), refused)
            return
        via = top_via(message)
        to = answers_to(via, sender) if isinstance(message, Request) and via is not None else sender
        below = self._peer(to)
        above = Above(below, self.transactions)
        if isinstance(message, Request):
            message = with_source(message, sender)
        self.transactions.receive(below, above, message)

    def _peer(self, address: Address) -> Below:
        def write(octets: bytes) -> None:
            if self._udp is not None:
                self._udp[0].sendto(octets, address)

        return Below(self._place("UDP", self._own_host(address), _joined(*address)), write, lambda: None)

    def _own_host(self, address: Address) -> str:
        if self._host not in ("0.0.0.0", "::"):  # noqa: S104  (compared, not bound)
            return self._host
        # Which of our addresses that peer sees: connecting a datagram socket sends nothing.
        with socket.socket(socket.AF_INET6 if ":" in address[0] else socket.AF_INET, socket.SOCK_DGRAM) as probe:
            with suppress(OSError):
                probe.connect(address)
            return str(probe.getsockname()[0])

    # TCP

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None or len(self._connections) >= MOST_CONNECTIONS:
            writer.close()
            return
        self._connections[writer] = task
        host, port = writer.get_extra_info("peername")[:2]
        sender = (str(host), int(port))

        def write(octets: bytes) -> None:
            if writer.transport.get_write_buffer_size() > MOST_UNREAD:
                writer.transport.abort()
            elif not writer.is_closing():
                writer.write(octets)

        place = self._place("TCP", str(writer.get_extra_info("sockname")[0]), _joined(*sender))
        below = Below(place, write, writer.close)
        above = Above(below, self.transactions)
        self._service.opened(above)
        try:
            await self._read(reader, below, above, sender)
        except (OSError, TimeoutError, asyncio.CancelledError):
            # The peer has gone, or never ended what it began, or the sandbox closes: in each case there is no more.
            return
        finally:
            del self._connections[writer]
            self._service.closed(above)
            writer.close()

    async def _read(self, reader: asyncio.StreamReader, below: Below, above: Above, sender: Address) -> None:
        framing = Framing()
        loop = asyncio.get_running_loop()
        due: float | None = None
        while True:
            async with asyncio.timeout_at(due):
                octets = await reader.read(65_536)
            if not octets:
                return
            for piece in framing.feed(octets):
                if not self._lets(sender) or not self._piece(piece, below, above, sender):
                    return
                due = None
            due = (due or loop.time() + MESSAGE_PATIENCE) if framing.partial else None

    def _piece(self, piece: Piece, below: Below, above: Above, sender: Address) -> bool:
        """Take one piece of a stream. False when the stream is of no more use."""
        match piece:
            case Ping():
                below.send(PONG)
            case Broken(status=status, head=head):
                found = salvage(head.decode(errors="replace"))
                self._refuse(below, found, Refused(status, "the message has no end that can be known", found))
                return False
            case Frame(octets=octets):
                try:
                    message = read_checked(octets.decode(errors="replace"))
                except Refused as refused:
                    self._refuse(below, refused.request, refused)
                    return True
                if isinstance(message, Request):
                    message = with_source(message, sender)
                self.transactions.receive(below, above, message)
        return True

    # Both

    def _refuse(self, below: Below, request: Request | None, refused: Refused) -> None:
        self._journal.note(What.MALFORMED, f"{refused.status}: {refused.why}", sender=below.place.peer)
        if request is not None:
            headers = [("Unsupported", value) for value in request.headers.all("Require")]
            answer = reply(request, refused.status, tag="refused", headers=headers if refused.status == 420 else [])
            below.send(render_message(_with_reason(answer, refused)))

    def _lets(self, sender: Address) -> bool:
        if self._meter.lets(sender, seconds=asyncio.get_running_loop().time()):
            return True
        self._journal.note(What.LIMITED, "sends too many messages and is not heard", sender=_joined(*sender))
        return False

    def _place(self, transport: str, host: str, peer: str) -> Place:
        sent_by = _joined(host, self._port)
        contact = f"sip:sandbox@{sent_by}" + (";transport=tcp" if transport == "TCP" else "")
        return Place(transport=transport, sent_by=sent_by, contact=contact, peer=peer)


def _with_reason(answer: Response, refused: Refused) -> Response:
    # RFC 3261 21.4.1: the reason phrase may say which part was wrong. Only our own words stand in it.
    return Response(
        status=answer.status,
        reason=f"{answer.reason} ({refused.why})",
        headers=answer.headers,
        body=answer.body,
    )


def _joined(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
