"""The calls of the account: where they begin, how the API changes them, and what is told when they are over."""

import asyncio
from collections.abc import Coroutine

from softphone.sandbox.accounts import Application
from softphone.sandbox.call import Call, Engine, Facts
from softphone.sandbox.fields import ended
from softphone.sandbox.hangups import hangup, status_of
from softphone.sandbox.ladder import Hangup, Kind, Ladder
from softphone.sandbox.legs import Arrival, Leg
from softphone.sandbox.outbound import Order, run_outbound
from softphone.sandbox.record import finish_background
from softphone.sandbox.script import run_script
from softphone.sandbox.scripted import ScriptedLeg, Surroundings
from softphone.sandbox.scripts import Script
from softphone.sandbox.sip.address import read_uri
from softphone.sandbox.sip.sdp import offer_without_media

DOMAIN = "phone.plivo.com"


class Calls:
    """Runs every call in a task of its own. `close` ends them all."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._live: dict[str, Call] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def arrive(self, arrival: Arrival) -> str:
        """A call comes in: its UUID. Everything else happens in the background."""
        uuid = arrival.call_uuid or self._engine.ids.uuid()
        self._start(uuid, self._run(uuid, arrival))
        return uuid

    def place(self, order: Order) -> str:
        """Make a call because the API asked: its request UUID. Everything else happens in the background."""
        uuid, request_uuid = self._engine.ids.uuid(), self._engine.ids.uuid()
        self._start(uuid, self._run_order(uuid, request_uuid, order))
        return request_uuid

    def hang_up_call(self, call_uuid: str) -> bool:
        """End a live call, or one dialled leg of one, because the API asked. False when there is no such live call."""
        call = self._find(call_uuid)
        if call is None:
            return False
        call.note(Kind.REST, "The API hangs up")
        call.order(hangup(4000, source="API Request"), leg_uuid=call_uuid)
        return True

    def cancel_request(self, request_uuid: str) -> bool:
        """End the calls of a request that have not been answered. False when there is none."""
        found = [call for call in self._live.values() if call.facts.request_uuid == request_uuid and not call.answered]
        for call in found:
            call.note(Kind.REST, "The API cancels the request")
            call.order(hangup(1000, source="API Request"))
        return bool(found)

    def transfer(self, call_uuid: str, *, url: str, method: str) -> bool:
        """Have a live call go on with another document. False when there is no such live call."""
        call = self._live.get(call_uuid)
        if call is None:
            return False
        call.move(url=url, method=method)
        return True

    async def close(self) -> None:
        """End every call without telling anybody: the sandbox goes down."""
        tasks = tuple(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def settle(self) -> None:
        """Wait until no call is live."""
        while self._tasks:
            await asyncio.gather(*tuple(self._tasks.values()), return_exceptions=True)

    def _start(self, uuid: str, running: Coroutine[object, object, None]) -> None:
        self._tasks[uuid] = task = asyncio.create_task(running)
        task.add_done_callback(lambda _: self._tasks.pop(uuid, None))

    def _find(self, call_uuid: str) -> Call | None:
        record = self._engine.account.calls.get(call_uuid)
        if record is None or record.ended_at is not None:
            return None
        return self._live.get(record.parent_call_uuid or call_uuid)

    async def _run(self, uuid: str, arrival: Arrival) -> None:
        leg, engine = arrival.leg, self._engine
        ladder = engine.ladders.open(uuid, caller=leg.address, called=arrival.dialled)
        ladder.note(Kind.FROM_PHONE, f"{leg.address or 'a withheld number'} dials {arrival.dialled}")
        application = engine.account.application(arrival.app_id)
        if application is None and arrival.document is not None:
            application = Application(app_id="", app_name="nobody is asked")
        if application is None:
            ladder.note(Kind.ERROR, "No application handles this call", detail="attach one to the endpoint or number")
            ladder.end(hangup(2000, source="Plivo"))
            await leg.refuse(404, "no application")
            return
        facts = Facts(
            uuid=uuid,
            caller=leg.address,
            dialled=arrival.dialled,
            caller_name=arrival.caller_name,
            application=application,
            document=arrival.document,
            started_at=engine.clock(),
        )
        call = self._open(facts, leg, ladder)
        try:
            await self._finish(call, await run_script(call))
        finally:
            self._close(call)

    async def _run_order(self, uuid: str, request_uuid: str, order: Order) -> None:
        engine = self._engine
        ladder = engine.ladders.open(uuid, caller=order.caller, called=order.to)
        ladder.note(Kind.REST, f"The API calls {order.to}", detail=f"from {order.caller}")
        facts = Facts(
            uuid=uuid,
            caller=order.caller,
            dialled=order.to,
            caller_name=order.caller_name,
            application=order.application,
            outbound=True,
            request_uuid=request_uuid,
            headers=order.headers,
            started_at=engine.clock(),
        )
        found = self._leg_to(order)
        chance = engine.ids.bytes
        # A party for whom there is no leg is played by one that does nothing: it is never rung.
        nobody = ScriptedLeg(address=order.to, script=Script(), around=Surroundings(chance=chance))
        call = self._open(facts, nobody if isinstance(found, Hangup) else found, ladder)
        cannot = found if isinstance(found, Hangup) else None
        try:
            await self._finish(call, await run_outbound(call, order, offer=offer_without_media(chance), cannot=cannot))
        finally:
            self._close(call)

    def _leg_to(self, order: Order) -> Leg | Hangup:
        if self._engine.account.number(order.caller) is None:
            return hangup(3030, source="Carrier")
        if not order.to.startswith("sip:"):
            return self._engine.exchange.number(order.to.removeprefix("+")) or hangup(2010, source="Carrier")
        uri = read_uri(order.to)
        if uri is None or uri.host != DOMAIN or not uri.user:
            return hangup(2000, source="Plivo")
        return self._engine.exchange.user(uri.user) or hangup(2020, source="Plivo")

    def _open(self, facts: Facts, leg: Leg, ladder: Ladder) -> Call:
        call = self._live[facts.uuid] = Call(engine=self._engine, facts=facts, leg=leg, ladder=ladder)
        return call

    async def _finish(self, call: Call, end: Hangup) -> None:
        await call.close(end, status=status_of(call.refused_by or end))
        finish_background(call)
        self._tell_the_end(call)

    def _close(self, call: Call) -> None:
        call.stop()
        del self._live[call.facts.uuid]

    def _tell_the_end(self, call: Call) -> None:
        """Tell hangup_url; where there is none, answer_url is told (`wire.md` 4.4)."""
        application, end = call.facts.application, call.ladder.hangup
        has_own = bool(application.hangup_url)
        url = application.hangup_url if has_own else application.answer_url
        if url and end is not None:
            method = application.hangup_method if has_own else application.answer_method
            self._engine.callbacks.tell(url, method=method, fields=ended(call, end), ladder=call.ladder)
