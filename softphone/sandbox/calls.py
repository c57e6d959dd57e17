"""The calls of the account: where they begin, how the API ends them, and what is told when they are over."""

import asyncio

from softphone.sandbox.accounts import Application
from softphone.sandbox.call import Call, Engine, Facts
from softphone.sandbox.fields import ended
from softphone.sandbox.hangups import hangup, status_of
from softphone.sandbox.ladder import Kind
from softphone.sandbox.legs import Arrival
from softphone.sandbox.script import run_script


class Calls:
    """Runs every call in a task of its own. `close` ends them all."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._live: dict[str, Call] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def arrive(self, arrival: Arrival) -> str:
        """A call comes in: its UUID. Everything else happens in the background."""
        uuid = arrival.call_uuid or self._engine.ids.uuid()
        self._tasks[uuid] = task = asyncio.create_task(self._run(uuid, arrival))
        task.add_done_callback(lambda _: self._tasks.pop(uuid, None))
        return uuid

    def hang_up_call(self, call_uuid: str) -> bool:
        """End a live call, or one dialled leg of one, because the API asked. False when there is no such live call."""
        record = self._engine.account.calls.get(call_uuid)
        if record is None or record.ended_at is not None:
            return False
        call = self._live.get(record.parent_call_uuid or call_uuid)
        if call is None:
            return False
        call.note(Kind.REST, "The API hangs up")
        call.order(hangup(4000, source="API Request"), leg_uuid=call_uuid)
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

    async def _run(self, uuid: str, arrival: Arrival) -> None:
        leg, engine = arrival.leg, self._engine
        ladder = engine.ladders.open(uuid, caller=leg.address, called=arrival.dialled)
        ladder.note(Kind.FROM_PHONE, f"{leg.address} dials {arrival.dialled}")
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
        call = self._live[uuid] = Call(engine=engine, facts=facts, leg=leg, ladder=ladder)
        try:
            end = await run_script(call)
            await call.close(end, status=status_of(end))
            self._tell_the_end(call)
        finally:
            call.stop()
            del self._live[uuid]

    def _tell_the_end(self, call: Call) -> None:
        """Tell hangup_url; where there is none, answer_url is told (`wire.md` 4.4)."""
        application, end = call.facts.application, call.ladder.hangup
        has_own = bool(application.hangup_url)
        url = application.hangup_url if has_own else application.answer_url
        if url and end is not None:
            method = application.hangup_method if has_own else application.answer_method
            self._engine.callbacks.tell(url, method=method, fields=ended(call, end), ladder=call.ladder)
