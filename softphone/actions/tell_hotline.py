"""Tell open pages what happens to a caller: nothing that names them, and to each only what is theirs."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from softphone.domain.hotline import Hotline
from softphone.domain.hotline_calls import HotlineCall
from softphone.domain.ids import VolunteerId
from softphone.domain.times import iso
from softphone.store.database import Connection
from softphone.store.events import ADMINS, append_event, append_events, only

KIND = "hotline_call"
BOARD = "board"


class CallNews(StrEnum):
    """What a volunteer's page is told of a caller."""

    OFFERED = "offered"
    ANSWERED = "answered"
    ANSWERED_BY_COLLEAGUE = "answered_by_colleague"
    STOPPED = "stopped"
    ENDED = "ended"


def offer_body(call: HotlineCall, hotline: Hotline, *, now: datetime) -> dict[str, object]:
    """A caller as a volunteer sees them."""
    return {
        "id": call.ref,
        "hotline": {"id": hotline.id, "name": hotline.name},
        "language": call.language or hotline.default_language,
        "label": call.caller_label,
        "repeat": call.caller_repeat,
        "spoke_before": call.reconnect_to is not None,
        "waiting_since": iso(call.waiting_since),
        "waited_seconds": max(0, int((now - call.waiting_since).total_seconds())),
    }


async def tell_volunteers(
    db: Connection,
    people: Iterable[VolunteerId],
    news: CallNews,
    *,
    call: HotlineCall,
    hotline: Hotline,
    now: datetime,
    more: dict[str, object] | None = None,
) -> None:
    """Tell these volunteers' pages."""
    body = {**offer_body(call, hotline, now=now), "state": news.value, **(more or {})}
    await append_events(db, [only(one) for one in dict.fromkeys(people)], KIND, body=body, now=now)


async def tell_board(db: Connection, call: HotlineCall, *, now: datetime) -> None:
    """Tell administrators' pages that a call has moved; what it is now, they ask."""
    body = {"id": call.ref, "hotline_id": call.hotline_id, "state": call.stage.value}
    await append_event(db, ADMINS, BOARD, body=body, now=now)
