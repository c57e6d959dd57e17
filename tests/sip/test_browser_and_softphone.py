"""A real Chromium with the unmodified SDK and a real softphone, in one call at the sandbox."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from softphone.sandbox.accounts import Endpoint
from softphone.sandbox.sip.journal import What
from tests.browser.test_sandbox_sdk import World, a_world, hear, see
from tests.sip.baresip import PATIENCE, Baresip, Line, baresip

pytestmark = [pytest.mark.browser, pytest.mark.sip]

NUMBER = "14155550100"


class Both:
    """The browser's world, and softphones beside it."""

    def __init__(self, world: World, stack: AsyncExitStack, folder: Path) -> None:
        self.world = world
        self._stack = stack
        self._folder = folder

    async def softphone(self, endpoint: Endpoint, *, secure: bool) -> Baresip:
        """A softphone that has signed in as an endpoint; `secure` speaks ICE and DTLS-SRTP, and nothing else."""
        line = Line(user=endpoint.username, password=endpoint.password, server=self.world.addresses.sip, secure=secure)
        phone = await self._stack.enter_async_context(baresip(self._folder / endpoint.username, line))
        async with asyncio.timeout(PATIENCE):
            await self.world.plant.journal.until(What.REGISTERED, user=endpoint.username)
        return phone

    def endpoint(self, name: str) -> Endpoint:
        """An endpoint with a password that fits into a line of baresip's."""
        return self.world.plant.account.create_endpoint(
            username=name, password="Abcdefghijklmnopqrstuvw4", alias=name, app_id="1" * 17
        )

    def titles(self) -> list[str]:
        """What the ladders say."""
        return [step.title for one in self.world.plant.ladders.all() for step in one.steps]


@pytest.fixture
async def both(tmp_path: Path) -> AsyncIterator[Both]:
    """A sandbox, a browser, and room for softphones."""
    async with a_world() as world, AsyncExitStack() as stack:
        yield Both(world, stack, tmp_path)


async def test_a_browser_and_a_secure_softphone_hear_each_other(both: Both) -> None:
    """The browser dials, the softphone answers by ICE and DTLS-SRTP, and the tone and the voice arrive."""
    world = both.world
    ana, ben = both.endpoint("ana"), both.endpoint("ben")
    world.answers.document = (
        f'<Response><Dial callerId="{NUMBER}"><User>sip:{ben.username}@phone.plivo.com</User></Dial></Response>'
    )
    page = await world.volunteer(ana)
    phone = await both.softphone(ben, secure=True)

    await page.evaluate("client.call('ben', {})")
    await phone.saw("CALL_INCOMING")
    await phone.do("accept")
    await see(page, "onCallConnected")
    await hear(page)
    await phone.hears()
    await page.evaluate("client.hangup()")
    await phone.saw("CALL_CLOSED")

    assert not any(title.startswith("No sound") for title in both.titles())


async def test_a_secure_softphone_calls_a_browser(both: Both) -> None:
    """And the other way round: the softphone's offer suits a browser."""
    world = both.world
    ana, ben = both.endpoint("ana"), both.endpoint("ben")
    world.answers.document = f'<Response><Dial callerId="{NUMBER}"><User>{world.address(ana)}</User></Dial></Response>'
    page = await world.volunteer(ana)
    phone = await both.softphone(ben, secure=True)

    await phone.do("dial", "sip:ana@phone.plivo.com")
    await see(page, "onIncomingCall")
    await page.evaluate("client.answer(client.getCallUUID(), 'ignore')")
    await phone.saw("CALL_ESTABLISHED")
    await hear(page)
    await phone.hears()
    await phone.do("hangup")
    await see(page, "onCallTerminated")


async def test_a_plain_softphone_rings_for_a_browser_and_the_ladder_says_what_is_missing(both: Both) -> None:
    """It refuses the browser's description, is rung again with plain RTP, answers, and its keys arrive."""
    world = both.world
    ana, ben = both.endpoint("ana"), both.endpoint("ben")
    world.answers.document = (
        f'<Response><Dial callerId="{NUMBER}"><User>sip:{ben.username}@phone.plivo.com</User></Dial></Response>'
    )
    page = await world.volunteer(ana)
    phone = await both.softphone(ben, secure=False)

    await page.evaluate("client.call('ben', {})")
    await phone.saw("CALL_INCOMING")
    await phone.do("accept")
    await see(page, "onCallConnected")
    await phone.do("sndcode", "7")
    tone = await see(page, "onDtmfReceived")
    await phone.do("hangup")
    await see(page, "onCallTerminated")

    assert tone == [{"tone": "7", "duration": 100}]
    assert "No sound between these two: a media gateway is needed" in both.titles()
