"""Hotlines: the inbound side of numbers, as an administrator has set it up."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from softphone.domain.ids import ConnectionId, HotlineId, PhoneNumber, VolunteerId
from softphone.domain.secret import Secret


class Strategy(StrEnum):
    """Who of the volunteers that could answer rings in a round."""

    EVERYONE = "everyone"
    LONGEST_IDLE = "longest_idle"
    LANGUAGE_FIRST = "language_first"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSpan:
    """A time of the week, in the hotline's time zone. `weekday` 0 is Monday, as in `date.weekday`.

    `closes` at or before `opens` means on the next day: 18:00 to 02:00, and 00:00 to 00:00 is the whole day.
    """

    weekday: int
    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day on which no span begins. One that began the day before runs to its end."""

    day: date
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hotline:
    """A hotline. `hours` None is round the clock; `closed` is the exceptional switch.

    `languages` are two-letter codes in the order of the menu. `ring_at_once` counts for the strategy longest idle.
    `music_url` is an https address that Plivo plays whole in each pause. `hard_wrap_up` is the wrap-up pause after a
    call that the volunteer marks as hard.
    """

    id: HotlineId
    connection_id: ConnectionId
    name: str
    numbers: tuple[PhoneNumber, ...]
    time_zone: str
    hours: tuple[OpenSpan, ...] | None
    holidays: tuple[Holiday, ...]
    closed: bool
    languages: tuple[str, ...]
    default_language: str
    strategy: Strategy
    ring_at_once: int
    ring_for: timedelta
    pause_for: timedelta
    longest_wait: timedelta
    music_url: str | None
    wrap_up: timedelta
    hard_wrap_up: timedelta
    outcomes: tuple[str, ...]
    notes_enabled: bool
    fallback_made_at: datetime | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivatePhone:
    """A volunteer's own telephone, rung only because they asked for it.

    `in_fallback` allows it in the document that Plivo falls back to when this service does not answer. `masked` is all
    that is shown of the number. `send_digits` are pressed once it has answered, for an extension behind it.
    """

    volunteer_id: VolunteerId
    number: Secret
    masked: str
    enabled: bool
    in_fallback: bool
    updated_at: datetime
    send_digits: str | None = None
