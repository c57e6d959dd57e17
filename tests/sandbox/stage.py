"""A whole sandbox without a socket, its parties scripted, its customer a table of documents. Seconds are short here."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import httpx2

from softphone.sandbox.accounts import Application, Number
from softphone.sandbox.ladder import Ladder
from softphone.sandbox.options import SandboxOptions
from softphone.sandbox.plant import Plant
from tests.clock import Clock
from tests.sandbox.sip_device import Customer

HOTLINE, CALLER, CALLEE = "14155550100", "14155550123", "14155550199"
APP = "1" * 17

# Seconds after which what does not come is a failure, and not a test that hangs.
PATIENCE = 60


class Stage:
    """A sandbox whose number leads to one application. A second lasts `second` seconds."""

    def __init__(self, *, second: float = 0.02) -> None:
        self.customer = Customer()
        self.plant = Plant(
            SandboxOptions(clock=Clock(), numbers=(HOTLINE,)),
            transport=httpx2.MockTransport(self.customer.answer),
            second=second,
        )
        self.plant.account.put_application(
            Application(
                app_id=APP, app_name="app", answer_url="http://customer/answer", hangup_url="http://customer/hangup"
            )
        )
        self.plant.account.numbers[HOTLINE] = Number(number=HOTLINE, app_id=APP)
        self.customer.documents["/hangup"] = ""

    def answers(self, verbs: str, *, at: str = "/answer") -> None:
        """What the customer answers at a path: the elements of a document."""
        self.customer.documents[at] = f"<Response>{verbs}</Response>"

    def call(self, *steps: Mapping[str, object], **more: object) -> str:
        """A scripted call to the hotline: the caller's id."""
        body = {"from": CALLER, "to": HOTLINE, "speech_ms": 100, "steps": list(steps), **more}
        return self.plant.parties.call(body)[0].id

    def waits(self, *steps: Mapping[str, object], **more: object) -> None:
        """A scripted callee."""
        self.plant.parties.wait({"number": CALLEE, "after_ms": 0, "speech_ms": 100, "steps": list(steps), **more})

    async def end(self) -> dict[str, str]:
        """What hangup_url was told when the only call was over."""
        async with asyncio.timeout(PATIENCE):
            await self.plant.engine.settle()
            await self.plant.callbacks.settle()
        (fields,) = self.customer.at("/hangup")
        return fields

    async def until(self, title: str) -> None:
        """Wait until a call's ladder has a step that begins like this."""
        async with asyncio.timeout(PATIENCE):
            while not any(step.title.startswith(title) for one in self.plant.ladders.all() for step in one.steps):
                await self.plant.next_version(self.plant.ladders.version)

    @property
    def ladder(self) -> Ladder:
        """The only call."""
        (ladder,) = self.plant.ladders.all()
        return ladder

    def heard(self) -> list[str]:
        """What the callee heard in its only call."""
        (leg,) = self.plant.parties.calls_of(CALLEE)
        return leg.heard


@asynccontextmanager
async def a_stage() -> AsyncIterator[Stage]:
    """A stage that is cleaned up."""
    stage = Stage()
    try:
        yield stage
    finally:
        stage.plant.parties.dismiss_callers()
        stage.plant.parties.dismiss_callees()
        await stage.plant.close()
