"""The live board as JSON. Callers are labels, reasons are words, and no number and no address is in it."""

from collections import Counter
from collections.abc import Iterable, Sequence

from softphone.actions.see_board import Board, BoardCall, BoardHotline, BoardVolunteer, Today
from softphone.domain.alerts import WORDS as ALERT_WORDS
from softphone.domain.alerts import Alert
from softphone.domain.call_figures import Waits, quantile, seconds_waited, tally_of
from softphone.domain.doubts import WORDS as DOUBT_WORDS
from softphone.domain.hotline import Hotline
from softphone.domain.hotline_calls import Stage
from softphone.domain.hours import open_at
from softphone.domain.standing import WORDS, Why
from softphone.domain.times import iso
from softphone.web.hotline_json import render_decision


def render_board(board: Board, *, alone: bool) -> dict[str, object]:
    """The board. `alone` if one hotline was asked for."""
    zones = {one.shift.hotline.time_zone for one in board.hotlines}
    return {
        "at": iso(board.at),
        "time_zone": next(iter(zones)) if alone and zones else None,
        "hotlines": [_hotline(one, board) for one in board.hotlines],
        "today": _all_days([one.today for one in board.hotlines]),
        "calls": [_call(one) for one in board.calls],
        "volunteers": [_volunteer(one) for one in board.volunteers],
        "alerts": [render_alert(one) for one in board.alerts],
    }


def render_alert(alert: Alert) -> dict[str, object]:
    """An alert as administrators see it."""
    return {
        "id": alert.id,
        "kind": alert.kind.value,
        "hotline": {"id": alert.hotline_id, "name": alert.hotline_name},
        "message": ALERT_WORDS[alert.kind],
        "began_at": iso(alert.began_at),
        "ended_at": iso(alert.ended_at) if alert.ended_at else None,
    }


def named(hotline: Hotline) -> dict[str, object]:
    """A hotline by its name."""
    return {"id": hotline.id, "name": hotline.name}


def _hotline(one: BoardHotline, board: Board) -> dict[str, object]:
    hotline = one.shift.hotline
    stages = Counter(call.call.stage for call in board.calls if call.hotline.id == hotline.id)
    return {
        **named(hotline),
        "time_zone": hotline.time_zone,
        "open": not hotline.closed and open_at(hotline, board.at),
        "closed": hotline.closed,
        "decision": render_decision(one.shift.shift.routed.decision),
        "would_ring": len(one.shift.would_ring),
        "doubtful": one.doubtful,
        # Whoever still chooses a language, or proves to be a person, waits too.
        "waiting": stages[Stage.WAITING] + stages[Stage.MENU] + stages[Stage.PROVING],
        "ringing": stages[Stage.RINGING],
        "talking": stages[Stage.TALKING],
        "leaving_message": stages[Stage.MESSAGE],
        "today": _figures([one.today.day.isoformat()], one.today.waits),
    }


def _all_days(days: Sequence[Today]) -> dict[str, object]:
    return _figures({one.day.isoformat() for one in days}, [wait for one in days for wait in one.waits])


def _figures(days: Iterable[str], waits: Sequence[Waits]) -> dict[str, object]:
    seconds, counts, known = seconds_waited(waits), tally_of(waits), list(days)
    return {
        "date": known[0] if len(known) == 1 else None,
        "calls": counts.calls,
        "answered": counts.answered,
        "missed": counts.missed,
        "voicemail": counts.voicemail,
        "turned_away": counts.turned_away,
        "median_wait_seconds": quantile(seconds, 0.5),
        "longest_wait_seconds": max(seconds, default=None),
    }


def _call(one: BoardCall) -> dict[str, object]:
    call = one.call
    return {
        "id": call.ref,
        "label": call.caller_label,
        "repeat": call.caller_repeat,
        "hotline": named(one.hotline),
        "language": call.language,
        "state": call.stage.value,
        "started_at": iso(call.started_at),
        "waiting_since": iso(call.waiting_since),
        "since": iso(one.since),
        "with": [
            {
                "id": person.volunteer_id,
                "name": person.name,
                "phone": person.phone.value if person.phone else None,
                "heard": person.heard,
            }
            for person in one.people
        ],
    }


def _volunteer(one: BoardVolunteer) -> dict[str, object]:
    person, doubt = one.person, one.doubt
    return {
        "id": person.id,
        "name": person.name,
        "availability": person.availability.value,
        "availability_since": iso(person.availability_since),
        "languages": list(person.languages),
        "reachable": bool(one.phones),
        "phones": [phone.value for phone in one.phones],
        "doubt": {"why": doubt.why.value, "message": DOUBT_WORDS[doubt.why], "since": iso(doubt.since)}
        if doubt
        else None,
        "call": one.call,
        "hotlines": [
            {
                **named(hotline),
                "why": standing.why.value,
                "message": WORDS[standing.why],
                "rings": standing.why is Why.RINGS,
            }
            for hotline, standing in one.standings
        ],
    }
