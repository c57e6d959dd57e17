"""Transactions: what is sent is sent again until it is answered, and what comes twice is heard once (RFC 3261 17).

Over UDP all timers run; over TCP only those that give up. The WebSocket needs none of it: its lines do the same.
Reduced to what one element needs: answers that belong to no transaction are dropped (RFC 6026 8.9), which stands for
the timers D (for all but ACK) and K.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from softphone.sandbox.sip.dialogs import cseq_of, method_of, reply, tag_of
from softphone.sandbox.sip.line import Wire
from softphone.sandbox.sip.message import Message, Request, Response, read_message, render_message
from softphone.sandbox.sip.via import top_via

# Transactions that may be open at once. A call has a handful, for 32 s.
MOST = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Seconds (RFC 3261 17.1.1.1): the round trip, the longest pause, and how long a message stays on its way."""

    t1: float = 0.5
    t2: float = 4.0
    t4: float = 5.0

    @property
    def life(self) -> float:
        """64 times T1: timers B, D, F, H, J, L and M."""
        return 64 * self.t1


Key = tuple[str, ...]
Take = Callable[[Wire, Message], None]


@dataclass(slots=True, kw_only=True)
class _Transaction:
    """`text` is what is sent again. `wire` is where it goes, `reliable` whether sending again is needless."""

    key: Key
    wire: Wire
    method: str
    dialog: tuple[str, int]
    text: str = ""
    status: int = 0
    reliable: bool = False
    timers: dict[str, asyncio.TimerHandle] = field(default_factory=dict)

    def stop(self, *names: str) -> None:
        """Stop these timers; without names, all."""
        for name in names or tuple(self.timers):
            timer = self.timers.pop(name, None)
            if timer is not None:
                timer.cancel()


class Transactions:
    """The transactions of one listening address. `take` gets what is new; `unacknowledged` a 200 that got no ACK."""

    def __init__(self, *, take: Take, unacknowledged: Callable[[str], None], timing: Timing | None = None) -> None:
        self._take = take
        self._unacknowledged = unacknowledged
        self._timing = timing or Timing()
        self._servers: dict[Key, _Transaction] = {}
        self._clients: dict[Key, _Transaction] = {}
        self._requests: dict[Key, Request] = {}
        # ACKs for 2xx are no part of the INVITE's transaction: they are found by Call-ID and CSeq.
        self._acks: dict[tuple[str, int], str] = {}

    @property
    def open(self) -> int:
        """How many transactions there are."""
        return len(self._servers) + len(self._clients)

    def close(self) -> None:
        """Forget everything."""
        for one in (*self._servers.values(), *self._clients.values()):
            one.stop()
        self._servers.clear()
        self._clients.clear()
        self._requests.clear()
        self._acks.clear()

    # What comes in

    def receive(self, wire: Wire, upper: Wire, message: Message) -> None:
        """Take a message from `wire`. What it says goes up as coming from `upper`, which sends through here."""
        if isinstance(message, Response):
            self._receive_response(upper, message)
        elif message.method == "ACK":
            self._receive_ack(upper, message)
        else:
            self._receive_request(wire, upper, message)

    def _receive_request(self, wire: Wire, upper: Wire, request: Request) -> None:
        key = server_key(request)
        known = self._servers.get(key)
        if known is not None:
            if known.text:
                known.wire.send(known.text)
            return
        if self.open >= MOST:
            wire.send(render_message(reply(request, 503, tag="busy", headers=[("Retry-After", "5")])))
            return
        dialog = (request.headers.get("Call-ID") or "", cseq_of(request))
        made = _Transaction(
            key=key, wire=wire, method=request.method, dialog=dialog, reliable=wire.place.transport != "UDP"
        )
        self._servers[key] = made
        self._later(made, "life", 8 * self._timing.life, lambda: self._forget_unanswered(made))
        self._take(upper, request)
        if request.method == "INVITE" and not made.text:
            # RFC 3261 17.2.1: whoever is to answer takes his time.
            made.text = render_message(reply(request, 100, tag=""))
            wire.send(made.text)

    def _receive_ack(self, upper: Wire, ack: Request) -> None:
        known = self._servers.get(server_key(ack))
        if known is not None and known.status >= 300:
            # The end of a refusal: only the transaction wants to know. Timer I absorbs what comes again.
            known.stop()
            self._later(known, "i", 0 if known.reliable else self._timing.t4, lambda: self._drop(known))
            return
        dialog = (ack.headers.get("Call-ID") or "", cseq_of(ack))
        for one in self._servers.values():
            if one.dialog == dialog and one.method == "INVITE" and 200 <= one.status < 300:
                one.stop("again", "h")
        self._take(upper, ack)

    def _receive_response(self, upper: Wire, response: Response) -> None:
        via = top_via(response)
        key = (via.branch or "" if via else "", method_of(response))
        known = self._clients.get(key)
        if known is None:
            return
        if response.status < 200:
            if known.method == "INVITE" and known.status == 0:
                # It rings: how long, is for who called to say.
                known.stop()
            known.status = response.status
            self._take(upper, response)
            return
        if known.status >= 200:
            # It comes again: our ACK was lost (RFC 3261 17.1.1.2, 13.2.2.4).
            ack = known.text if known.status >= 300 else self._acks.get(known.dialog, "")
            if ack and known.method == "INVITE":
                known.wire.send(ack)
            return
        known.status = response.status
        known.stop()
        if known.method != "INVITE":
            self._drop_client(known)
        else:
            known.text = ""
            self._later(known, "d", self._timing.life, lambda: self._drop_client(known))
        self._take(upper, response)

    # What goes out

    def send(self, wire: Wire, upper: Wire, text: str) -> None:
        """Send a message on `wire`, and see it through. What becomes of it goes up as coming from `upper`."""
        message = read_message(text)
        if isinstance(message, Response):
            self._respond(wire, message, text)
        elif message.method == "ACK":
            self._acknowledge(wire, message, text)
        else:
            self._ask(wire, upper, message, text)

    def _respond(self, wire: Wire, response: Response, text: str) -> None:
        via = top_via(response)
        known = self._servers.get(_server_key(response, method_of(response)))
        if known is None or via is None:
            wire.send(text)
            return
        if known.status >= 200:
            return
        known.text, known.status = text, response.status
        known.wire.send(text)
        if response.status < 200:
            return
        known.stop()
        life = self._timing.life
        if known.method != "INVITE":
            self._later(known, "j", 0 if known.reliable else life, lambda: self._drop(known))
            return
        if not known.reliable:
            self._again(known, self._timing.t1, cap=self._timing.t2)
        self._later(known, "h", life, lambda: self._give_up_on_ack(known))

    def _give_up_on_ack(self, one: _Transaction) -> None:
        self._drop(one)
        if one.status < 300:
            self._unacknowledged(one.dialog[0])

    def _forget_unanswered(self, one: _Transaction) -> None:
        """A request that nobody has answered: its sender has long given up, unless it rings."""
        if one.method == "INVITE" and one.status < 200:
            self._later(one, "life", 8 * self._timing.life, lambda: self._forget_unanswered(one))
        else:
            self._drop(one)

    def _acknowledge(self, wire: Wire, ack: Request, text: str) -> None:
        via = top_via(ack)
        known = self._clients.get((via.branch or "" if via else "", "INVITE"))
        if known is None:
            self._acks[(ack.headers.get("Call-ID") or "", cseq_of(ack))] = text
        elif known.status == 0:
            # Nobody has refused: the INVITE has been given up, and there is nobody to thank.
            return
        else:
            known.text = text
        wire.send(text)

    def _ask(self, wire: Wire, upper: Wire, request: Request, text: str) -> None:
        via = top_via(request)
        key = (via.branch or "" if via else "", request.method)
        made = _Transaction(
            key=key,
            wire=wire,
            method=request.method,
            dialog=(request.headers.get("Call-ID") or "", cseq_of(request)),
            text=text,
            reliable=wire.place.transport != "UDP",
        )
        self._clients[key] = made
        self._requests[key] = request
        wire.send(text)
        if not made.reliable:
            # Timer A doubles without end, timer E up to T2 (RFC 3261 17.1.1.2, 17.1.2.2).
            cap = self._timing.life if request.method == "INVITE" else self._timing.t2
            self._again(made, self._timing.t1, cap=cap)
        self._later(made, "b", self._timing.life, lambda: self._time_out(made, upper))
        rung = self._clients.get((key[0], "INVITE"))
        if request.method == "CANCEL" and rung is not None and rung.status < 200:
            # RFC 3261 9.1: without a final answer the INVITE counts as ended after 64 times T1.
            self._later(rung, "b", self._timing.life, lambda: self._time_out(rung, upper))

    def _time_out(self, one: _Transaction, upper: Wire) -> None:
        """Nobody answers: as if 408 had come (RFC 3261 8.1.3.1)."""
        request = self._requests.get(one.key)
        one.stop()
        one.status = 0
        if request is not None:
            self._take(upper, reply(request, 408, tag="nobody"))
        self._drop_client(one)

    # Timers

    def _again(self, one: _Transaction, seconds: float, *, cap: float) -> None:
        def resend() -> None:
            one.wire.send(one.text)
            self._again(one, min(2 * seconds, cap), cap=cap)

        self._later(one, "again", seconds, resend)

    def _later(self, one: _Transaction, name: str, seconds: float, do: Callable[[], None]) -> None:
        one.stop(name)
        one.timers[name] = asyncio.get_running_loop().call_later(seconds, do)

    def _drop(self, one: _Transaction) -> None:
        one.stop()
        self._servers.pop(one.key, None)

    def _drop_client(self, one: _Transaction) -> None:
        one.stop()
        self._clients.pop(one.key, None)
        self._requests.pop(one.key, None)
        if one.method == "INVITE":
            self._acks.pop(one.dialog, None)


def server_key(request: Request) -> Key:
    """What makes a request part of a transaction (RFC 3261 17.2.3). An ACK for a refusal has its INVITE's."""
    return _server_key(request, "INVITE" if request.method == "ACK" else request.method)


def _server_key(message: Message, method: str) -> Key:
    via = top_via(message)
    if via is not None and via.branch is not None:
        return (via.branch, via.sent_by, method)
    # A client older than RFC 3261 names no transaction: its headers do.
    return (
        message.headers.get("Call-ID") or "",
        tag_of(message.headers.get("From")) or "",
        str(cseq_of(message)),
        via.sent_by if via else "",
        method,
    )
