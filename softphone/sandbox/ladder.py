"""The record of a call as people read it: one step under the other, with milliseconds, the XML, and how it ended."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

KEPT = 200
"""So many calls are remembered; the oldest is forgotten first."""

MAX_TEXT = 8_000
"""Characters of a detail or document that are kept, so that a wrong answer cannot fill the memory."""


class Kind(StrEnum):
    """Who told whom. The lanes of the drawing are: phone, Plivo, our service."""

    FROM_PHONE = "from_phone"
    TO_PHONE = "to_phone"
    ASKED = "asked"
    REPLIED = "replied"
    REST = "rest"
    PLIVO = "plivo"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that happened in a call, `ms` after the call began."""

    at: datetime
    ms: int
    kind: Kind
    title: str
    detail: str
    xml: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hangup:
    """How a call ended: `code` and `name` as in `wire.md` 4.6, `cause` the FreeSWITCH word, `source` who ended it."""

    code: int
    name: str
    cause: str
    source: str


class Ladder:
    """The steps of one call. Write to it with `note`; `end` closes it."""

    def __init__(self, ladders: "Ladders", *, call_uuid: str, caller: str, called: str) -> None:
        self._ladders = ladders
        self.call_uuid = call_uuid
        self.caller = caller
        self.called = called
        self.started_at = ladders.clock()
        self.state = "ringing"
        self.hangup: Hangup | None = None
        self.steps: list[Step] = []

    def note(self, kind: Kind, title: str, *, detail: str = "", xml: str | None = None) -> None:
        """Add a step. `title` is a few words, `detail` the rest, one fact a line; `xml` a document as it came."""
        now = self._ladders.clock()
        ms = round((now - self.started_at).total_seconds() * 1000)
        cut = xml[:MAX_TEXT] if xml is not None else None
        self.steps.append(Step(at=now, ms=ms, kind=kind, title=title, detail=detail[:MAX_TEXT], xml=cut))
        self._ladders.touch()

    def now(self, state: str) -> None:
        """Say what state the call is in: `ringing`, `in-progress`, `completed` …"""
        self.state = state
        self._ladders.touch()

    def end(self, hangup: Hangup, *, state: str = "completed") -> None:
        """Close the call. The first end counts; a later one changes nothing."""
        if self.hangup is not None:
            return
        self.hangup, self.state = hangup, state
        kind = Kind.ERROR if hangup.code >= 5000 and hangup.code not in NOT_TROUBLE else Kind.PLIVO
        self.note(kind, f"Ended: {hangup.name}", detail=f"{hangup.code} {hangup.cause}, by {hangup.source}")

    def as_json(self) -> Mapping[str, object]:
        """The call as `/_sandbox/calls` gives it."""
        return {
            "call_uuid": self.call_uuid,
            "from": self.caller,
            "to": self.called,
            "started_at": as_time(self.started_at),
            "state": self.state,
            "hangup": None if self.hangup is None else _hangup_json(self.hangup),
            "steps": [_step_json(step) for step in self.steps],
        }


NOT_TROUBLE = frozenset({6000, 6010, 9000, 9100})
"""Ends above 5000 that are no fault of anybody: time limit, ring timeout, lost race, machine detected."""


class Ladders:
    """All remembered calls, the newest last. `changed` lets a page wait for the next step."""

    def __init__(self, *, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self.version = 0
        self._calls: dict[str, Ladder] = {}
        self._changed = asyncio.Event()

    def open(self, call_uuid: str, *, caller: str, called: str) -> Ladder:
        """Begin the record of a call. One that is begun twice stays as it is."""
        if call_uuid not in self._calls:
            while len(self._calls) >= KEPT:
                del self._calls[next(iter(self._calls))]
            self._calls[call_uuid] = Ladder(self, call_uuid=call_uuid, caller=caller, called=called)
            self.touch()
        return self._calls[call_uuid]

    def get(self, call_uuid: str) -> Ladder | None:
        """The record of a call, or None when there is none."""
        return self._calls.get(call_uuid)

    def all(self) -> tuple[Ladder, ...]:
        """Every remembered call, oldest first."""
        return tuple(self._calls.values())

    def touch(self) -> None:
        """Wake whoever waits in `wait_for_change`."""
        self.version += 1
        self._changed.set()
        self._changed = asyncio.Event()

    async def wait_for_change(self, seen: int) -> int:
        """Wait until there is something newer than version `seen`; the version now."""
        while self.version == seen:
            await self._changed.wait()
        return self.version


def as_time(moment: datetime) -> str:
    """A time for JSON: ISO 8601, UTC, milliseconds, `Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _hangup_json(hangup: Hangup) -> Mapping[str, object]:
    return {"code": hangup.code, "name": hangup.name, "cause": hangup.cause, "source": hangup.source}


def _step_json(step: Step) -> Mapping[str, object]:
    body: dict[str, object] = {
        "at": as_time(step.at),
        "ms": step.ms,
        "kind": step.kind.value,
        "title": step.title,
        "detail": step.detail,
    }
    if step.xml is not None:
        body["xml"] = step.xml
    return body
