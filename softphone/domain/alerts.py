"""What administrators are told of at once: a hotline that is open, and nobody would answer."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from softphone.domain.ids import HotlineId, VolunteerId
from softphone.domain.routing import Ending, RingRound, Routed, SayAlternatives, TakeMessage


class AlertKind(StrEnum):
    """What is wrong with a shift."""

    EMPTY_SHIFT = "empty_shift"
    DOUBTFUL_SHIFT = "doubtful_shift"


WORDS: Mapping[AlertKind, str] = {
    AlertKind.EMPTY_SHIFT: "The hotline is open, and nobody's phone would ring for a caller.",
    AlertKind.DOUBTFUL_SHIFT: "The hotline is open, and it is doubtful whether anybody would hear a caller.",
}
"""What an administrator reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """Something wrong with a hotline's shift. `ended_at` is None as long as it lasts."""

    id: str
    kind: AlertKind
    hotline_id: HotlineId
    hotline_name: str
    began_at: datetime
    ended_at: datetime | None


def alert_about(routed: Routed, doubtful: Collection[VolunteerId]) -> AlertKind | None:
    """What is wrong with a shift, from what would happen to a caller now. Somebody who is only busy will be free."""
    match routed.decision:
        case TakeMessage(Ending.NOBODY) | SayAlternatives(Ending.NOBODY):
            return AlertKind.EMPTY_SHIFT
        case RingRound(callees=callees) if all(one.volunteer_id in doubtful for one in callees):
            return AlertKind.DOUBTFUL_SHIFT
        case _:
            return None
