"""What Plivo says of a SIP phone's registration, and what it makes of the registrations that we know.

A reading is a fact like a browser's own report: it begins, continues or ends a registration. A registration that ran
out without a later reading is in doubt: Plivo could not be asked. It is still rung for a while, because ringing a phone
that is not there does no harm (`wire.md` 5.1), and not ringing one that is there may.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from softphone.domain.ids import DeviceId
from softphone.domain.registration import (
    Begin,
    Continue,
    End,
    EndReason,
    Ignore,
    Outcome,
    Registration,
    Report,
    State,
    ended,
)

STALE_AFTER = timedelta(seconds=60)  # rest.md 3.3: "true" with an expiry older than this counts as false
UNSAID_EXPIRY = timedelta(seconds=120)
"""What a registration is taken to last where Plivo's expiry cannot be read: the usual one (`wire.md` 5.5)."""
LONGEST_EXPIRY = timedelta(days=1)
DOUBT_FOR = timedelta(minutes=10)
LONGEST_DEVICE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """A device holds the endpoint. `device_id` tells devices apart without telling their address."""

    device_id: DeviceId
    user_agent: str
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class NotRegistered:
    """No device holds the endpoint."""


Reading = Registered | NotRegistered


def combine_reading(newest: Registration | None, reading: Reading, *, now: datetime) -> Outcome:
    """What a reading makes of the endpoint's newest registration."""
    open_one = newest if newest is not None and newest.ended_at is None else None
    match reading:
        case Registered(expires_at=datetime() as until) if until <= now - STALE_AFTER:
            return combine_reading(newest, NotRegistered(), now=now)
        case NotRegistered():
            return End(ended(open_one, EndReason.GONE, now=now)) if open_one else Ignore()
        case Registered():
            if open_one is not None and open_one.device_id == reading.device_id:
                return Continue(replace(open_one, refreshed_at=now, expires_at=expiry_of(reading, now=now)))
            return Begin(open_one)


def report_of(reading: Registered, *, now: datetime) -> Report:
    """The reading as a device's own words would have been."""
    return Report(
        device_id=reading.device_id,
        user_agent=reading.user_agent,
        state=State.REGISTERED,
        expires_in=expiry_of(reading, now=now) - now,
        reason="",
        at=now,
    )


def expiry_of(reading: Registered, *, now: datetime) -> datetime:
    """When the registration runs out."""
    return min(reading.expires_at or now + UNSAID_EXPIRY, now + LONGEST_EXPIRY)


def sip_reachable(newest: Registration | None, *, now: datetime) -> bool:
    """True if a SIP phone is worth ringing: registered when last read, and not known to be gone since."""
    return newest is not None and newest.ended_at is None and now < newest.expires_at + DOUBT_FOR


def in_doubt(newest: Registration | None, *, now: datetime) -> bool:
    """True if it is rung although its registration has run out, because nobody could look."""
    return newest is not None and sip_reachable(newest, now=now) and not newest.reachable(now)


_NAMES = (
    # What programs call themselves, by the start of the User-Agent; the version follows.
    (re.compile(r"Z(?:oiper)? (?:rv)?(\d+\.\d+)"), "Zoiper"),
    (re.compile(r"Zoiper[ /]?(?:rv)?(\d+(?:\.\d+)?)?", re.IGNORECASE), "Zoiper"),
    (re.compile(r"Linphone[^/]*/(\d+\.\d+)", re.IGNORECASE), "Linphone"),
    (re.compile(r"X-Lite (?:release )?(\d+)", re.IGNORECASE), "X-Lite"),
    (re.compile(r"Bria[^0-9]*(\d+(?:\.\d+)?)", re.IGNORECASE), "Bria"),
    (re.compile(r"MicroSIP/(\d+\.\d+)"), "MicroSIP"),
    (re.compile(r"baresip v?(\d+\.\d+)"), "baresip"),
    (re.compile(r"Groundwire[^0-9]*(\d+(?:\.\d+)?)?"), "Groundwire"),
    (re.compile(r"Telephone (\d+\.\d+)"), "Telephone"),
    (re.compile(r"Blink[^0-9]*(\d+\.\d+)?"), "Blink"),
)


def sip_device_label(user_agent: str) -> str:
    """A program or desk phone in words: `Zoiper 5.6`; its own words where it is not known."""
    for shape, name in _NAMES:
        found = shape.match(user_agent)
        if found:
            return f"{name} {found[1]}" if found[1] else name
    return clean_user_agent(user_agent) or "Unknown phone"


def clean_user_agent(user_agent: str) -> str:
    """A User-Agent without what cannot be shown, cut to a line."""
    printable = "".join(c if c.isprintable() else " " for c in user_agent)
    return " ".join(printable.split())[:LONGEST_DEVICE]
