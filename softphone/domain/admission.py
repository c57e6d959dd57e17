"""Whether a call comes in: the block first, then the caller's own limit, then the hotline's (threat model, TM-F6).

Only calls that were let in, or may still prove themselves, count: whoever is refused 500 times uses up nothing that
others need, and may try again later.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from softphone.domain.privacy import HotlinePrivacy

LIMIT_WINDOW = timedelta(hours=1)
FLOOD_WINDOW = timedelta(minutes=10)
PROOF_DIGITS = 4
PROOF_TRIES = 3


@dataclass(frozen=True, slots=True)
class Admitted:
    """Come in."""


@dataclass(frozen=True, slots=True)
class MustProve:
    """Say these digits and let the caller press them. `again`: other digits were pressed before, and these are new."""

    digits: str
    again: bool = False


@dataclass(frozen=True, slots=True)
class TooMany:
    """This caller, or all of them, called too often; or nobody pressed the digits."""


@dataclass(frozen=True, slots=True)
class Blocked:
    """A volunteer has blocked this caller."""


Admission = Admitted | MustProve | TooMany | Blocked


class BlockReason(StrEnum):
    """Why a caller was blocked: a list, so that no number and no story is written down."""

    NOT_SAID = "not_said"
    ABUSE = "abuse"
    THREAT = "threat"
    SEXUAL = "sexual"
    PRANK = "prank"
    SILENT = "silent"


class AdmissionState(StrEnum):
    """How a call stands that was not refused."""

    ADMITTED = "admitted"
    PROVING = "proving"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is known of a call that has asked before."""

    state: AdmissionState
    digits: str
    tries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AdmissionFacts:
    """What decides. The counts leave out this call and all refused ones; `digits` are drawn for this call.

    Units: `by_caller` and `in_all` are calls within LIMIT_WINDOW, `lately` within FLOOD_WINDOW.
    """

    asked: Asked | None
    blocked_until: datetime | None
    by_caller: int
    in_all: int
    lately: int
    limits: HotlinePrivacy
    digits: str


def decide_admission(facts: AdmissionFacts, *, now: datetime) -> Admission:
    """The answer. A call that asks again gets the answer it had, unless its caller was blocked meanwhile."""
    if facts.blocked_until is not None and now < facts.blocked_until:
        return Blocked()
    if facts.asked is not None:
        return _again(facts.asked)
    limits = facts.limits
    if _reached(facts.by_caller, limits.caller_calls_per_hour) or _reached(facts.in_all, limits.all_calls_per_hour):
        return TooMany()
    return MustProve(facts.digits) if _reached(facts.lately, limits.check_above) else Admitted()


def decide_proof(asked: Asked | None, pressed: str, *, digits: str) -> Admission:
    """What the keys that were pressed are worth. `asked.tries` counts this try already; `digits` are for the next."""
    if asked is None:
        return TooMany()
    if asked.state is not AdmissionState.PROVING:
        return _again(asked)
    if pressed == asked.digits:
        return Admitted()
    return TooMany() if asked.tries >= PROOF_TRIES else MustProve(digits, again=True)


def _again(asked: Asked) -> Admission:
    match asked.state:
        case AdmissionState.ADMITTED:
            return Admitted()
        case AdmissionState.PROVING:
            return MustProve(asked.digits, again=asked.tries > 0)
        case AdmissionState.FAILED:
            return TooMany()


def _reached(count: int, limit: int) -> bool:
    return limit > 0 and count >= limit
