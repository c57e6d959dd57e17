"""The client keeps its head whatever Plivo does."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from softphone.domain.errors import InvalidInput, PlivoFailure, PlivoUnavailable
from softphone.domain.ids import AuthId, PhoneNumber
from softphone.domain.secret import Secret
from softphone.plivo.records import read_application
from softphone.plivo.rest import PlivoRest
from softphone.plivo.transport import Credentials
from tests.plivo.test_token import request as token_request
from tests.plivo_wire import AUTH_TOKEN, CREDENTIALS, PretendPlivo, lost, minted, status

RESPONSES = Path(__file__).parents[1] / "wire" / "responses"


class Pauses:
    """Waits that take no time and are remembered."""

    def __init__(self) -> None:
        self.taken: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)


@pytest.fixture
def plivo() -> PretendPlivo:
    """A pretend Plivo."""
    return PretendPlivo()


@pytest.fixture
def pauses() -> Pauses:
    """What the client waited."""
    return Pauses()


@pytest.fixture
async def client(plivo: PretendPlivo, pauses: Pauses) -> AsyncIterator[PlivoRest]:
    """A client whose jitter is always the most, and for whom no time passes."""
    made = PlivoRest(
        "https://api.plivo.com",
        transport=plivo.transport(),
        pause=pauses,
        chance=lambda n: b"\xff" * n,
        steady=lambda: 0.0,
    )
    yield made
    await made.close()


async def test_a_read_is_tried_again_until_it_works(plivo: PretendPlivo, client: PlivoRest, pauses: Pauses) -> None:
    """503, then a time-out, then the account: with waits that double."""
    plivo.fail("GET", status(503, text="<html>bad gateway</html>"))
    plivo.fail("GET", lost)

    account = await client.get_account(CREDENTIALS)

    assert account.name == "Helpline"
    assert [round(seconds, 2) for seconds in pauses.taken] == [0.5, 1.0]


async def test_a_recording_is_deleted_once_and_for_all(plivo: PretendPlivo, client: PlivoRest) -> None:
    """Deleting is tried again; what is gone already counts as deleted, and what is refused does not."""
    plivo.recordings["r-1"] = {"recording_id": "r-1"}
    plivo.fail("DELETE", status(503))
    plivo.fail("DELETE", lost, after=True)

    await client.delete_recording(CREDENTIALS, "r-1")

    assert plivo.recordings == {}
    assert plivo.count("DELETE") == 3
    plivo.fail("DELETE", status(403, json={"error": "no"}))
    with pytest.raises(PlivoFailure):
        await client.delete_recording(CREDENTIALS, "r-2")
    with pytest.raises(InvalidInput):
        await client.delete_recording(CREDENTIALS, "../Endpoint")


@pytest.mark.parametrize(
    ("said", "seconds"), [("7560.00000", 8), ("0", 0), ("", None), (None, None), ("-1", None), ("NaN", None)]
)
async def test_the_length_of_a_recording_is_read(
    plivo: PretendPlivo, client: PlivoRest, said: str | None, seconds: int | None
) -> None:
    """A decimal string of milliseconds (`rest.md` 9), or nothing."""
    sample = json.loads((RESPONSES / "recording.get.200.json").read_text("utf-8"))
    plivo.recordings["r-1"] = {**sample, "recording_duration_ms": said}

    assert (await client.get_recording(CREDENTIALS, "r-1")).seconds == seconds


async def test_retry_after_is_honoured(plivo: PretendPlivo, client: PlivoRest, pauses: Pauses) -> None:
    """What Plivo asks for is the least."""
    plivo.fail("GET", status(429, headers={"Retry-After": "3"}))

    await client.get_account(CREDENTIALS)

    assert pauses.taken == [3.0]


async def test_nobody_is_kept_waiting_longer_than_patience(
    plivo: PretendPlivo, client: PlivoRest, pauses: Pauses
) -> None:
    """A `Retry-After` of minutes becomes a failure at once."""
    plivo.fail("GET", status(429, headers={"Retry-After": "600"}))

    with pytest.raises(PlivoUnavailable):
        await client.get_account(CREDENTIALS)

    assert (pauses.taken, plivo.count("GET")) == ([], 1)


async def test_a_read_is_tried_five_times_at_most(plivo: PretendPlivo, client: PlivoRest) -> None:
    """Then it is a failure that names no detail of the request."""
    plivo.fail("GET", status(500), times=9)

    with pytest.raises(PlivoUnavailable) as caught:
        await client.get_account(CREDENTIALS)

    assert (plivo.count("GET"), caught.value.status) == (5, 500)


@pytest.mark.parametrize("fault", [lost, status(500), status(429, headers={"Retry-After": "1"})])
async def test_a_create_is_never_sent_twice(plivo: PretendPlivo, client: PlivoRest, fault: Any) -> None:
    """Whether it took effect is unknown, and Plivo has nothing that makes it happen once."""
    plivo.fail("POST", fault, times=5)

    with pytest.raises(PlivoUnavailable):
        await client.create_endpoint(CREDENTIALS, username="v", password=Secret("p"), alias="a", app_id="1")

    assert plivo.count("POST") == 1


async def test_an_update_is_sent_again(plivo: PretendPlivo, client: PlivoRest) -> None:
    """It sets values: twice is once."""
    plivo.endpoints["7"] = {"endpoint_id": "7"}
    plivo.fail("POST", lost, after=True)

    await client.update_endpoint(CREDENTIALS, "7", app_id="12")

    assert plivo.count("POST") == 2


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (400, "plivo_refused"),
        (401, "plivo_credentials_refused"),
        (403, "plivo_forbidden"),
        (404, "plivo_not_found"),
        (405, "plivo_refused"),
        (409, "plivo_conflict"),
        (302, "plivo_redirect"),
    ],
)
async def test_a_refusal_is_told_apart_and_not_repeated(
    plivo: PretendPlivo, client: PlivoRest, code: int, expected: str
) -> None:
    """Each status has its code, and asking again would not help."""
    plivo.fail("GET", status(code, headers={"Location": "https://example.org/"}))

    with pytest.raises(PlivoFailure) as caught:
        await client.get_account(CREDENTIALS)

    assert (caught.value.code, caught.value.status, plivo.count("GET")) == (expected, code, 1)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"error": "answer_url parameter is missing"}', "answer_url parameter is missing"),
        (b'{"error": {"username": ["too long", "odd"], "alias": ["no"]}}', "username: too long; odd; alias: no"),
        (b'{"error": {"error": "inner"}}', "inner"),
        (b'{"error_code": 400, "message": "Phone number is invalid"}', "Phone number is invalid"),
        (b"{}", ""),
        (b"plain words", "plain words"),
        (b"<html><body>nginx</body></html>", ""),
        (b"", ""),
        (b"[" * 5000, "["),
        (b'{"error": "number +14155550123 is barred"}', "number … is barred"),
        (json.dumps({"error": f"token {AUTH_TOKEN}!"}).encode(), "token !"),
    ],
)
async def test_error_bodies_of_every_form_become_one_safe_sentence(
    plivo: PretendPlivo, client: PlivoRest, body: bytes, said: str
) -> None:
    """Nested, plain, HTML or empty: words without numbers and without the Auth Token (`rest.md` 1.7)."""
    plivo.fail("GET", status(400, content=body))

    with pytest.raises(PlivoFailure) as caught:
        await client.get_account(CREDENTIALS)

    assert said in caught.value.message
    assert AUTH_TOKEN not in caught.value.message + repr(caught.value)


@pytest.mark.parametrize("body", [b"<html>", b'{"name": "Help', b"[]", b'"x"', b"\xff\xfe", b"[" * 100_000])
async def test_an_answer_that_is_no_object_is_not_understood(
    plivo: PretendPlivo, client: PlivoRest, body: bytes
) -> None:
    """HTML, a truncated body, an array: a failure, not a crash."""
    plivo.fail("GET", status(200, content=body))

    with pytest.raises(PlivoFailure) as caught:
        await client.get_account(CREDENTIALS)

    assert caught.value.code == "plivo_not_understood"


async def test_an_answer_without_end_is_cut_off(plivo: PretendPlivo, client: PlivoRest) -> None:
    """A megabyte is more than any answer has."""
    plivo.fail("GET", status(200, content=b" " * (1024 * 1024 + 1)))

    with pytest.raises(PlivoFailure, match="not_understood"):
        await client.get_account(CREDENTIALS)


@pytest.mark.tm("TM-I10")
@pytest.mark.parametrize(
    "part",
    ["", ".", "..", "../Call", "a/b", "a%2fb", "a?b=c", "a#b", "a b", "a\r\nb", "a\x00", "é", "a;b", "a\\b", "a:b",
     "@", "//", "%2e%2e", "a" * 65, "\uff11\uff12", "a\n", "'", "{}", "a&b", "~"],
)  # fmt: skip
async def test_an_odd_id_never_becomes_a_request(plivo: PretendPlivo, client: PlivoRest, part: str) -> None:
    """No request leaves, whichever resource the id would name."""
    for call in (
        client.get_application(CREDENTIALS, part),
        client.update_endpoint(CREDENTIALS, part, app_id="1"),
        client.update_number(CREDENTIALS, PhoneNumber(part), app_id="1"),
        client.get_account(Credentials(AuthId(part), CREDENTIALS.auth_token)),
    ):
        with pytest.raises(InvalidInput):
            await call

    assert plivo.asked == []


async def test_lists_are_read_to_their_end(plivo: PretendPlivo, client: PlivoRest) -> None:
    """Twenty at a time."""
    plivo.numbers = [{"number": f"1415555{number:04}", "voice_enabled": True} for number in range(45)]

    found = await client.list_numbers(CREDENTIALS)

    assert (len(found), plivo.count("GET")) == (45, 3)


async def test_an_update_says_again_what_it_would_clear(plivo: PretendPlivo, client: PlivoRest) -> None:
    """Flags and methods of the captured application survive a change of its URLs (`rest.md` 4.3)."""
    captured = json.loads((RESPONSES / "application.get.typed.200.json").read_text())
    captured |= {"default_endpoint_app": True, "message_method": "GET", "public_uri": True}
    plivo.applications[captured["app_id"]] = dict(captured)

    await client.update_application(
        CREDENTIALS, read_application(captured), answer_url="https://a/", hangup_url="https://h/"
    )

    sent = plivo.asked[-1][2]
    assert sent == {
        "answer_url": "https://a/",
        "answer_method": "POST",
        "hangup_url": "https://h/",
        "hangup_method": "POST",
        "fallback_method": "POST",
        "message_method": "GET",
        "default_number_app": False,
        "default_endpoint_app": True,
        "log_incoming_messages": True,
        "public_uri": True,
    }


async def test_an_account_is_asked_at_a_bearable_pace(plivo: PretendPlivo, client: PlivoRest, pauses: Pauses) -> None:
    """A hundred at once pass; the ones after them wait."""
    async with asyncio.TaskGroup() as group:
        for _ in range(110):
            group.create_task(client.get_account(CREDENTIALS))

    assert plivo.count("GET") == 110
    assert len(pauses.taken) == 10


@pytest.mark.tm("TM-T6")
@pytest.mark.parametrize(
    "token",
    ["<html>", "", None, 7, {"a": 1}, "other sub", "longer", "wrong type"],
)
async def test_a_hostile_mint_gives_no_token(plivo: PretendPlivo, client: PlivoRest, token: Any) -> None:
    """Eight bad shapes from Plivo's token API: an error and no token."""
    forged: dict[Any, Any] = {
        "other sub": lambda body: minted(body, sub="somebody1"),
        "longer": lambda body: minted(body, exp=body["exp"] + 9999),
        "wrong type": lambda body: minted(body, per={"voice": {"incoming_allow": "true", "outgoing_allow": "false"}}),
    }
    plivo.mint = forged[token] if isinstance(token, str) and token in forged else lambda _body: token

    with pytest.raises(PlivoFailure) as caught:
        await client.mint_token(CREDENTIALS, token_request())

    assert caught.value.code == "plivo_not_understood"
