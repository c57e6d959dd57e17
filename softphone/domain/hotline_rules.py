"""What may be written about a hotline: each rule reads what an administrator gave into the value that is stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from softphone.domain.errors import InvalidInput
from softphone.domain.hotline import Holiday, OpenSpan
from softphone.domain.languages import BY_CODE
from softphone.domain.prompts import MOST_CHOICES

RANGES = {
    "ring_seconds": range(10, 61),
    "pause_seconds": range(0, 61),
    "longest_wait_seconds": range(30, 3601),
    "wrap_up_seconds": range(0, 1801),
    "hard_wrap_up_seconds": range(0, 7201),
    "ring_at_once": range(1, 41),
}
"""Units: seconds, and people for `ring_at_once`. A caller hears the far side ring for a minute at most (`wire.md`
4.6, 6010), and waits for an hour at most.
"""
MOST_OUTCOMES = 20
OUTCOME_CHARACTERS = 60
MOST_SPANS = 70
MOST_HOLIDAYS = 400
URL_CHARACTERS = 500


@dataclass(frozen=True, slots=True)
class GivenSpan:
    """A time of the week as it was written."""

    weekday: int
    opens: str
    closes: str


def read_count(value: int, *, field: str) -> int:
    """A number within its range.

    Raises: InvalidInput.
    """
    allowed = RANGES[field]
    if value not in allowed:
        raise InvalidInput(f"`{field}` is a number from {allowed[0]} to {allowed[-1]}.", field=field)
    return value


def read_seconds(value: int, *, field: str) -> timedelta:
    """A span within its range, in seconds.

    Raises: InvalidInput.
    """
    return timedelta(seconds=read_count(value, field=field))


def read_time_zone(text: str) -> str:
    """A time zone by its name in the IANA database.

    Raises: InvalidInput.
    """
    name = text.strip()
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        message = "Time zones are named such as America/New_York or Europe/Berlin."
        raise InvalidInput(message, field="time_zone") from None
    return name


def read_hours(given: Sequence[GivenSpan]) -> tuple[OpenSpan, ...]:
    """The opening hours of a week, in order.

    Raises: InvalidInput.
    """
    if len(given) > MOST_SPANS or any(one.weekday not in range(7) for one in given):
        raise InvalidInput("Days of the week are numbered from 0, Monday, to 6, Sunday.", field="hours")
    spans = {OpenSpan(weekday=one.weekday, opens=_clock(one.opens), closes=_clock(one.closes)) for one in given}
    return tuple(sorted(spans, key=lambda one: (one.weekday, one.opens, one.closes)))


def read_holidays(given: Sequence[tuple[str, str]]) -> tuple[Holiday, ...]:
    """Days with their names, in order, each day once.

    Raises: InvalidInput.
    """
    if len(given) > MOST_HOLIDAYS:
        raise InvalidInput(f"A hotline has at most {MOST_HOLIDAYS} holidays.", field="holidays")
    try:
        days = {date.fromisoformat(day): " ".join(name.split())[:80] for day, name in given}
    except ValueError:
        raise InvalidInput("Days are written such as 2026-12-25.", field="holidays") from None
    return tuple(Holiday(day, name) for day, name in sorted(days.items()))


def read_hotline_languages(codes: Sequence[str], default: str) -> tuple[str, ...]:
    """The languages of a hotline in the order of its menu, with the default among them. One key each.

    Raises: InvalidInput.
    """
    languages = tuple(dict.fromkeys(code.strip().lower() for code in codes))
    if not 1 <= len(languages) <= MOST_CHOICES or not all(code in BY_CODE for code in languages):
        known = ", ".join(BY_CODE)
        raise InvalidInput(f"A hotline has 1 to {MOST_CHOICES} languages out of {known}.", field="languages")
    if default not in languages:
        raise InvalidInput("The default language is one of the hotline's.", field="default_language")
    return languages


def read_outcomes(texts: Sequence[str]) -> tuple[str, ...]:
    """What a call can be said to have been, each once, in the administrator's order.

    Raises: InvalidInput.
    """
    outcomes = tuple(dict.fromkeys(" ".join(text.split()) for text in texts))
    if len(outcomes) > MOST_OUTCOMES or not all(
        1 <= len(one) <= OUTCOME_CHARACTERS and one.isprintable() for one in outcomes
    ):
        message = f"There are at most {MOST_OUTCOMES} outcomes of 1 to {OUTCOME_CHARACTERS} characters."
        raise InvalidInput(message, field="outcomes")
    return outcomes


def read_music_url(text: str | None) -> str | None:
    """The address of a sound that Plivo plays in each pause; none where the text is empty.

    Raises: InvalidInput.
    """
    url = (text or "").strip()
    if not url:
        return None
    parts = urlsplit(url)
    plain = url.isascii() and url.isprintable() and not set(url) & set(" <>\"'")
    if parts.scheme != "https" or not parts.hostname or parts.username or not plain or len(url) > URL_CHARACTERS:
        raise InvalidInput("Music is given by an https address without blanks.", field="music_url")
    return url


def _clock(text: str) -> time:
    try:
        hour, minute = text.split(":")
        return time(0 if (hour, minute) == ("24", "00") else int(hour), int(minute))
    except ValueError:
        raise InvalidInput("Times are written such as 18:00.", field="hours") from None
