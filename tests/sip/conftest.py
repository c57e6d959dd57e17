"""A sandbox with its SIP doors open on free ports, and a customer whose answers are a table of documents."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest

from softphone.sandbox.accounts import Application, Endpoint, Number
from softphone.sandbox.addresses import Addresses
from softphone.sandbox.ladder import Step
from softphone.sandbox.options import SandboxOptions
from softphone.sandbox.plant import Plant
from softphone.sandbox.server import running
from softphone.sandbox.sip.journal import Entry, What
from tests.sandbox.sip_device import Customer
from tests.sip.baresip import PATIENCE, Baresip, Line, baresip

APP = "1" * 17
HOTLINE = "14155550100"
PASSWORD = "Abcdefghijklmnopqrstuvw4"


@dataclass(kw_only=True)
class Site:
    """The sandbox, its customer, and the softphones that were started."""

    plant: Plant
    addresses: Addresses
    customer: Customer
    folder: Path
    stack: AsyncExitStack
    count: "itertools.count[int]" = field(default_factory=itertools.count)

    def endpoint(self, name: str) -> Endpoint:
        """An endpoint under the application."""
        return self.plant.account.create_endpoint(username=name, password=PASSWORD, alias=name, app_id=APP)

    def answers(self, verbs: str) -> None:
        """What the customer answers to every call."""
        self.customer.documents["/answer"] = f"<Response>{verbs}</Response>"

    def line(self, endpoint: Endpoint, *, transport: str = "udp", secure: bool = False, more: str = "") -> Line:
        """How a softphone signs in as an endpoint."""
        return Line(
            user=endpoint.username,
            password=PASSWORD,
            server=self.addresses.sip,
            transport=transport,
            secure=secure,
            more=more,
        )

    async def softphone(self, line: Line) -> Baresip:
        """A baresip that has signed in."""
        phone = await self.stack.enter_async_context(baresip(self.folder / str(next(self.count)), line))
        # It prints the answer to its own REGISTER, so whoever was signed in before cannot be mistaken for it.
        await phone.printed("200 OK")
        return phone

    async def noted(self, what: What, *, user: str | None = None, times: int = 1) -> Entry:
        """Wait for an entry in the journal of the SIP doors."""
        async with asyncio.timeout(PATIENCE):
            return await self.plant.journal.until(what, user=user, times=times)

    async def until(self, title: str) -> str:
        """Wait until a call's ladder has a step that begins like this: its detail."""
        try:
            async with asyncio.timeout(PATIENCE):
                while True:
                    found = [step.detail for step in self.steps() if step.title.startswith(title)]
                    if found:
                        return found[-1]
                    await self.plant.next_version(self.plant.ladders.version)
        except TimeoutError:
            raise AssertionError("\n".join([f"no step {title!r}", *map(repr, self.steps())])) from None

    def steps(self) -> list[Step]:
        """Every step of every call."""
        return [step for one in self.plant.ladders.all() for step in one.steps]

    async def settled(self) -> None:
        """Wait until no call is live."""
        async with asyncio.timeout(PATIENCE):
            await self.plant.engine.settle()
            await self.plant.callbacks.settle()


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    """A sandbox that listens, with an application and a number."""
    customer = Customer()
    options = SandboxOptions(port=0, numbers=(HOTLINE,))
    plant = Plant(options, transport=httpx2.MockTransport(customer.answer))
    plant.account.put_application(
        Application(
            app_id=APP, app_name="app", answer_url="http://customer/answer", hangup_url="http://customer/hangup"
        )
    )
    plant.account.numbers[HOTLINE] = Number(number=HOTLINE, app_id=APP)
    customer.documents["/hangup"] = ""
    async with running(options, plant=plant) as addresses, AsyncExitStack() as stack:
        yield Site(plant=plant, addresses=addresses, customer=customer, folder=tmp_path, stack=stack)
