"""Faults on demand: what goes wrong next, on which path, how often."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum


class Where(StrEnum):
    """Which wire the fault is on."""

    CALLBACK = "callback"
    REST = "rest"
    SIGNALLING = "signalling"


class Action(StrEnum):
    """What goes wrong.

    `delay`: it takes `ms` longer. `drop`: it never arrives. `twice`: it arrives twice. `status`: it is answered with
    `status` and `body` without anybody being asked. `close`: it arrives, but the connection ends before the answer.
    """

    DELAY = "delay"
    DROP = "drop"
    TWICE = "twice"
    STATUS = "status"
    CLOSE = "close"


MAX_DELAY_MS = 120_000
"""No test waits longer than two minutes."""


class FaultInvalid(ValueError):
    """A fault that cannot be made; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault. It strikes where the path contains `match`, `times` times (None: until faults are cleared)."""

    where: Where
    action: Action
    match: str = ""
    ms: int = 0
    status: int = 503
    body: str = ""
    times: int | None = 1


class Faults:
    """The faults that are set. `take` hands out the next one that fits and counts it."""

    def __init__(self) -> None:
        self._set: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Set a fault. Earlier ones strike first."""
        self._set.append(fault)

    def clear(self) -> None:
        """Take all faults away."""
        self._set.clear()

    def all(self) -> tuple[Fault, ...]:
        """The faults that are still to strike."""
        return tuple(self._set)

    def take(self, where: Where, path: str) -> Fault | None:
        """The fault that strikes this request, if any."""
        for index, fault in enumerate(self._set):
            if fault.where is where and fault.match in path:
                if fault.times is not None and fault.times <= 1:
                    del self._set[index]
                elif fault.times is not None:
                    self._set[index] = replace(fault, times=fault.times - 1)
                return fault
        return None


def read_fault(body: Mapping[str, object]) -> Fault:
    """A fault from the JSON of `POST /_sandbox/faults`. Raises: FaultInvalid, with a sentence."""
    unknown = set(body) - {"kind", "match", "action", "ms", "status", "body", "times"}
    if unknown:
        raise FaultInvalid(f"unknown fields: {', '.join(sorted(unknown))}")
    try:
        where, action = Where(str(body.get("kind"))), Action(str(body.get("action")))
    except ValueError as error:
        raise FaultInvalid(
            "kind is callback, rest or signalling; action is delay, drop, twice, status or close"
        ) from error
    times = body.get("times", 1)
    return Fault(
        where=where,
        action=action,
        match=str(body.get("match", "")),
        ms=_number(body, "ms", default=0, low=0, high=MAX_DELAY_MS),
        status=_number(body, "status", default=503, low=200, high=599),
        body=str(body.get("body", "")),
        times=None if times is None else _number(body, "times", default=1, low=1, high=1_000_000),
    )


def _number(body: Mapping[str, object], name: str, *, default: int, low: int, high: int) -> int:
    value = body.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise FaultInvalid(f"{name} is a whole number from {low} to {high}")
    return value
