"""Hotlines, their callers and the explanation of who rings, as JSON."""

from collections.abc import Sequence
from datetime import datetime

from softphone.actions.explain_ringing import Explained
from softphone.actions.tell_hotline import offer_body
from softphone.actions.wrap_up import OwnCall
from softphone.domain.hotline import Hotline, PrivatePhone
from softphone.domain.hours import open_at
from softphone.domain.ids import VolunteerId
from softphone.domain.routing import Decision, Pause, RingRound, SayAlternatives, TakeMessage
from softphone.domain.standing import WORDS
from softphone.domain.times import iso


def render_hotline(hotline: Hotline, members: Sequence[VolunteerId], *, now: datetime) -> dict[str, object]:
    """A hotline as administrators see it."""
    hours = hotline.hours or ()
    return {
        "id": hotline.id,
        "connection_id": hotline.connection_id,
        "name": hotline.name,
        "numbers": list(hotline.numbers),
        "time_zone": hotline.time_zone,
        "round_the_clock": hotline.hours is None,
        "hours": [
            {"weekday": one.weekday, "opens": one.opens.isoformat("minutes"), "closes": one.closes.isoformat("minutes")}
            for one in hours
        ],
        "holidays": [{"day": one.day.isoformat(), "name": one.name} for one in hotline.holidays],
        "closed": hotline.closed,
        "open_now": not hotline.closed and open_at(hotline, now),
        "languages": list(hotline.languages),
        "default_language": hotline.default_language,
        "strategy": hotline.strategy.value,
        "ring_at_once": hotline.ring_at_once,
        "ring_seconds": int(hotline.ring_for.total_seconds()),
        "pause_seconds": int(hotline.pause_for.total_seconds()),
        "longest_wait_seconds": int(hotline.longest_wait.total_seconds()),
        "music_url": hotline.music_url,
        "wrap_up_seconds": int(hotline.wrap_up.total_seconds()),
        "hard_wrap_up_seconds": int(hotline.hard_wrap_up.total_seconds()),
        "outcomes": list(hotline.outcomes),
        "notes_enabled": hotline.notes_enabled,
        "members": list(members),
        "fallback_made_at": iso(hotline.fallback_made_at) if hotline.fallback_made_at else None,
        "created_at": iso(hotline.created_at),
        "updated_at": iso(hotline.updated_at),
    }


def render_explained(explained: Explained) -> dict[str, object]:
    """Who would ring, and the one reason for everybody."""
    return {
        "hotline": {"id": explained.hotline.id, "name": explained.hotline.name},
        "language": explained.language,
        "at": iso(explained.at),
        "open": explained.is_open and not explained.hotline.closed,
        "decision": render_decision(explained.routed.decision),
        "volunteers": [
            {
                "id": one.volunteer_id,
                "name": one.name,
                "why": one.why.value,
                "message": WORDS[one.why],
                "phones": [phone.value for phone in one.phones],
            }
            for one in explained.routed.standings
        ],
    }


def render_decision(decision: Decision) -> dict[str, object]:
    """What happens to the caller. No address and no number is in it."""
    match decision:
        case RingRound():
            seconds = int(decision.ring_for.total_seconds())
            return {"kind": "ring", "round": decision.number, "half": decision.half.value, "seconds": seconds}
        case Pause(hold_for, held):
            return {"kind": "pause", "seconds": int(hold_for.total_seconds()), "held": held}
        case TakeMessage(ending):
            return {"kind": "message", "reason": ending.value}
        case SayAlternatives(ending):
            return {"kind": "alternatives", "reason": ending.value}


def render_own_call(own: OwnCall, *, now: datetime) -> dict[str, object]:
    """A call as the volunteer who had it sees it."""
    call = own.call
    return {
        **offer_body(call, own.hotline, now=call.answered_at or now),
        "state": call.stage.value,
        "answered_at": iso(call.answered_at) if call.answered_at else None,
        "ended_at": iso(call.ended_at) if call.ended_at else None,
        "outcome": call.outcome,
        "outcomes": list(own.hotline.outcomes),
        "notes_enabled": own.hotline.notes_enabled,
        "note": own.note.reveal() if own.note else None,
        "hard": call.hard,
    }


def render_private_phone(phone: PrivatePhone | None) -> dict[str, object]:
    """A telephone of one's own, by its last digits."""
    return {
        "masked": phone.masked if phone else None,
        "enabled": phone.enabled if phone else False,
        "in_fallback": phone.in_fallback if phone else False,
        "send_digits": phone.send_digits if phone else None,
    }
