"""Callbacks as Plivo sends them, and what can go wrong on the way."""

from collections.abc import AsyncIterator, Callable
from urllib.parse import parse_qsl

import httpx2
import pytest_asyncio

from softphone.sandbox.callbacks import Callbacks, read_patience
from softphone.sandbox.faults import Action, Fault, Faults, Where
from softphone.sandbox.ids import Ids
from softphone.sandbox.ladder import Kind, Ladder, Ladders
from softphone.sandbox.signing import signature, text_to_sign
from tests.clock import Clock

TOKEN = "MAIN0auth1token2main3auth4token5main6aaa"
URL = "http://hotline.example.org/answer"
FIELDS = {"To": "14155550100", "CallUUID": "c1", "From": "sip:ana@phone.plivo.com"}


class Customer:
    """The customer's server: keeps requests, answers with what `answer` gives."""

    def __init__(self) -> None:
        self.requests: list[httpx2.Request] = []
        self.answer: Callable[[int], httpx2.Response] = lambda _: httpx2.Response(200, text="<Response/>")

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        return self.answer(len(self.requests))


class Wire:
    """Callbacks over a swapped transport, with everything they touch."""

    def __init__(self) -> None:
        self.customer = Customer()
        self.faults = Faults()
        self.ladder: Ladder = Ladders(clock=Clock()).open("c1", caller="1", called="2")
        self.callbacks = Callbacks(
            auth_token=TOKEN, ids=Ids(), faults=self.faults, transport=httpx2.MockTransport(self.customer)
        )


@pytest_asyncio.fixture
async def wire() -> AsyncIterator[Wire]:
    """A customer and callbacks to it."""
    made = Wire()
    yield made
    await made.callbacks.close()


async def test_a_post_is_sorted_and_signed(wire: Wire) -> None:
    """Form body by name, V3 and Ma-V3 over it, the fragment neither sent nor signed."""
    reply = await wire.callbacks.ask(f"{URL}?t=1#rt=8000", method="POST", fields=FIELDS, ladder=wire.ladder)

    (request,) = wire.customer.requests
    pairs = parse_qsl(request.content.decode())
    nonce = request.headers["X-Plivo-Signature-V3-Nonce"]
    expected = signature(text_to_sign("POST", f"{URL}?t=1", fields=pairs, nonce=nonce), auth_token=TOKEN)
    assert reply.usable
    assert reply.body == b"<Response/>"
    assert str(request.url) == f"{URL}?t=1"
    assert [name for name, _ in pairs] == ["CallUUID", "From", "To"]
    assert request.headers["X-Plivo-Signature-V3"] == expected
    assert request.headers["X-Plivo-Signature-Ma-V3"] == expected
    assert (len(nonce), nonce.isdigit()) == (20, True)


async def test_a_get_merges_both_queries(wire: Wire) -> None:
    """One query string, sorted, and signed as it is sent (`wire.md` 4.1)."""
    await wire.callbacks.ask(f"{URL}?Z=1&A=2", method="GET", fields=FIELDS, ladder=wire.ladder)

    (request,) = wire.customer.requests
    nonce = request.headers["X-Plivo-Signature-V3-Nonce"]
    text = text_to_sign("GET", str(request.url), fields=(), nonce=nonce)
    assert request.content == b""
    assert request.url.query.startswith(b"A=2&CallUUID=c1&From=sip%3Aana%40phone.plivo.com")
    assert request.headers["X-Plivo-Signature-V3"] == signature(text, auth_token=TOKEN)


async def test_a_5xx_is_not_repeated_unless_the_url_says_so(wire: Wire) -> None:
    """The default repeats only what was not answered (`wire.md` 4.7)."""
    wire.customer.answer = lambda count: httpx2.Response(500 if count < 3 else 200, text="<Response/>")

    once = await wire.callbacks.ask(URL, method="POST", fields=FIELDS, ladder=wire.ladder)
    twice = await wire.callbacks.ask(f"{URL}#rc=2&rp=5xx", method="POST", fields=FIELDS, ladder=wire.ladder)

    assert (once.status, once.usable) == (500, False)
    assert (twice.status, len(wire.customer.requests)) == (200, 3)


async def test_a_dropped_callback_is_tried_again(wire: Wire) -> None:
    """The fault strikes once, the second try gets through; the ladder shows both."""
    wire.faults.add(Fault(where=Where.CALLBACK, action=Action.DROP, match="/answer"))

    reply = await wire.callbacks.ask(URL, method="POST", fields=FIELDS, ladder=wire.ladder)

    assert reply.usable
    assert len(wire.customer.requests) == 1
    assert [step.kind for step in wire.ladder.steps] == [Kind.ASKED, Kind.ERROR, Kind.ASKED, Kind.REPLIED]


async def test_faults_repeat_and_answer_in_the_customer_s_place(wire: Wire) -> None:
    """`twice` reaches the customer two times; `status` reaches nobody."""
    wire.faults.add(Fault(where=Where.CALLBACK, action=Action.TWICE))
    wire.faults.add(Fault(where=Where.CALLBACK, action=Action.STATUS, status=502))

    first = await wire.callbacks.ask(URL, method="POST", fields=FIELDS, ladder=wire.ladder)
    second = await wire.callbacks.ask(URL, method="POST", fields=FIELDS, ladder=wire.ladder)

    assert (first.status, second.status, len(wire.customer.requests)) == (200, 502, 2)


async def test_an_unreachable_customer_is_words_and_not_an_exception(wire: Wire) -> None:
    """The call must end in an orderly way (7011)."""

    def refuse(_count: int) -> httpx2.Response:
        raise httpx2.ConnectError("refused")

    wire.customer.answer = refuse

    reply = await wire.callbacks.ask(f"{URL}#rc=0", method="POST", fields=FIELDS, ladder=wire.ladder)
    nonsense = await wire.callbacks.ask("http://[", method="POST", fields=FIELDS, ladder=wire.ladder)

    assert (reply.status, reply.error) == (0, "nobody listens at this address")
    assert nonsense.error is not None


async def test_what_is_told_in_the_background_arrives(wire: Wire) -> None:
    """`settle` waits for it."""
    wire.callbacks.tell(URL, method="POST", fields=FIELDS, ladder=wire.ladder)

    await wire.callbacks.settle()

    assert len(wire.customer.requests) == 1


def test_patience_is_read_from_the_fragment() -> None:
    """Values out of range keep their default."""
    patience = read_patience(f"{URL}#ct=500&rt=99999&rc=3&rp=4xx,5xx")

    assert (patience.connect, patience.read, patience.retries) == (0.5, 40.0, 3)
    assert patience.on == {"4xx", "5xx"}
