"""One call while it lives: its facts, and the one queue in which everything that happens to it stands in order."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import TypeVar

from softphone.sandbox.accounts import Account, Application, CallRecord
from softphone.sandbox.callbacks import Callbacks
from softphone.sandbox.hangups import hangup
from softphone.sandbox.ids import Ids
from softphone.sandbox.ladder import Hangup, Kind, Ladder, Ladders
from softphone.sandbox.legs import Digit, Exchange, HungUp, Leg, LegEvent, Refused, Reoffered
from softphone.sandbox.verbs import Record

T = TypeVar("T")

# US dollars a minute, as wire.md 4.3 shows them for the two kinds of caller.
BILL_RATE_SIP = "0.00300"
BILL_RATE_NUMBER = "0.00850"


@dataclass(frozen=True, slots=True)
class Heard:
    """A leg said something."""

    leg: Leg
    event: LegEvent


@dataclass(frozen=True, slots=True)
class Ordered:
    """The call, or one dialled leg of it, is to end: the API asked, or its time has come."""

    hangup: Hangup
    leg_uuid: str


@dataclass(frozen=True, slots=True)
class Done:
    """Work that the call waits for has ended."""

    task: "asyncio.Task[object]"


@dataclass(frozen=True, slots=True)
class Moved:
    """The API transfers the call: another document follows."""

    url: str
    method: str


Item = Heard | Ordered | Done | Moved


class CallOver(Exception):
    """The call has ended while its document ran; `hangup` says why."""

    def __init__(self, hangup: Hangup) -> None:
        super().__init__(hangup.name)
        self.hangup = hangup


class Transferred(CallOver):
    """What ran of the call is over: it goes on with the document of `url`."""

    def __init__(self, *, url: str, method: str) -> None:
        super().__init__(hangup(4000, source="API Request"))
        self.url = url
        self.method = method


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """What every call is made with. `second` is how long a second of a document lasts, in seconds."""

    account: Account
    callbacks: Callbacks
    ladders: Ladders
    exchange: Exchange
    ids: Ids
    clock: Callable[[], datetime]
    second: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What does not change while a call lives. `outbound`: the API made it, and its first leg is the one called."""

    uuid: str
    caller: str
    dialled: str
    caller_name: str
    application: Application
    document: bytes | None = None
    outbound: bool = False
    request_uuid: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    started_at: datetime


class Call:
    """A call from its arrival to its end."""

    def __init__(self, *, engine: Engine, facts: Facts, leg: Leg, ladder: Ladder) -> None:
        self.engine = engine
        self.facts = facts
        self.leg = leg
        self.ladder = ladder
        self.answered_at: datetime | None = None
        self.joined_at: datetime | None = None
        self.refused_by: Hangup | None = None
        self.background_records: list[tuple[Record, str]] = []
        self._gone = False
        self._inbox: asyncio.Queue[Item] = asyncio.Queue()
        self._pumps: dict[int, asyncio.Task[None]] = {}
        self._work: set[asyncio.Task[object]] = set()
        self._beside: set[asyncio.Task[object]] = set()
        self._timers: list[asyncio.TimerHandle] = []
        self.record = CallRecord(
            call_uuid=facts.uuid,
            direction="outbound" if facts.outbound else "inbound",
            from_number=facts.caller,
            to_number=facts.dialled,
            started_at=facts.started_at,
            caller_name=facts.caller_name,
            status="queued" if facts.outbound else "ringing",
            request_uuid=facts.request_uuid,
        )
        engine.account.record(self.record)
        self.listen(leg)

    @property
    def answered(self) -> bool:
        """Has the caller been answered?"""
        return self.answered_at is not None

    @property
    def gone(self) -> bool:
        """Has the caller hung up?"""
        return self._gone

    @property
    def status(self) -> str:
        """The callbacks' `CallStatus`."""
        if self._gone:
            return "completed"
        return "in-progress" if self.answered else "ringing"

    def note(self, kind: Kind, title: str, *, detail: str = "") -> None:
        """Add a step to the call's ladder."""
        self.ladder.note(kind, title, detail=detail)

    def listen(self, leg: Leg) -> None:
        """Put what a leg says into the call's queue, until it has nothing more to say."""
        self._pumps[id(leg)] = asyncio.create_task(self._pump(leg))

    def order(self, end: Hangup, *, leg_uuid: str | None = None) -> None:
        """Have the call, or one dialled leg of it, ended."""
        self._inbox.put_nowait(Ordered(end, leg_uuid or self.facts.uuid))

    def order_later(self, end: Hangup, *, seconds: float, leg_uuid: str | None = None) -> None:
        """Have the call, or one dialled leg of it, ended when so many seconds of its document have passed."""
        loop = asyncio.get_running_loop()
        order = partial(self.order, end, leg_uuid=leg_uuid)
        self._timers.append(loop.call_later(seconds * self.engine.second, order))

    def move(self, *, url: str, method: str) -> None:
        """Have the call go on with another document."""
        self._inbox.put_nowait(Moved(url, method))

    def background(self, work: Coroutine[object, object, T]) -> "asyncio.Task[T]":
        """Do something beside the document; the queue says when it has ended. It ends with the call."""
        task: asyncio.Task[T] = asyncio.create_task(work)
        self._beside.add(task)
        task.add_done_callback(self._beside_done)
        return task

    async def next(self, seconds: float | None = None) -> Item | None:
        """The next thing that happens; None when nothing does within so many seconds of a document."""
        if seconds is None:
            return await self._inbox.get()
        try:
            return await asyncio.wait_for(self._inbox.get(), max(seconds, 0) * self.engine.second)
        except TimeoutError:
            return None

    async def next_key(self, seconds: float) -> str | None:
        """The next key that the caller presses; None when none comes in time. Raises: CallOver."""
        loop = asyncio.get_running_loop()
        ends = loop.time() + seconds * self.engine.second
        while (left := ends - loop.time()) > 0:
            item = await self.next(left / self.engine.second)
            key = await self.take(item)
            if key is not None:
                return key
        return None

    async def idle(self, seconds: float) -> None:
        """Let time pass; keys are not kept. Raises: CallOver."""
        loop = asyncio.get_running_loop()
        ends = loop.time() + seconds * self.engine.second
        while (left := ends - loop.time()) > 0:
            await self.next_key(left / self.engine.second)

    async def during(self, work: Coroutine[object, object, T], *, stop_at: str = "") -> T | str:
        """Do something while the call lives: its result, or the key among `stop_at` that stopped it.

        A caller who hangs up ends the wait, not the work: a request that is under way is finished at its own pace.
        Raises: CallOver.
        """
        task: asyncio.Task[T] = asyncio.create_task(work)
        self._work.add(task)
        task.add_done_callback(self._inbox_done)
        while True:
            item = await self.next()
            if isinstance(item, Done) and item.task is task:
                return task.result()
            key = await self.take(item)
            if key is not None and key in stop_at:
                await self.leg.stop_audio()
                await asyncio.wait([task])
                return key

    async def take(self, item: Item | None) -> str | None:
        """What the caller or the API does outside a `<Dial>`: a key, or the end. Raises: CallOver."""
        match item:
            case Heard(leg=leg, event=event) if leg is self.leg:
                return await self._take_from_caller(event)
            case Ordered(hangup=end, leg_uuid=leg_uuid) if leg_uuid == self.facts.uuid:
                raise CallOver(end)
            case Moved(url=url, method=method):
                raise Transferred(url=url, method=method)
        return None

    def caller_hung_up(self, event: HungUp) -> Hangup:
        """Mark the caller as gone, and why the call ends then."""
        self._gone = True
        who = self.facts.dialled if self.facts.outbound else "The caller"
        self.note(Kind.FROM_PHONE, f"The connection of {who} is lost" if event.lost else f"{who} hangs up")
        if event.lost:
            return hangup(5000, source="Error")
        return hangup(4000 if self.answered else 1000, source="Callee" if self.facts.outbound else "Caller")

    def begins_to_ring(self) -> None:
        """The first leg of a call that the API made rings."""
        self._record(replace(self.record, status="ringing"))

    def picked_up(self) -> None:
        """The first leg of a call that the API made has answered."""
        self.answered_at = self.engine.clock()
        self.note(Kind.FROM_PHONE, f"{self.facts.dialled} answers")
        self.ladder.now("in-progress")
        self._record(replace(self.record, status="in-progress", answered_at=self.answered_at))

    async def answer(self, sdp: str | None) -> None:
        """Answer the caller: with somebody's description, or as the sandbox itself. Does nothing the second time."""
        if self.answered:
            return
        self.answered_at = self.engine.clock()
        self.note(Kind.TO_PHONE, "The caller is answered", detail="" if sdp else "by the sandbox itself: no media")
        self.ladder.now("in-progress")
        self._record(replace(self.record, status="in-progress", answered_at=self.answered_at))
        await self.leg.answer(sdp)

    async def close(self, end: Hangup, *, status: int) -> None:
        """End the call for the caller, and write down how it ended."""
        if not self._gone:
            if self.answered:
                await self.leg.hang_up(cause=end.name)
            elif self.facts.outbound:
                await self.leg.cancel(reason=end.name)
            else:
                await self.leg.refuse(status, end.name)
        self._gone = True
        self._record(
            replace(
                self.record,
                status="completed",
                ended_at=self.engine.clock(),
                hangup_code=end.code,
                hangup_name=end.name,
                hangup_source=end.source,
            )
        )
        self.ladder.end(end)

    def stop(self) -> None:
        """Listen to nobody any more."""
        for timer in self._timers:
            timer.cancel()
        for task in (*self._pumps.values(), *self._beside):
            task.cancel()

    def headers(self) -> Mapping[str, str]:
        """The call's `X-PH-…` headers, as the callbacks carry them."""
        return self.facts.headers if self.facts.outbound else self.leg.headers

    def _record(self, record: CallRecord) -> None:
        self.record = record
        self.engine.account.record(record)

    def _beside_done(self, task: "asyncio.Task[object]") -> None:
        self._beside.discard(task)
        if not task.cancelled():
            self._inbox.put_nowait(Done(task))

    def _inbox_done(self, task: "asyncio.Task[object]") -> None:
        self._work.discard(task)
        self._inbox.put_nowait(Done(task))

    async def _take_from_caller(self, event: LegEvent) -> str | None:
        match event:
            case HungUp():
                raise CallOver(self.caller_hung_up(event))
            case Digit(key=key):
                self.note(Kind.FROM_PHONE, f"Key {key}")
                return key
            case Reoffered():
                await self.leg.accept(None)
        return None

    async def _pump(self, leg: Leg) -> None:
        while True:
            event = await leg.next_event()
            self._inbox.put_nowait(Heard(leg, event))
            if isinstance(event, HungUp | Refused):
                return
