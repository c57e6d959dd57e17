"""The log of hotline calls as JSON and as rows of a file. Callers are labels; no number is in it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from softphone.actions.see_call_log import CallStory, Figures
from softphone.domain.call_figures import Tally, Waits, buckets, quantile, seconds_waited, together
from softphone.domain.call_log import FATE_WORDS, LoggedCall, fate_of, leg_of
from softphone.domain.hotline_calls import Leg, Round, Rung
from softphone.domain.times import iso
from softphone.store.hotline_calls import LadderLine

COLUMNS = (
    "started_at",
    "id",
    "hotline",
    "caller",
    "repeat",
    "language",
    "ending",
    "waited_seconds",
    "talked_seconds",
    "answered_by",
    "outcome",
    "hard",
)
"""The columns of the file."""


def render_logged(call: LoggedCall) -> dict[str, object]:
    """A call of the log."""
    return {
        "id": call.ref,
        "hotline": {"id": call.hotline_id, "name": call.hotline_name},
        "label": call.label,
        "caller_id": call.caller_id,
        "repeat": call.repeat,
        "language": call.language,
        "state": call.stage.value,
        "ending": call.ending.value if call.ending else None,
        "started_at": iso(call.started_at),
        "waiting_since": iso(call.waiting_since),
        "answered_at": _iso(call.answered_at),
        "ended_at": _iso(call.ended_at),
        "waited_seconds": call.waited_seconds,
        "talked_seconds": call.talked_seconds,
        "answered_by": {"id": call.answered_by, "name": call.answered_by_name or ""} if call.answered_by else None,
        "outcome": call.outcome,
        "hard": call.hard,
    }


def row_of(call: LoggedCall) -> tuple[str, ...]:
    """A call as a row of `COLUMNS`."""
    return (
        iso(call.started_at),
        call.ref,
        call.hotline_name,
        call.label,
        "yes" if call.repeat else "no",
        call.language or "",
        call.ending.value if call.ending else "",
        _text(call.waited_seconds),
        _text(call.talked_seconds),
        call.answered_by_name or "",
        call.outcome or "",
        "yes" if call.hard else "no",
    )


def render_story(story: CallStory) -> dict[str, object]:
    """One call with the phones that rang and its ladder."""
    return {
        **render_logged(story.call),
        "hangup_code": story.call.hangup_code,
        "rounds": [_round(made, story) for made in story.rounds],
        "ladder": _ladder(story.ladder, since=story.call.started_at),
    }


def _round(made: Round, story: CallStory) -> dict[str, object]:
    return {
        "step": made.step,
        "round": made.number,
        "half": made.half.value,
        "began_at": iso(made.began_at),
        "after_ms": _ms(story.call.started_at, made.began_at),
        "lasted_ms": _ms(made.began_at, made.ended_at),
        "rung": [_rung(one, made, story) for one in made.rung],
    }


def _rung(one: Rung, made: Round, story: CallStory) -> dict[str, object]:
    leg = leg_of(one, made, story.rounds, story.legs)
    fate = fate_of(leg, made)
    return {
        "volunteer": {"id": one.volunteer_id, "name": story.names.get(one.volunteer_id, "")},
        "phone": one.phone.value,
        "fate": fate.value,
        "fate_message": FATE_WORDS[fate],
        "heard_after_ms": _ms(made.began_at, story.heard.get((made.step, one.volunteer_id))),
        **_leg(leg, made),
    }


def _leg(leg: Leg | None, made: Round) -> dict[str, object]:
    return {
        "answered_after_ms": _ms(made.began_at, leg.answered_at) if leg else None,
        "connected_after_ms": _ms(made.began_at, leg.connected_at) if leg else None,
        "ended_after_ms": _ms(made.began_at, leg.ended_at) if leg else None,
        "hangup_code": leg.hangup_code if leg else None,
        "hangup_cause": leg.hangup_cause if leg else None,
    }


def _ladder(lines: Sequence[LadderLine], *, since: datetime) -> list[dict[str, object]]:
    before, rendered = since, list[dict[str, object]]()
    for line in lines:
        rendered.append(
            {
                "seq": line.seq,
                "at": iso(line.at),
                "after_ms": _ms(since, line.at),
                "gap_ms": _ms(before, line.at),
                "asked": line.asked,
                "told": dict(line.told),
                "answered": line.answered,
                "document": line.document,
            }
        )
        before = line.at
    return rendered


def render_figures(figures: Figures) -> dict[str, object]:
    """What the charts are drawn from."""
    week, waits = figures.calendar.week, figures.waits
    whole = together(hour for day in week for hour in day)
    days = dict(figures.calendar.days)
    span = (figures.days.last - figures.days.first).days + 1
    return {
        "from": figures.days.first.isoformat(),
        "to": figures.days.last.isoformat(),
        "time_zone": figures.time_zone,
        **_tally(whole),
        "by_hour": [{"hour": hour, **_counts(together(day[hour] for day in week))} for hour in range(24)],
        "by_weekday": [{"weekday": number, **_counts(together(day))} for number, day in enumerate(week)],
        "hours_of_week": [[hour.calls for hour in day] for day in week],
        "waiting": _waiting(waits),
        "by_day": [
            {"date": day.isoformat(), **_tally(days.get(day, Tally()))}
            for day in (figures.days.first + timedelta(days=number) for number in range(span))
        ],
    }


def _waiting(waits: Sequence[Waits]) -> Mapping[str, object]:
    seconds = seconds_waited(waits)
    return {
        "buckets": [
            {"from_seconds": one.since, "to_seconds": one.until, "calls": one.calls, "answered": one.answered}
            for one in buckets(waits)
        ],
        "median_seconds": quantile(seconds, 0.5),
        "p90_seconds": quantile(seconds, 0.9),
        "longest_seconds": max(seconds, default=None),
    }


def _tally(one: Tally) -> dict[str, object]:
    return {
        "calls": one.calls,
        "answered": one.answered,
        "missed": one.missed,
        "voicemail": one.voicemail,
        "turned_away": one.turned_away,
        "share_answered": one.share_answered,
    }


def _counts(one: Tally) -> dict[str, object]:
    return {"calls": one.calls, "answered": one.answered}


def _ms(since: datetime, until: datetime | None) -> int | None:
    return (until - since) // timedelta(milliseconds=1) if until is not None else None


def _iso(moment: datetime | None) -> str | None:
    return iso(moment) if moment is not None else None


def _text(number: int | None) -> str:
    return str(number) if number is not None else ""
