"""Outside phones without a browser: the page's messages in, the engine's view out."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from itertools import count

import pytest
import pytest_asyncio

from softphone.sandbox import wav
from softphone.sandbox.legs import Answered, Arrival, Digit, HungUp, Refused, Ringing, RingRequest
from softphone.sandbox.options import SandboxOptions
from softphone.sandbox.phone_socket import PhoneSocket, digits_of
from softphone.sandbox.phones import Message, PhoneBook, Route
from softphone.sandbox.plant import Plant
from tests.clock import Clock

RING = RingRequest(leg_uuid="b1", offer="offer", caller_id="14155550100", caller_name="Ana", headers={})


# Seconds after which a message that does not come is a failure, and not a test that hangs.
PATIENCE = 60


class Page:
    """The other end of a phone socket."""

    def __init__(self, book: PhoneBook, arrived: Callable[[Arrival], object] | None = None) -> None:
        self._to_sandbox: asyncio.Queue[str] = asyncio.Queue()
        self._to_page: asyncio.Queue[str] = asyncio.Queue()
        self.arrivals: asyncio.Queue[Arrival] = asyncio.Queue()
        socket = PhoneSocket(
            receive=self._to_sandbox.get,
            send=self._to_page.put,
            book=book,
            arrived=arrived or self.arrivals.put_nowait,
        )
        self.task = asyncio.create_task(socket.run(("14155550100",)))

    @classmethod
    async def opened(cls, plant: Plant, number: str) -> "Page":
        """A page of a whole sandbox, its calls going to the engine."""
        page = cls(plant.book, arrived=plant.arrive)
        await page.gets("hello")
        page.says("register", number=number)
        await page.gets("registered")
        return page

    def says(self, kind: str, **fields: object) -> None:
        """Send a message."""
        self._to_sandbox.put_nowait(json.dumps({"type": kind, **fields}))

    async def gets(self, kind: str) -> Message:
        """The next message, which must be of this kind."""
        async with asyncio.timeout(PATIENCE):
            message: Message = json.loads(await self._to_page.get())
        assert message["type"] == kind, message
        return message

    async def goes(self) -> None:
        """The page is closed."""
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)


@pytest.fixture
def book() -> PhoneBook:
    """A book whose calls are named c1, c2 …"""
    numbers = count(1)
    return PhoneBook(new_call=lambda: f"c{next(numbers)}", route=lambda dialled: Route(f"app of {dialled}"))


@pytest_asyncio.fixture
async def page(book: PhoneBook) -> AsyncIterator[Page]:
    """A page that has the number 14155550123."""
    made = Page(book)
    await made.gets("hello")
    made.says("register", number="+1 (415) 555-0123", name="Ben")
    await made.gets("registered")
    yield made
    await made.goes()


async def test_a_phone_is_rung_and_answers(book: PhoneBook, page: Page) -> None:
    """Invite, ringing, answer, a key, and the end."""
    leg = book.leg_to("14155550123")
    assert leg is not None

    await leg.ring(RING)
    invite = await page.gets("invite")
    page.says("ringing", call=invite["call"])
    page.says("answer", call=invite["call"], sdp="answer")
    page.says("digit", call=invite["call"], key="5")
    page.says("digit", call=invite["call"], key="five")
    page.says("hangup", call=invite["call"])

    assert (invite["from"], invite["sdp"]) == ("14155550100", "offer")
    assert [await leg.next_event() for _ in range(4)] == [Ringing(), Answered("answer"), Digit("5"), HungUp()]


async def test_a_phone_dials(page: Page) -> None:
    """The call arrives with the application of the dialled number."""
    page.says("dial", to="14155550100", sdp="offer")
    dialling = await page.gets("dialling")
    arrival = await page.arrivals.get()

    assert (arrival.dialled, arrival.app_id, arrival.call_uuid) == (
        "14155550100",
        "app of 14155550100",
        dialling["call"],
    )
    assert (arrival.leg.address, arrival.leg.offer, arrival.caller_name) == ("14155550123", "offer", "Ben")


async def test_speaking_waits_until_the_page_has_spoken(page: Page) -> None:
    """The page says when it is done; hanging up ends the wait as well."""
    page.says("dial", to="14155550100", sdp="offer")
    call = (await page.gets("dialling"))["call"]
    leg = (await page.arrivals.get()).leg

    first = asyncio.create_task(leg.speak("Hello", language="en-US", voice="WOMAN"))
    asked = await page.gets("speak")
    page.says("done", call=call, id=asked["id"])
    await first
    second = asyncio.create_task(leg.play("http://127.0.0.1/a.mp3"))
    await page.gets("play")
    page.says("hangup", call=call)
    await second

    assert asked["text"] == "Hello"
    assert await leg.next_event() == HungUp()


async def test_a_page_records_and_sends_its_file(book: PhoneBook, page: Page) -> None:
    """It beeps, says when it is done, and the file is taken once; nobody else can send one."""
    page.says("dial", to="14155550100", sdp="offer")
    call = (await page.gets("dialling"))["call"]
    leg = (await page.arrivals.get()).leg
    await leg.expect_keys()
    await page.gets("keys")

    beeping = asyncio.create_task(leg.beep())
    asked = await page.gets("beep")
    page.says("done", call=call, id=asked["id"])
    await beeping
    recording = asyncio.create_task(leg.record(limit=60, silence=5))
    asked = await page.gets("record")
    refused = [book.uploads.put("another", wav.tones((), ms=10)), book.uploads.put(str(asked["upload"]), b"noise")]
    taken = book.uploads.put(str(asked["upload"]), wav.tones((), ms=1250))
    page.says("done", call=call, id=asked["id"])
    sound = await recording

    assert (asked["limit"], asked["silence"]) == (60, 5)
    assert (refused, taken) == ([False, False], True)
    assert sound is not None
    assert sound.ms == 1250
    assert not book.uploads.put(str(asked["upload"]), wav.tones((), ms=10))


async def test_a_page_that_goes_leaves_no_recording(page: Page) -> None:
    """What it had recorded is not known."""
    page.says("dial", to="14155550100", sdp="offer")
    await page.gets("dialling")
    leg = (await page.arrivals.get()).leg
    recording = asyncio.create_task(leg.record(limit=60, silence=5))
    await page.gets("record")

    await page.goes()

    assert await recording is None


async def test_a_phone_in_a_call_is_busy(book: PhoneBook, page: Page) -> None:
    """One call at a time."""
    first, second = book.leg_to("14155550123"), book.leg_to("14155550123")
    assert first is not None
    assert second is not None

    await first.ring(RING)
    await second.ring(RING)

    assert await second.next_event() == Refused(486, "Busy Here")


async def test_a_page_that_goes_is_lost_and_its_number_free(book: PhoneBook, page: Page) -> None:
    """The engine hears of it once."""
    leg = book.leg_to("14155550123")
    assert leg is not None
    await leg.ring(RING)

    await page.goes()

    assert await leg.next_event() == HungUp(lost=True)
    assert book.leg_to("14155550123") is None


async def test_the_page_that_takes_a_number_last_has_it(book: PhoneBook, page: Page) -> None:
    """The other is told."""
    other = Page(book)
    await other.gets("hello")
    other.says("register", number="14155550123")
    await other.gets("registered")

    await page.gets("displaced")
    await page.goes()

    assert book.leg_to("14155550123") is not None
    await other.goes()


async def test_nonsense_from_a_page_changes_nothing(page: Page) -> None:
    """Broken JSON, another call's messages, numbers that are none."""
    page.says("answer", call="another", sdp="x")
    page.says("dial", to="Ana", sdp="offer")
    await page.gets("problem")
    page.says("register", number="12")
    await page.gets("problem")

    assert page.arrivals.empty()


async def test_a_phone_calls_another_number_without_anybody_being_asked() -> None:
    """A call between outsiders is not the customer's business; it rings, joins and ends."""
    plant = Plant(SandboxOptions(clock=Clock()))
    ana, ben = await Page.opened(plant, "14155550123"), await Page.opened(plant, "14155550199")

    ana.says("dial", to="14155550199", sdp="offer")
    outgoing = await ana.gets("dialling")
    incoming = await ben.gets("invite")
    ben.says("ringing", call=incoming["call"])
    await ana.gets("ringing")
    ben.says("answer", call=incoming["call"], sdp="answer")
    answered = await ana.gets("answered")
    await ana.gets("connected")
    ana.says("hangup", call=outgoing["call"])
    await ben.gets("ended")
    await plant.engine.settle()

    (ladder,) = plant.ladders.all()
    assert (incoming["from"], incoming["sdp"], answered["sdp"]) == ("14155550123", "offer", "answer")
    assert ladder.hangup is not None
    assert ladder.hangup.code == 4000
    await ana.goes()
    await ben.goes()
    await plant.close()


async def test_a_call_to_nobody_ends_with_a_reason() -> None:
    """A number without a page is out of service (2010); an address without a device is not registered (2020)."""
    plant = Plant(SandboxOptions(clock=Clock()))
    ana = await Page.opened(plant, "14155550123")
    codes = []

    for to in ("14155550199", "sip:ben123@phone.plivo.com"):
        ana.says("dial", to=to, sdp="offer")
        await ana.gets("dialling")
        await ana.gets("refused")
        await plant.engine.settle()
        hangup = plant.ladders.all()[-1].hangup
        codes.append(hangup.code if hangup else None)

    assert codes == [2010, 2020]
    await ana.goes()
    await plant.close()


@pytest.mark.parametrize(
    ("written", "digits"),
    [("+1 (415) 555-0123", "14155550123"), ("911", "911"), ("Ana", None), ("12", None), (5, None)],
    ids=["as people write it", "short", "a name", "too short", "no text"],
)
def test_numbers_are_read_as_people_write_them(written: object, digits: str | None) -> None:
    """Only digits are left."""
    assert digits_of(written) == digits
