"""The guard of the callbacks: nothing gets in that Plivo did not sign for this connection, and nothing counts twice."""

import asyncio
import base64
import hashlib
import hmac
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from quart import Quart
from werkzeug.datastructures import Headers

from softphone.actions.sweep import sweep
from softphone.app import create_app
from softphone.domain.dialling import LONGEST_CALL
from softphone.domain.errors import Busy
from softphone.domain.ids import AuthId
from softphone.domain.secret import Secret
from softphone.domain.volunteers import Dialling
from softphone.settings import Settings
from softphone.store.connections import insert_connection
from softphone.store.database import Connection, Database, T
from softphone.web.deps import Deps
from tests.clock import NOON, Clock
from tests.conftest import MASTER_KEY, PATIENT, serving
from tests.people import volunteer
from tests.telephony import AUTH_TOKEN, PUBLIC_URL, Caller, connection, set_up

ANA = volunteer("ana", extension="21", dialling=Dialling.NUMBERS)
BEN = volunteer("ben", extension="22", dialling=Dialling.NUMBERS)
OUTGOING = "/telephony/main/outgoing"
ROUTES = (
    OUTGOING,
    "/telephony/outgoing",
    "/telephony/main/dialled",
    "/telephony/main/legs",
    "/telephony/main/status",
    "/telephony/status",
)
NONCE = "05429567804466091622"
OTHER_ID = "MAOTHERXXXXXXXXXXXXX"
OTHER_TOKEN = "OTHER0auth1token2of3another4account5bbbb"
HUNG_UP = {"CallUUID": "call-0001", "CallStatus": "completed", "Event": "Hangup"}
NOTHING = (0, 0, 0, 0)


@pytest.fixture
async def plivo(app: Quart, parts: Deps) -> Caller:
    """Plivo, with an account of ours: Ana and Ben have their phones on."""
    world = parts.world
    until = NOON + timedelta(hours=1)
    await world.database.write(lambda db: set_up(db, [ANA, BEN], keyring=world.keyring, until=until, to=connection()))
    return Caller(app=app)


async def left(parts: Deps) -> tuple[object, ...]:
    """How many calls, facts, nonces and events callbacks have left."""
    row = await parts.world.database.read(
        lambda db: db.fetch_one(
            "SELECT (SELECT count(*) FROM calls), (SELECT count(*) FROM call_events),"
            " (SELECT count(*) FROM nonces), (SELECT count(*) FROM events)"
        )
    )
    assert row is not None
    return row


def shapes(good: str, foreign: str) -> dict[str, dict[str, str]]:
    """Forty ways to send signature headers, none of them right. `good` is the right signature of another nonce."""
    v3, nonce, main = "X-Plivo-Signature-V3", "X-Plivo-Signature-V3-Nonce", "X-Plivo-Signature-Ma-V3"
    signatures = {
        "empty": "",
        "a blank": " ",
        "of another nonce": good,
        "of another account": foreign,
        "of nothing": base64.b64encode(hmac.digest(b"", b"", "sha256")).decode(),
        "without the key": base64.b64encode(hashlib.sha256(PUBLIC_URL.encode()).digest()).decode(),
        "cut by one": good[:-1],
        "cut in half": good[:22],
        "one character": good[:1],
        "padding alone": "=",
        "commas": ",,,",
        "null": "null",
        "undefined": "undefined",
        "true": "true",
        "star": "*",
        "zeros": "0" * 44,
        "zero bytes": "A" * 43 + "=",
        "hexadecimal": base64.b64decode(good).hex(),
        "URL-safe": base64.urlsafe_b64encode(base64.b64decode(good)).decode().rstrip("="),
        "small letters": good.lower(),
        "backwards": good[::-1],
        "quoted": f'"{good}"',
        "named": f"v3={good}",
        "as a scheme": f"HMAC-SHA256 {good}",
        "several wrong": f"{good},{foreign}",
        "too long": ",".join([good] * 30),
    }
    made = {f"signature {name}": {v3: value, nonce: NONCE} for name, value in signatures.items()}
    nonces = ("(none)", "", " ", "0", "1234567", "1" * 65, f"{NONCE}.", f"a.{NONCE}", f"{NONCE} ,1", "é" * 10)
    made |= {f"nonce {value!r}": {nonce: value} for value in nonces}
    made |= {
        "no header": {v3: "(none)", nonce: "(none)"},
        "main account alone": {v3: "(none)", main: foreign, nonce: NONCE},
        "both wrong": {v3: good, main: foreign, nonce: NONCE},
        "under another name": {v3: "(none)", "X-Plivo-Signature": good, "Authorization": f"Basic {good}"},
    }
    return made


@pytest.mark.tm("TM-W1")
@pytest.mark.parametrize("path", ROUTES)
async def test_forty_wrong_shapes_of_the_headers_open_nothing(plivo: Caller, parts: Deps, path: str) -> None:
    """403, an empty body, and nothing left behind, on every route; the right one opens."""
    fields = plivo.outgoing(ANA, "22")
    good = plivo.signature(path, fields, "99999999999999999999")
    foreign = replace(plivo, token=OTHER_TOKEN).signature(path, fields, NONCE)

    wrong = shapes(good, foreign)
    opened = []
    for shape, headers in wrong.items():
        response = await plivo.ask(path, fields, nonce=NONCE, headers=headers)
        if (response.status_code, await response.data) != (403, b""):
            opened.append((shape, response.status_code))

    assert len(wrong) == 40
    assert opened == []
    assert await left(parts) == NOTHING
    assert (await plivo.ask(path, fields, nonce=NONCE)).status_code == 200


@pytest.mark.tm("TM-W1")
async def test_headers_that_stand_twice_are_no_signature(app: Quart, plivo: Caller, parts: Deps) -> None:
    """Which of them a proxy read is unknown."""
    signature = plivo.signature(OUTGOING, {}, NONCE)
    once = [("Content-Type", "application/x-www-form-urlencoded")]
    signed = [("X-Plivo-Signature-V3", signature), ("X-Plivo-Signature-V3-Nonce", NONCE)]

    client = app.test_client(use_cookies=False)
    answers = [await client.post(OUTGOING, headers=Headers([*once, *signed, twice])) for twice in signed]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert await left(parts) == NOTHING


@pytest.mark.tm("TM-W1")
async def test_what_was_signed_is_what_must_come(plivo: Caller, parts: Deps) -> None:
    """Another number, one field more, one less: 403."""
    fields = plivo.outgoing(ANA, "22")
    signature = plivo.signature(OUTGOING, fields, NONCE)
    altered = [
        {**fields, "To": "14155550199"},
        {**fields, "X-PH-more": "1"},
        {name: value for name, value in fields.items() if name != "BillRate"},
    ]

    answers = [
        await plivo.ask(OUTGOING, sent, nonce=NONCE, headers={"X-Plivo-Signature-V3": signature}) for sent in altered
    ]

    assert [answer.status_code for answer in answers] == [403] * 3
    assert await left(parts) == NOTHING


@pytest.mark.tm("TM-W2")
async def test_a_valid_signature_of_version_2_is_ignored(plivo: Caller, parts: Deps) -> None:
    """It covers no parameter, so the number could be any. Nor does it pass for version 3."""
    fields = plivo.outgoing(ANA, "14155550199")
    digest = hmac.digest(AUTH_TOKEN.encode(), f"{PUBLIC_URL}{OUTGOING}{NONCE}".encode(), "sha256")
    signature = base64.b64encode(digest).decode()
    version_2 = {
        "X-Plivo-Signature-V2": signature,
        "X-Plivo-Signature-Ma-V2": signature,
        "X-Plivo-Signature-V2-Nonce": NONCE,
    }

    answers = [
        await plivo.ask(OUTGOING, fields, nonce=NONCE, headers={**version_2, **version_3})
        for version_3 in (
            {"X-Plivo-Signature-V3": "(none)", "X-Plivo-Signature-V3-Nonce": "(none)"},
            {"X-Plivo-Signature-V3": "(none)"},
            {"X-Plivo-Signature-V3": signature},
        )
    ]

    assert [answer.status_code for answer in answers] == [403] * 3
    assert await left(parts) == NOTHING


@pytest.mark.tm("TM-W3")
async def test_a_request_that_comes_again_gets_its_answer_again(plivo: Caller, parts: Deps) -> None:
    """Plivo retries and must get its XML; nobody is rung or told a second time."""
    fields = plivo.outgoing(ANA, "22")
    first = await (await plivo.ask(OUTGOING, fields, nonce=NONCE)).data
    before = await left(parts)

    answers = await asyncio.gather(*(plivo.ask(OUTGOING, fields, nonce=NONCE) for _ in range(10)))

    assert b"<Dial" in first
    assert {await answer.data for answer in answers} == {first}
    assert await left(parts) == before == (1, 0, 1, 2)


@pytest.mark.tm("TM-W3")
async def test_of_ten_at_once_one_counts(plivo: Caller, parts: Deps) -> None:
    """The first time, too."""
    fields = plivo.outgoing(ANA, "22")

    answers = await asyncio.gather(*(plivo.ask(OUTGOING, fields, nonce=NONCE) for _ in range(10)))

    assert len({await answer.data for answer in answers}) == 1
    assert await left(parts) == (1, 0, 1, 2)


@pytest.mark.tm("TM-W3")
async def test_a_nonce_with_another_request_is_refused(plivo: Caller, parts: Deps) -> None:
    """Other fields, another path: well signed, and yet 403."""
    await plivo.ask(OUTGOING, plivo.outgoing(ANA, "22"), nonce=NONCE)
    before = await left(parts)

    answers = [
        await plivo.ask(OUTGOING, plivo.outgoing(ANA, "14155550199"), nonce=NONCE),
        await plivo.ask(OUTGOING, plivo.outgoing(ANA, "22", call="call-0002"), nonce=NONCE),
        await plivo.ask("/telephony/main/status", HUNG_UP, nonce=NONCE),
    ]

    assert [(answer.status_code, await answer.data) for answer in answers] == [(403, b"")] * 3
    assert await left(parts) == before


@pytest.mark.tm("TM-W3")
async def test_a_finished_call_is_not_begun_again(plivo: Caller, parts: Deps) -> None:
    """A new nonce for it gets the end."""
    await plivo.dial(ANA, "22")
    await plivo.ask("/telephony/main/status", HUNG_UP)
    calls, facts, _, events = await left(parts)

    again = await plivo.dial(ANA, "22")

    assert b"<Hangup" in await again.data
    assert b"<Dial" not in await again.data
    assert await left(parts) == (calls, facts, 3, events)


@pytest.mark.tm("TM-W3")
async def test_a_replay_finds_another_worker_just_as_wise(
    plivo: Caller, parts: Deps, settings: Settings, clock: Clock
) -> None:
    """What was answered is in the database, so a restart forgets nothing."""
    fields = plivo.outgoing(ANA, "22")
    first = await (await plivo.ask(OUTGOING, fields, nonce=NONCE)).data
    other = create_app(settings, clock=clock, chance=secrets.token_bytes, master_key=MASTER_KEY, patience=PATIENT)

    async with serving(other):
        again = await (await replace(plivo, app=other).ask(OUTGOING, fields, nonce=NONCE)).data

    assert again == first
    assert (await left(parts))[0] == 1


@pytest.mark.tm("TM-W3")
async def test_an_undated_replay_rings_nobody_though_the_end_was_never_told(
    plivo: Caller, parts: Deps, clock: Clock
) -> None:
    """Neither a nonce nor a told end speaks against it, only the age of the call: asked again at once it is the same
    call, and after the longest that a call can last it is over.
    """
    undated = {name: value for name, value in plivo.outgoing(ANA, "22").items() if name != "SessionStart"}
    await plivo.ask(OUTGOING, undated, nonce=NONCE)
    clock.forward(seconds=5)
    retried = await plivo.ask(OUTGOING, undated)
    clock.now = NOON + LONGEST_CALL
    late = await plivo.ask(OUTGOING, undated)
    clock.forward(days=8)
    await sweep(parts.world)

    replayed = await plivo.ask(OUTGOING, undated, nonce=NONCE)

    assert [b"<Dial" in await answer.data for answer in (retried, late, replayed)] == [True, False, False]
    assert (await left(parts))[0] == 1


@pytest.mark.tm("TM-W3")
async def test_a_replay_after_the_nonce_was_forgotten_is_too_old(plivo: Caller, parts: Deps, clock: Clock) -> None:
    """Eight days on; without the time in it, the call is known and over."""
    fields = plivo.outgoing(ANA, "22")
    undated = {name: value for name, value in fields.items() if name != "SessionStart"}
    await plivo.ask(OUTGOING, fields, nonce=NONCE)
    await plivo.ask("/telephony/main/status", HUNG_UP)
    clock.forward(days=8)
    await sweep(parts.world)

    dated = await plivo.ask(OUTGOING, fields, nonce=NONCE)
    bare = await plivo.ask(OUTGOING, undated, nonce=NONCE)

    assert dated.status_code == 403
    assert b"<Dial" not in await bare.data
    assert (await left(parts))[0] == 1


@pytest.mark.tm("TM-W5")
async def test_an_account_speaks_for_its_own_connection_alone(app: Quart, plivo: Caller, parts: Deps) -> None:
    """Both accounts at both connections, and each naming the other in the body."""
    world = parts.world
    other = connection("other", auth_id=AuthId(OTHER_ID), auth_token=Secret(OTHER_TOKEN))
    await world.database.write(lambda db: insert_connection(db, other, keyring=world.keyring))
    stranger = Caller(app=app, token=OTHER_TOKEN, auth_id=OTHER_ID)

    seen = {}
    for name, sender, foreign in (("main", plivo, OTHER_ID), ("other", stranger, plivo.auth_id)):
        for to in ("main", "other", "nowhere"):
            path = f"/telephony/{to}/status"
            own = await sender.ask(path, {**HUNG_UP, "AuthID": sender.auth_id, "ParentAuthID": sender.auth_id})
            for field in ("AuthID", "ParentAuthID"):
                assert (await sender.ask(path, {**HUNG_UP, field: foreign})).status_code == 403
            seen[name, to] = own.status_code
        seen[name, "default"] = (await sender.ask("/telephony/status", HUNG_UP)).status_code

    opened = {("main", "main"), ("main", "default"), ("other", "other")}
    assert seen == {pair: 200 if pair in opened else 403 for pair in seen}


@pytest.mark.tm("TM-W10")
@pytest.mark.parametrize("debug", [False, True])
async def test_nothing_switches_the_signature_off(app: Quart, plivo: Caller, parts: Deps, debug: bool) -> None:
    """Not this machine's own name, not debug mode, not a word in the query."""
    app.debug = app.testing = debug
    client = app.test_client(use_cookies=False)

    answers = [
        await client.post(f"{path}{query}", form=plivo.outgoing(ANA, "22"), headers={"Host": host})
        for path in ROUTES
        for host in ("localhost", "127.0.0.1", "localhost:8000")
        for query in ("", "?test=1&verify=false")
    ]

    assert {answer.status_code for answer in answers} == {403}
    assert await left(parts) == NOTHING


class OutOfTurns:
    """A database in which no unit of writes gets its turn."""

    def __init__(self, inner: Database) -> None:
        self._inner = inner

    async def read(self, unit: Callable[[Connection], Awaitable[T]]) -> T:
        """As it is."""
        return await self._inner.read(unit)

    async def write(self, unit: Callable[[Connection], Awaitable[T]]) -> T:
        """Never."""
        raise Busy

    def listen(self, heard: Callable[[int], None]) -> Callable[[], None]:
        """As it is."""
        return self._inner.listen(heard)

    async def scrub(self) -> None:
        """As it is."""
        await self._inner.scrub()

    async def close(self) -> None:
        """As it is."""
        await self._inner.close()


async def speaks_and_hangs_up(plivo: Caller, path: str) -> bool:
    """True if a well-signed callback gets a sentence and the end, and nobody is rung."""
    response = await plivo.ask(path, plivo.outgoing(ANA, "22"))
    document = await response.data
    ended = b"<Speak" in document and b"<Hangup" in document and b"<Dial" not in document
    return response.status_code == 200 and response.content_type == "application/xml; charset=utf-8" and ended


@pytest.mark.tm("TM-R6")
async def test_a_busy_database_rings_nobody(app: Quart, plivo: Caller, parts: Deps) -> None:
    """The caller hears a sentence."""
    world = replace(parts.world, database=OutOfTurns(parts.world.database))
    app.extensions["softphone"] = replace(parts, world=world)

    heard = await speaks_and_hangs_up(plivo, OUTGOING)

    assert heard
    assert await left(parts) == NOTHING


@pytest.mark.tm("TM-R6")
@pytest.mark.parametrize(
    "broken",
    ["DROP TABLE calls", "DROP TABLE nonces", "UPDATE connections SET auth_token_sealed = 'x'"],
    ids=["calls", "nonces", "key"],
)
async def test_a_fault_inside_rings_nobody(plivo: Caller, parts: Deps, broken: str) -> None:
    """Whatever breaks, on every route that answers a caller."""
    await parts.world.database.write(lambda db: db.execute(broken))

    heard = [await speaks_and_hangs_up(plivo, path) for path in (OUTGOING, "/telephony/outgoing")]

    assert heard == [True, True]
