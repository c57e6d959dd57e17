"""Plivo's callbacks: who may call, what is answered, what is kept."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from quart import Quart

from softphone.domain.dialling import LONGEST_CALL
from softphone.domain.volunteers import Dialling, Volunteer
from softphone.store.connections import update_connection
from softphone.store.events import select_events_after
from softphone.web.deps import Deps
from tests.clock import NOON, Clock
from tests.people import volunteer
from tests.telephony import AUTH_ID, Caller, connection, set_up, username

ANA = replace(volunteer("ana", extension="21", dialling=Dialling.NUMBERS), name="Ana María")
BEN = volunteer("ben", extension="22", languages=("es", "en"), dialling=Dialling.NUMBERS)
EVE = volunteer("eve", extension="23", dialling=Dialling.NOBODY)
CALLEE = "+1 (415) 555-0199"


@pytest.fixture
async def plivo(app: Quart, parts: Deps) -> Caller:
    """Plivo, with an account of ours: Ana, Ben and Eve have their phones on."""
    world = parts.world
    until = NOON + timedelta(hours=1)
    people = [ANA, BEN, EVE]
    await world.database.write(lambda db: set_up(db, people, keyring=world.keyring, until=until, to=connection()))
    return Caller(app=app)


async def rows(parts: Deps, sql: str) -> list[tuple[Any, ...]]:
    """What a statement finds."""
    return [tuple(row) for row in await parts.world.database.read(lambda db: db.fetch_all(sql))]


async def call_events(parts: Deps) -> list[tuple[str, dict[str, Any]]]:
    """Audience and body of every call event."""
    found = await parts.world.database.read(lambda db: select_events_after(db, 0, limit=500))
    return [(event.audience, dict(event.body)) for event in found if event.kind == "call"]


def parsed(body: bytes) -> ElementTree.Element:
    """The document, read."""
    return ElementTree.fromstring(body)  # noqa: S314  # our own bytes


async def test_a_number_is_dialled_with_our_caller_id(plivo: Caller, parts: Deps) -> None:
    """The XML names the number, our number, both limits and both callbacks; the page is told it rings."""
    response = await plivo.dial(ANA, CALLEE, **{"X-PH-ref": "0123456789abcdef"})

    assert response.status_code == 200
    assert response.content_type == "application/xml; charset=utf-8"
    dial = parsed(await response.data)[0]
    assert dial.attrib == {
        "timeout": "45",
        "timeLimit": "3600",
        "callerId": "14155550100",
        "action": "http://127.0.0.1:8000/telephony/main/dialled",
        "method": "POST",
        "callbackUrl": "http://127.0.0.1:8000/telephony/main/legs",
        "callbackMethod": "POST",
        "sipHeaders": "ref=0123456789abcdef",
    }
    assert [(child.tag, child.text) for child in dial] == [("Number", "14155550199")]
    ((audience, body),) = await call_events(parts)
    assert audience == "volunteer:v-ana"
    assert body["state"] == "ringing"
    assert body["ref"] == "0123456789abcdef"
    assert body["peer"] == {"kind": "number", "name": None, "extension": None, "masked": "…0199"}


@pytest.mark.parametrize(
    "to", ["22", "ben", "BEN", "Ben", f"sip:{username(BEN)}_{AUTH_ID}@phone.plivo.com", "sip:ben@phone.plivo.com"]
)
async def test_a_colleague_is_dialled_at_their_endpoint(plivo: Caller, parts: Deps, to: str) -> None:
    """By extension, login, name or address; both pages are told."""
    response = await plivo.dial(ANA, to)

    dial = parsed(await response.data)[0]
    assert [(child.tag, child.text) for child in dial] == [("User", f"sip:{username(BEN)}_{AUTH_ID}@phone.plivo.com")]
    assert dial.attrib["callerName"] == "Ana María"
    told = {audience: body for audience, body in await call_events(parts)}
    assert told["volunteer:v-ana"]["peer"]["name"] == "Ben"
    assert told["volunteer:v-ben"]["direction"] == "in"
    assert told["volunteer:v-ben"]["peer"]["name"] == "Ana María"


@pytest.mark.parametrize(
    ("caller", "to", "reason"),
    [
        (EVE, "22", "dialling_off"),
        (ANA, "911", "emergency"),
        (ANA, "988", "short_code"),
        (ANA, "19005550100", "number_type_not_allowed"),
        (ANA, "+442071838750", "country_not_allowed"),
        (ANA, "14155550100", "own_number"),
        (ANA, "21", "yourself"),
        (ANA, "nobody", "no_such_colleague"),
        (ANA, "", "number_not_understood"),
        (volunteer("mallory"), "22", "unknown_caller"),
    ],
)
async def test_a_refusal_is_spoken_and_told(
    plivo: Caller, parts: Deps, caller: Volunteer, to: str, reason: str
) -> None:
    """A short sentence and the end; the page knows why."""
    response = await plivo.dial(caller, to)

    assert response.status_code == 200
    assert [child.tag for child in parsed(await response.data)] == ["Speak", "Hangup"]
    events = await call_events(parts)
    assert [body["reason"] for _, body in events] == ([] if reason == "unknown_caller" else [reason])
    assert await rows(parts, "SELECT state, refusal FROM calls") == [("refused", reason)]


@pytest.mark.tm("TM-W11")
async def test_an_unknown_caller_is_audited(plivo: Caller, parts: Deps) -> None:
    """Well signed, but not from an endpoint of ours."""
    await plivo.dial(volunteer("mallory"), "22")

    assert await rows(parts, "SELECT action, subject FROM audit") == [("call.refused", "call-0001")]


@pytest.mark.tm("TM-W11")
async def test_direct_sip_proves_no_endpoint(plivo: Caller, parts: Deps) -> None:
    """From outside, the From is whatever the caller writes."""
    response = await plivo.dial(ANA, "22", SIPAuthType="ip_acl", SIPSourceIP="203.0.113.7")

    assert [child.tag for child in parsed(await response.data)] == ["Speak", "Hangup"]
    assert await rows(parts, "SELECT refusal FROM calls") == [("unknown_caller",)]


async def test_a_refusal_speaks_the_volunteers_language(plivo: Caller) -> None:
    """Ben's first language is Spanish."""
    response = await plivo.dial(BEN, "911")

    speak = parsed(await response.data)[0]
    assert speak.attrib == {"language": "es-ES"}
    assert "emergencias" in (speak.text or "")


async def test_a_colleague_whose_phone_is_off_is_not_rung(plivo: Caller, parts: Deps, clock: Clock) -> None:
    """The registration has run out."""
    clock.forward(hours=2)

    response = await plivo.dial(ANA, "22", SessionStart="2026-11-20 13:59:58")

    assert [child.tag for child in parsed(await response.data)] == ["Speak", "Hangup"]
    assert (await call_events(parts))[0][1]["reason"] == "colleague_unreachable"


@pytest.mark.tm("TM-T8")
async def test_with_webrtc_off_nobody_dials(plivo: Caller, parts: Deps) -> None:
    """The answer URL asks the one policy function."""
    await parts.world.database.write(lambda db: db.execute("UPDATE connections SET webrtc_enabled = false"))

    await plivo.dial(ANA, "22")

    assert (await call_events(parts))[0][1]["reason"] == "webrtc_off"


@pytest.mark.tm("TM-F2")
async def test_of_fifty_dials_at_once_one_passes(plivo: Caller, parts: Deps) -> None:
    """The limit is counted in the unit that adds the call."""
    answers = await asyncio.gather(
        *(plivo.dial(ANA, f"1415555{number:04}", call=f"call-{number:04}") for number in range(200, 250))
    )

    dialled = [answer for answer in answers if b"<Dial" in await answer.data]
    assert len(dialled) == 1
    assert await rows(parts, "SELECT count(*) FROM calls WHERE refusal = 'already_in_call'") == [(49,)]


@pytest.mark.tm("TM-F2")
async def test_ten_calls_an_hour_to_numbers(plivo: Caller, clock: Clock) -> None:
    """The eleventh waits; an hour later there are ten more."""
    reasons = []
    for number in range(11):
        call = f"call-{number:04}"
        response = await plivo.dial(ANA, f"1415555{number + 200:04}", call=call)
        reasons.append(b"<Dial" in await response.data)
        await plivo.ask("/telephony/main/status", {"CallUUID": call, "CallStatus": "completed", "Event": "Hangup"})
    clock.forward(hours=1, seconds=1)
    later = await plivo.dial(ANA, "14155550199", call="call-later")

    assert reasons == [True] * 10 + [False]
    assert b"<Dial" in await later.data


@pytest.mark.tm("TM-F2")
async def test_sixty_minutes_a_day(plivo: Caller, clock: Clock) -> None:
    """What is left of the day is the next call's limit; nothing left, no call."""
    for call, seconds in (("call-0001", 1200), ("call-0002", 2390)):
        await plivo.dial(ANA, "14155550199", call=call)
        await plivo.ask("/telephony/main/legs", {"CallUUID": call, "DialAction": "answer", "DialBLegUUID": "leg-0001"})
        end = {"CallUUID": call, "CallStatus": "completed", "Event": "Hangup", "Duration": str(seconds)}
        await plivo.ask("/telephony/main/status", end)
        clock.forward(hours=2)
        if call == "call-0001":
            fresh = await plivo.dial(BEN, "14155550199", call="call-ben")
            assert b'timeLimit="3600"' in await fresh.data

    last = await plivo.dial(ANA, "14155550199", call="call-0003")

    assert b"<Dial" not in await last.data
    assert "minutes" in (await last.data).decode()


@pytest.mark.tm("TM-F2")
@pytest.mark.parametrize(("answered", "dialled"), [(True, False), (False, True)], ids=["answered", "not answered"])
async def test_a_call_whose_end_was_never_told_counts_as_the_longest(
    plivo: Caller, clock: Clock, answered: bool, dialled: bool
) -> None:
    """As long as its `timeLimit` let it be, if anybody answered: better a volunteer too few than a night on the phone
    unseen. A day later it counts no more.
    """
    await plivo.dial(ANA, "14155550199", call="call-0001", SessionStart=f"{clock():%Y-%m-%d %H:%M:%S}")
    if answered:
        leg = {"CallUUID": "call-0001", "DialAction": "answer", "DialBLegUUID": "leg-0001"}
        await plivo.ask("/telephony/main/legs", leg)
    clock.now = NOON + LONGEST_CALL

    again = await plivo.dial(ANA, "14155550198", call="call-0002", SessionStart=f"{clock():%Y-%m-%d %H:%M:%S}")
    clock.forward(hours=24)
    next_day = await plivo.dial(ANA, "14155550197", call="call-0003", SessionStart=f"{clock():%Y-%m-%d %H:%M:%S}")

    assert (b"<Dial" in await again.data) is dialled
    assert b"<Dial" in await next_day.data


@pytest.mark.tm("TM-F4")
async def test_the_same_pair_is_not_joined_a_third_time_within_a_minute(plivo: Caller) -> None:
    """A calls B, B calls A, and that is enough."""
    end = {"CallStatus": "completed", "Event": "Hangup"}
    first = await plivo.dial(ANA, "22", call="call-0001")
    await plivo.ask("/telephony/main/status", {"CallUUID": "call-0001", **end})
    second = await plivo.dial(BEN, "21", call="call-0002")
    await plivo.ask("/telephony/main/status", {"CallUUID": "call-0002", **end})

    third = await plivo.dial(ANA, "22", call="call-0003")

    assert [b"<Dial" in await answer.data for answer in (first, second, third)] == [True, True, False]


@pytest.mark.tm("TM-F5")
@pytest.mark.parametrize("caller_id", [None, "19005550100"])
async def test_the_caller_id_is_one_of_our_own_numbers(plivo: Caller, parts: Deps, caller_id: str | None) -> None:
    """Whatever the connection or the request says."""
    world = parts.world
    changed = connection(caller_id=caller_id)
    await world.database.write(lambda db: update_connection(db, changed, keyring=world.keyring))

    response = await plivo.dial(ANA, CALLEE, **{"X-PH-callerId": "19005550100", "CallerName": "19005550100"})

    assert parsed(await response.data)[0].attrib["callerId"] == "14155550100"
    assert b"1900" not in await response.data


@pytest.mark.tm("TM-D5")
async def test_a_number_is_kept_nowhere_in_clear(plivo: Caller, parts: Deps, caplog: pytest.LogCaptureFixture) -> None:
    """Not in a table, an event or a log; only its masked tail."""
    await plivo.dial(ANA, CALLEE)
    end = {"CallUUID": "call-0001", "CallStatus": "completed", "Event": "Hangup", "To": "14155550199"}
    await plivo.ask("/telephony/main/status", end)
    await plivo.dial(ANA, "+19005550199", call="call-0002")
    await plivo.ask("/telephony/main/outgoing", plivo.outgoing(ANA, CALLEE), headers={"X-Plivo-Signature-V3": "no"})

    kept = ""
    for table in ("calls", "call_events", "nonces", "events", "audit"):
        kept += str(await rows(parts, f"SELECT * FROM {table}"))  # noqa: S608  # constant names
    assert "5550199" not in kept + caplog.text
    assert "…0199" in kept
