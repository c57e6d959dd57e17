"""A softphone as Debian ships it, baresip, at the sandbox: it signs in, calls, is called, and is displaced."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace

import pytest

from softphone.sandbox.outbound import Order
from softphone.sandbox.sip.journal import What
from tests.sip.baresip import PATIENCE, baresip
from tests.sip.conftest import APP, HOTLINE, Site

pytestmark = pytest.mark.sip


@pytest.mark.parametrize("transport", ["udp", "tcp"])
async def test_a_softphone_signs_in_and_off(site: Site, transport: str) -> None:
    """By digest, under the full user name; its program and contact are known as long as it is there."""
    ana = site.endpoint("ana")

    async with baresip(site.folder / "ana", site.line(ana, transport=transport)):
        await site.noted(What.REGISTERED, user=ana.username)
        known = site.plant.sip.registered(ana.username)
    await site.noted(What.SIGNED_OFF, user=ana.username)

    assert known is not None
    assert known.user_agent.startswith("baresip")
    assert known.contact.startswith(f"sip:{ana.username}")
    assert site.plant.sip.registered(ana.username) is None


async def test_two_softphones_hear_each_other(site: Site) -> None:
    """Over UDP and TCP, their sound sent straight from one to the other."""
    ana, ben = site.endpoint("ana"), site.endpoint("ben")
    site.answers(f'<Dial callerId="{HOTLINE}"><User>sip:{ben.username}@phone.plivo.com</User></Dial>')
    caller = await site.softphone(site.line(ana))
    callee = await site.softphone(site.line(ben, transport="tcp"))

    await caller.do("dial", f"sip:{ben.username}@phone.plivo.com")
    await callee.saw("CALL_INCOMING")
    await callee.do("accept")
    await site.until("Joined")
    await caller.saw("CALL_ESTABLISHED")
    await caller.hears()
    await callee.hears()
    await caller.do("hangup")
    await callee.saw("CALL_CLOSED")
    await site.settled()

    (told,) = site.customer.at("/hangup")
    assert (told["HangupCauseCode"], told["HangupSource"]) == ("4000", "Caller")
    assert not any(step.title.startswith("No sound") for step in site.steps())


async def test_a_softphone_hears_the_menu_and_presses_a_key(site: Site) -> None:
    """The sandbox answers in plain RTP, hums where Plivo would speak, and hears the key in the sound (RFC 4733)."""
    ana = site.endpoint("ana")
    site.answers('<GetDigits action="http://customer/keys" numDigits="1"><Speak>Press a key.</Speak></GetDigits>')
    site.customer.documents["/keys"] = "<Response><Hangup/></Response>"
    phone = await site.softphone(site.line(ana))

    await phone.do("dial", "sip:menu@phone.plivo.com")
    await phone.saw("CALL_ESTABLISHED")
    await phone.hears()
    await phone.do("sndcode", "7")
    await phone.saw("CALL_CLOSED")
    await site.settled()

    (asked,) = site.customer.at("/keys")
    assert asked["Digits"] == "7"


async def test_the_api_rings_a_softphone_which_confirms_with_a_key(site: Site) -> None:
    """The test call of "ring me": answered by the person, and a key that proves that somebody is there."""
    ana = site.endpoint("ana")
    site.answers('<GetDigits action="http://customer/keys" numDigits="1"><Speak>Press any key.</Speak></GetDigits>')
    site.customer.documents["/keys"] = "<Response><Hangup/></Response>"
    phone = await site.softphone(site.line(ana, transport="tcp"))
    application = site.plant.account.applications[APP]

    site.plant.engine.place(Order(caller=HOTLINE, to=f"sip:{ana.username}@phone.plivo.com", application=application))
    await phone.saw("CALL_INCOMING")
    await phone.do("accept")
    await site.until("Speak")
    await phone.do("sndcode", "1")
    await phone.saw("CALL_CLOSED")
    await site.settled()

    (asked,) = site.customer.at("/keys")
    assert asked["Digits"] == "1"


async def test_the_softphone_that_signed_in_last_rings(site: Site) -> None:
    """The first is not told, and does not ring."""
    ana = site.endpoint("ana")
    site.answers(f"<Dial><User>sip:{ana.username}@phone.plivo.com</User></Dial>")
    first = await site.softphone(site.line(ana))
    second = await site.softphone(site.line(ana, transport="tcp"))
    displaced = await site.noted(What.DISPLACED, user=ana.username)
    known = site.plant.sip.registered(ana.username)

    site.plant.parties.call({"from": "14155550123", "to": HOTLINE, "steps": [{"wait_for": "ringing"}]})
    await second.saw("CALL_INCOMING")

    assert displaced.sentence.endswith("rings no more")
    assert known is not None
    assert "transport=tcp" in known.contact
    assert not any(one.get("type") == "CALL_INCOMING" for one in first.events)


async def test_a_caller_who_gives_up_stops_the_ringing(site: Site) -> None:
    """CANCEL is answered, the INVITE ends with 487, and the call is over on both sides."""
    ana = site.endpoint("ana")
    site.answers(f"<Dial><User>sip:{ana.username}@phone.plivo.com</User></Dial>")
    phone = await site.softphone(site.line(ana))

    site.plant.parties.call(
        {"from": "14155550123", "to": HOTLINE, "steps": [{"wait_for": "ringing"}, {"hang_up": True}]}
    )
    await phone.saw("CALL_INCOMING")
    await phone.saw("CALL_CLOSED")
    await site.settled()

    (told,) = site.customer.at("/hangup")
    assert told["HangupSource"] == "Caller"


async def test_a_telephone_page_is_told_that_a_media_gateway_is_missing(site: Site) -> None:
    """A page is a browser: it is joined with the plain softphone, and is told why it hears nothing."""
    ana = site.endpoint("ana")
    site.answers(f"<Dial><User>sip:{ana.username}@phone.plivo.com</User></Dial>")
    phone = await site.softphone(site.line(ana))
    told: asyncio.Queue[Mapping[str, object]] = asyncio.Queue()
    page = site.plant.book.open(number="14155550123", name="Page", send=told.put_nowait)
    offer = "v=0\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=fingerprint:sha-256 00\r\n"
    arrival = site.plant.book.dial(page, to=HOTLINE, offer=offer)
    assert arrival is not None

    site.plant.arrive(arrival)
    await phone.saw("CALL_INCOMING")
    await phone.do("accept")
    async with asyncio.timeout(PATIENCE):
        while (spoken := await told.get()).get("type") != "speak":
            pass
    detail = await site.until("No sound between these two")
    await phone.do("hangup")

    assert "media gateway" in str(spoken["text"])
    assert "the callee speaks plain RTP" in detail


async def test_a_softphone_whose_password_is_wrong_is_limited(site: Site) -> None:
    """Ten tries, then 403 with Retry-After; another endpoint at the same address signs in as if nothing were."""
    ana, ben = site.endpoint("ana"), site.endpoint("ben")
    wrong = replace(site.line(ana), password="wrong")

    async with baresip(site.folder / "wrong", wrong):
        await site.noted(What.LIMITED, user=ana.username)
    await site.softphone(site.line(ben))

    assert site.plant.sip.registered(ana.username) is None
    assert site.plant.sip.registered(ben.username) is not None
