"""Calls between devices that speak SIP, decided by a customer's documents."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from softphone.sandbox.sip.message import Request, Response
from softphone.sandbox.sip.service import FromShape
from tests.sandbox.sip_device import APP, Device, World, a_world

ANSWER = "v=0\r\ns=answer\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\n"


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """A sandbox without sockets."""
    async with a_world() as world:
        yield world


def dial(*callees: Device | str, attributes: str = "") -> str:
    """A document that rings devices."""
    users = "".join(f"<User>{one if isinstance(one, str) else one.address}</User>" for one in callees)
    return f'<Response><Dial callerId="14155550100" {attributes}>{users}</Dial></Response>'


async def test_a_call_is_joined_and_ends_for_both(world: World) -> None:
    """INVITE, ring, answer, ACK, BYE; the descriptions go through, the customer is told."""
    ana, ben = await world.device("ana"), await world.device("ben")
    world.customer.documents["/answer"] = dial(ben, attributes='callbackUrl="http://customer/legs" timeout="1000"')
    world.customer.documents["/legs"] = ""

    ana.invite("ben")
    invite = await ben.request("INVITE")
    ben.answer(invite, 180)
    await ana.response(180)
    ben.answer(invite, 200, body=ANSWER)
    ok = await ana.response(200)
    ack = await ben.request("ACK")
    ana.within("ACK", ok)
    joined = await ana.request("INFO")
    ben.within_theirs("BYE", invite)
    bye = await ana.request("BYE")
    end = await world.end()

    assert invite.uri == ben.contact
    assert (invite.headers.get("X-PH-ref"), invite.body) == (
        None,
        "v=0\r\ns=offer\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n",
    )
    assert ok.body == ANSWER
    assert ok.headers.get("X-CallUUID") == end["CallUUID"] == world.arrived[0]
    assert (ack.uri, bye.uri, joined.uri) == (ben.contact, ana.contact, ana.contact)
    assert joined.body == "remote-party-ringing"
    (asked,) = world.customer.at("/answer")
    assert (asked["From"], asked["To"], asked["CallStatus"]) == (ana.address, "ben", "ringing")
    assert (asked["X-PH-ref"], asked["Direction"], asked["Event"]) == ("beef", "inbound", "StartApp")
    assert [leg["DialAction"] for leg in world.customer.at("/legs")] == ["answer", "connected", "hangup"]
    assert (end["HangupCauseCode"], end["HangupSource"], end["CallStatus"]) == ("4000", "Callee", "completed")


async def test_keys_go_both_ways(world: World) -> None:
    """INFO with `application/dtmf-relay`, in and out."""
    ana, ben = await world.device("ana"), await world.device("ben")
    world.customer.documents["/answer"] = dial(ben, attributes='timeout="1000"')
    ok, invite = await joined(ana, ben)
    kind = ("Content-Type", "application/dtmf-relay")

    ana.within("INFO", ok, kind, body="Signal=5\r\nDuration=100")
    to_ben = await ben.request("INFO")
    ben.within_theirs("INFO", invite, kind, body="Signal=#\r\nDuration=100")
    to_ana = await ana.request("INFO")

    assert to_ben.body == "Signal=5\r\nDuration=100\r\n"
    assert to_ana.body == "Signal=#\r\nDuration=100\r\n"


async def test_the_first_to_answer_wins(world: World) -> None:
    """Everybody rings at once; the others are cancelled for Lost Race (9000)."""
    ana, ben, carl = await world.device("ana"), await world.device("ben"), await world.device("carl")
    world.customer.documents["/answer"] = dial(ben, carl, attributes='timeout="1000"')

    ana.invite("all")
    first, second = await ben.request("INVITE"), await carl.request("INVITE")
    ben.answer(first, 180)
    carl.answer(second, 180)
    carl.answer(second, 200, body=ANSWER)
    await ana.response(200)
    cancel = await ben.request("CANCEL")

    assert cancel.headers.get("Via") == first.headers.get("Via")
    assert "Lost Race" in (cancel.headers.get("Reason") or "")
    assert 9000 in [record.hangup_code for record in world.account.calls.values()]


async def test_nobody_registered_is_2020_and_goes_on_to_the_action(world: World) -> None:
    """The action says what follows, and learns that it failed without ringing."""
    ana = await world.device("ana")
    world.customer.documents["/answer"] = dial("sip:ghost@phone.plivo.com", attributes='action="http://customer/next"')
    world.customer.documents["/next"] = '<Response><Hangup reason="busy"/></Response>'

    ana.invite("ghost")
    refused = await ana.response(486)
    end = await world.end()

    (told,) = world.customer.at("/next")
    assert (told["DialStatus"], told["DialRingStatus"], told["DialBLegUUID"]) == ("failed", "false", "")
    assert refused.headers.get("X-CallUUID") == end["CallUUID"]
    assert (end["HangupCauseCode"], end["HangupSource"]) == ("3010", "Answer XML")


async def test_a_dial_that_rings_too_long_ends(world: World) -> None:
    """`timeout` is in seconds of ringing."""
    ana, ben = await world.device("ana"), await world.device("ben")
    world.customer.documents["/answer"] = dial(ben, attributes='timeout="1"')

    ana.invite("ben")
    ben.answer(await ben.request("INVITE"), 180)
    await ben.request("CANCEL")
    await ana.response(480)
    end = await world.end()

    assert 3000 in [record.hangup_code for record in world.account.calls.values()]
    assert end["HangupCauseCode"] == "4010"


async def test_a_caller_who_gives_up_stops_the_ringing(world: World) -> None:
    """CANCEL gets 200 and 487; the action is told `cancel`, and its answer counts for nothing."""
    ana, ben = await world.device("ana"), await world.device("ben")
    world.customer.documents["/answer"] = dial(ben, attributes='timeout="1000" action="http://customer/next"')
    world.customer.documents["/next"] = "<Response/>"

    ana.invite("ben")
    ben.answer(await ben.request("INVITE"), 180)
    await ana.response(180)
    ana.say("CANCEL", "sip:ben@phone.plivo.com", call_id="out")
    await ana.response(200)
    await ana.response(487)
    await ben.request("CANCEL")
    end = await world.end()

    (told,) = world.customer.at("/next")
    assert (told["DialStatus"], told["DialHangupCause"], told["CallStatus"]) == (
        "cancel",
        "ORIGINATOR_CANCEL",
        "completed",
    )
    assert (end["HangupCauseCode"], end["HangupSource"]) == ("1000", "Caller")


async def test_a_busy_callee_is_busy_for_the_caller(world: World) -> None:
    """486 goes through to the phone; the call itself has come to the end of its document (`wire.md` 3.1: 4010)."""
    ana, ben = await world.device("ana"), await world.device("ben")
    world.customer.documents["/answer"] = dial(ben, attributes='timeout="1000"')

    ana.invite("ben")
    invite = await ben.request("INVITE")
    ben.answer(invite, 486)
    ack = await ben.request("ACK")
    await ana.response(486)
    end = await world.end()

    assert ack.headers.get("Via") == invite.headers.get("Via")
    assert 3010 in [record.hangup_code for record in world.account.calls.values()]
    assert (end["HangupCauseCode"], end["HangupSource"]) == ("4010", "Plivo")


@pytest.mark.parametrize(
    ("document", "code", "status"),
    [
        (None, "7011", 500),
        ("", "8011", 500),
        ("<Response><Nonsense/></Response>", "8011", 500),
        ("<Response/>", "4010", 480),
        ('<Response><Hangup reason="rejected"/></Response>', "3020", 603),
        ("<Response><Redirect>http://customer/gone</Redirect></Response>", "7014", 500),
        ('<Response><Wait length="1"/><Hangup/></Response>', "4000", 480),
    ],
    ids=["unreachable", "empty", "invalid", "end", "rejected", "redirect", "wait"],
)
async def test_a_call_that_is_never_answered_ends_with_its_code(
    world: World, document: str | None, code: str, status: int
) -> None:
    """What is wrong with the customer's answer is in the hangup code (`wire.md` 4.6)."""
    ana = await world.device("ana")
    if document is not None:
        world.customer.documents["/answer"] = document

    ana.invite("123")
    await ana.response(status)
    end = await world.end()

    assert end["HangupCauseCode"] == code


@pytest.mark.parametrize(
    ("main", "fallback", "code"),
    [
        (None, "<Response><Hangup/></Response>", "4000"),
        ("", "<Response><Hangup/></Response>", "4000"),
        ("Sorry!", "<Response><Hangup/></Response>", "4000"),
        ("<Response><Nonsense/></Response>", "<Response><Hangup/></Response>", "4000"),
        (None, None, "7011"),
        ("Sorry!", None, "7011"),
        (None, "Sorry!", "8011"),
    ],
    ids=["500", "empty", "no XML", "wrong XML", "neither", "no XML and no fallback", "fallback without XML"],
)
async def test_the_fallback_url_stands_in_for_an_answer_that_cannot_be_used(
    world: World, main: str | None, fallback: str | None, code: str
) -> None:
    """Out of reach, a status that is no success, or no Plivo XML (`wire.md` 4.7, `rest.md` 4.2); asked once."""
    ana = await world.device("ana")
    world.account.put_application(
        replace(world.account.applications[APP], fallback_answer_url="http://customer/fallback")
    )
    for path, document in (("/answer", main), ("/fallback", fallback)):
        if document is not None:
            world.customer.documents[path] = document

    ana.invite("123")
    end = await world.end()

    assert len(world.customer.at("/fallback")) == 1
    assert end["HangupCauseCode"] == code


async def test_from_can_leave_the_auth_id_out(world: World) -> None:
    """Plivo does not document how `From` names a token login (`wire.md` 4.3); both shapes can be tried."""
    ana = await world.device("ana")
    world.customer.documents["/answer"] = "<Response/>"
    world.sip.from_shape = FromShape.BARE

    ana.invite("123")
    end = await world.end()

    assert end["From"] == f"sip:{ana.endpoint.username}@phone.plivo.com"


async def test_keys_that_are_not_allowed_are_answered_with_a_sound_and_asked_again(world: World) -> None:
    """`validDigits`, `invalidDigitsSound`, `retries`: one of two rounds fails, the second is heard."""
    ana = await world.device("ana")
    world.customer.documents["/answer"] = (
        '<Response><GetDigits action="http://customer/digits" numDigits="1" timeout="1000" retries="2" '
        'validDigits="12" invalidDigitsSound="http://customer/no.mp3"><Speak>Press</Speak></GetDigits></Response>'
    )
    world.customer.documents["/digits"] = "<Response/>"
    kind = ("Content-Type", "application/dtmf-relay")

    ana.invite("123")
    ok = await ana.response(200)
    ana.within("ACK", ok)
    ana.within("INFO", ok, kind, body="Signal=9\r\nDuration=100")
    while "Play" not in [step.title for step in world.ladders.all()[0].steps]:
        await world.ladders.wait_for_change(world.ladders.version)
    while [step.title for step in world.ladders.all()[0].steps].count("Speak") < 2:
        await world.ladders.wait_for_change(world.ladders.version)
    ana.within("INFO", ok, kind, body="Signal=2\r\nDuration=100")
    await world.end()

    assert [told["Digits"] for told in world.customer.at("/digits")] == ["2"]


async def test_a_finish_key_ends_the_digits_and_is_not_among_them(world: World) -> None:
    """`finishOnKey` may be another key than `#`."""
    ana = await world.device("ana")
    world.customer.documents["/answer"] = (
        '<Response><GetDigits action="http://customer/digits" timeout="1000" digitTimeout="1000" finishOnKey="*">'
        "<Speak>Press</Speak></GetDigits></Response>"
    )
    world.customer.documents["/digits"] = "<Response/>"

    ana.invite("123")
    ok = await ana.response(200)
    ana.within("ACK", ok)
    for key in "1#2*":
        ana.within("INFO", ok, ("Content-Type", "application/dtmf-relay"), body=f"Signal={key}\r\nDuration=100")
    await world.end()

    assert [told["Digits"] for told in world.customer.at("/digits")] == ["1#2"]


async def test_a_sentence_answers_the_call_and_digits_are_collected(world: World) -> None:
    """Speak answers with a description that leads nowhere; GetDigits waits for keys; the end is a BYE."""
    ana = await world.device("ana")
    world.customer.documents["/answer"] = (
        '<Response><GetDigits action="http://customer/digits" numDigits="2" timeout="1000" digitTimeout="1000">'
        "<Speak>Press</Speak></GetDigits></Response>"
    )
    world.customer.documents["/digits"] = "<Response><Speak>Thanks</Speak></Response>"

    ana.invite("123")
    ok = await ana.response(200)
    ana.within("ACK", ok)
    for key in "42":
        ana.within("INFO", ok, ("Content-Type", "application/dtmf-relay"), body=f"Signal={key}\r\nDuration=100")
    await ana.request("BYE")
    end = await world.end()

    assert "a=setup:active" in ok.body
    assert [told["Digits"] for told in world.customer.at("/digits")] == ["42"]
    assert end["HangupCauseCode"] == "4010"


async def test_a_dial_after_a_sentence_draws_a_new_offer(world: World) -> None:
    """The caller is asked by re-INVITE for an offer, and gets the callee's answer in the ACK (RFC 3261 14.1)."""
    ana, ben = await world.device("ana"), await world.device("ben")
    document = dial(ben, attributes='timeout="1000"').replace("<Response>", "<Response><Speak>Wait</Speak>")
    world.customer.documents["/answer"] = document

    ana.invite("ben")
    ana.within("ACK", await ana.response(200))
    invite = await ben.request("INVITE")
    ben.answer(invite, 200, body=ANSWER)
    again = await ana.request("INVITE")
    ana.answer(again, 200, body="v=0\r\ns=again\r\n")
    ack = await ana.request("ACK")

    assert again.body == ""
    assert again.uri == ana.contact
    assert ack.body == ANSWER


async def test_the_api_hangs_up_a_live_call(world: World) -> None:
    """Both legs end, and the source is the API."""
    ana, ben = await world.device("ana"), await world.device("ben")
    world.customer.documents["/answer"] = dial(ben, attributes='timeout="1000"')
    await joined(ana, ben)

    hung_up = world.calls.hang_up_call(world.arrived[0])
    await ana.request("BYE")
    await ben.request("BYE")
    end = await world.end()

    assert hung_up
    assert (end["HangupCauseCode"], end["HangupSource"]) == ("4000", "API Request")
    assert not world.calls.hang_up_call(world.arrived[0])


async def test_a_call_outlives_a_broken_socket(world: World) -> None:
    """What is sent meanwhile waits for the device's next socket."""
    ana, ben = await world.device("ana"), await world.device("ben")
    world.customer.documents["/answer"] = dial(ben, attributes='timeout="1000"')
    _, invite = await joined(ana, ben)

    world.sip.closed(ana)
    ben.within_theirs("INFO", invite, ("Content-Type", "application/dtmf-relay"), body="Signal=1\r\nDuration=100")
    await ben.response(200)
    again = Device(world, ana.endpoint, contact=ana.contact)
    again.register()
    key = await again.request("INFO")

    assert key.body.startswith("Signal=1")


async def test_a_device_that_stays_away_ends_its_call(world: World) -> None:
    """After the grace the other side is told."""
    ana, ben = await world.device("ana"), await world.device("ben")
    world.customer.documents["/answer"] = dial(ben, attributes='timeout="1000"')
    await joined(ana, ben)

    world.sip.closed(ana)
    await ben.request("BYE")
    end = await world.end()

    assert end["HangupCauseCode"] == "5000"


async def test_a_new_description_inside_the_call_is_answered_by_the_other_side(world: World) -> None:
    """The SDK sends a re-INVITE when its network changes."""
    ana, ben = await world.device("ana"), await world.device("ben")
    world.customer.documents["/answer"] = dial(ben, attributes='timeout="1000"')
    ok, _ = await joined(ana, ben)

    ana.within("INVITE", ok, body="v=0\r\ns=moved\r\n")
    offered = await ben.request("INVITE")
    ben.answer(offered, 200, body="v=0\r\ns=follows\r\n")
    answered = await ana.response(200)

    assert offered.body == "v=0\r\ns=moved\r\n"
    assert answered.body == "v=0\r\ns=follows\r\n"


async def joined(ana: Device, ben: Device) -> tuple[Response, Request]:
    """A call from ana to ben that both have taken."""
    ana.invite("ben")
    invite = await ben.request("INVITE")
    ben.answer(invite, 200, body=ANSWER)
    ok = await ana.response(200)
    ana.within("ACK", ok)
    await ana.request("INFO")
    await ben.request("ACK")
    return ok, invite
