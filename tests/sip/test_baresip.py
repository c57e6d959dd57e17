"""A softphone as Debian ships it, baresip, at the sandbox: it signs in, calls, is called, and is displaced."""

import pytest

from softphone.sandbox.sip.journal import What
from tests.sip.baresip import baresip
from tests.sip.conftest import HOTLINE, Site

pytestmark = pytest.mark.sip


@pytest.mark.parametrize("transport", ["udp", "tcp"])
async def test_a_softphone_signs_in_and_off(site: Site, transport: str) -> None:
    """By digest, under the full user name; its program and contact are known as long as it is there."""
    ana = site.endpoint("ana")

    async with baresip(site.folder / "ana", site.line(ana, transport=transport)):
        await site.plant.journal.until(What.REGISTERED, user=ana.username)
        known = site.plant.sip.registered(ana.username)
    await site.plant.journal.until(What.SIGNED_OFF, user=ana.username)

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
    assert all("No sound" not in step.title for one in site.plant.ladders.all() for step in one.steps)
