"""How often SIP phones are looked at: gently, and slower when nobody waits for them. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from softphone.domain.sip_phones import SET_UP_WITHIN, SipPhone

ON_DUTY_EVERY = timedelta(seconds=15)  # rest.md 3.3: at most every 15 s
OFF_DUTY_EVERY = timedelta(minutes=5)
LONGEST_BACK_OFF = timedelta(minutes=5)
MOST_PER_SECOND = 10
"""Requests; Plivo allows an account 60, and tokens, calls and pages need theirs (`rest.md` 1.8)."""


def to_look_at(watched: Sequence[tuple[SipPhone, bool]], *, everybody: bool, now: datetime) -> list[SipPhone]:
    """The phones of people on duty and those just being set up; every phone where `everybody` is due."""
    return [phone for phone, on_duty in watched if everybody or on_duty or is_being_set_up(phone, now=now)]


def is_being_set_up(phone: SipPhone, *, now: datetime) -> bool:
    """True from the moment that its credentials are shown until a while after the follow-up is due."""
    return phone.given_at is not None and now < phone.given_at + 2 * SET_UP_WITHIN


def round_every(looked_at: int) -> timedelta:
    """The time between two rounds that look at so many phones; so many that nobody is on duty is none."""
    if not looked_at:
        return OFF_DUTY_EVERY
    return max(ON_DUTY_EVERY, timedelta(seconds=looked_at / MOST_PER_SECOND))


def back_off(failures: int, *, chance: float, retry_after: float | None) -> timedelta:
    """How long to leave Plivo alone after so many failed rounds in a row. `chance` is from 0 to 1.

    It doubles, with half of it left to chance, so that no two services ask in step; what Plivo asks for is a least.
    """
    doublings = min(max(0, failures - 1), 10)
    whole = min(ON_DUTY_EVERY * (1 << doublings), LONGEST_BACK_OFF)
    return max(whole * (0.5 + chance / 2), timedelta(seconds=retry_after or 0))
