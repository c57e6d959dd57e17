"""Whether a volunteer on duty would really hear a caller: seen before the next caller finds out.

A doubt keeps nobody from being rung: better one ring too many. It is shown to administrators and to the volunteer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from softphone.domain.candidates import Known
from softphone.domain.connections import Connection
from softphone.domain.endpoints import EndpointKind
from softphone.domain.hotline_calls import Leg, has_declined
from softphone.domain.ids import DeviceId, VolunteerId
from softphone.domain.policy import WebRTCOff, webrtc_decision
from softphone.domain.registration import Registration
from softphone.domain.standing import Phone
from softphone.domain.volunteers import Availability

SILENT_AFTER = timedelta(seconds=60)
"""An open page answers our pings, which come every 15 s, at least every 20 s; three in a row are lost by then."""
HEARD_WITHIN = timedelta(seconds=5)
"""A page says that it rings within a second; a ring that was over sooner than this says nothing."""
SETTLE = timedelta(seconds=30)
"""Whoever goes on duty has that long to sign their phone in."""
UNREACHED = frozenset({2, 5})
"""Thousands of hangup codes that speak of a phone that was not there: destination, network (`wire.md` 4.6)."""
UNREACHED_CODES = frozenset({3070, 3120})  # Request timeout; user does not exist anywhere.


class Doubt(StrEnum):
    """Why a volunteer on duty may not hear the next caller."""

    PAGE_SILENT = "page_silent"
    REGISTRATION_STALE = "registration_stale"
    RING_FAILED = "ring_failed"
    RING_NOT_HEARD = "ring_not_heard"


WORDS: Mapping[Doubt, str] = {
    Doubt.PAGE_SILENT: "Their page has stopped answering. They should look at it and reload it.",
    Doubt.REGISTRATION_STALE: "Their phone is no longer signed in. They should open the page, or reload it.",
    Doubt.RING_FAILED: "The last caller could not be put through to their phone. They should reload the page.",
    Doubt.RING_NOT_HEARD: "Their page did not ring for the last caller. They should reload it and check the sound.",
}
"""What an administrator reads."""

OWN_WORDS: Mapping[Doubt, str] = {
    Doubt.PAGE_SILENT: "We have not heard from this page for a while. Reload it, so that callers reach you.",
    Doubt.REGISTRATION_STALE: "Your phone is no longer signed in. Reload the page, so that callers reach you.",
    Doubt.RING_FAILED: "The last caller could not be put through to your phone. Reload the page.",
    Doubt.RING_NOT_HEARD: "This page did not ring for the last caller. Reload it and check that you hear it ring.",
}
"""What the volunteer reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSign:
    """A volunteer's page said that it is there."""

    volunteer_id: VolunteerId
    device_id: DeviceId
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LastRing:
    """The last time a volunteer's app was rung. `ended_at` None: it still rings. `heard` is what their page said."""

    began_at: datetime
    ended_at: datetime | None
    phones: frozenset[Phone]
    heard: bool
    legs: tuple[Leg, ...]


def doubt_about(
    known: Known, connection: Connection, *, sign: PageSign | None, last: LastRing | None, now: datetime
) -> Doubt | None:
    """The doubt about a volunteer, if there is one; the gravest first."""
    person = known.volunteer
    if not person.active or person.availability is not Availability.ON_DUTY:
        return None
    if _is_stale(known, connection, now=now):
        return Doubt.REGISTRATION_STALE if now >= person.availability_since + SETTLE else None
    browser = _browser(known, connection)
    if browser is not None and browser.reachable(now) and _answers(sign, browser):
        if sign is not None and now >= sign.seen_at + SILENT_AFTER:
            return Doubt.PAGE_SILENT
        if last is not None and not _settled(last, browser, person.availability_since):
            return _of_ring(last, now=now)
    return None


def _is_stale(known: Known, connection: Connection, *, now: datetime) -> bool:
    """True if a phone of theirs was signed in once, and none that could ring is now."""
    if known.private is not None:
        return False
    allowed = _allowed(known, connection)
    lines = [line for line in known.lines if line.kind is EndpointKind.SIP or allowed]
    newest = [line.newest for line in lines if line.newest is not None]
    return bool(newest) and not any(one.reachable(now) for one in newest)


def _browser(known: Known, connection: Connection) -> Registration | None:
    if not _allowed(known, connection):
        return None
    return next((line.newest for line in known.lines if line.kind is EndpointKind.BROWSER), None)


def _allowed(known: Known, connection: Connection) -> bool:
    return not isinstance(webrtc_decision(known.volunteer, connection), WebRTCOff)


def _answers(sign: PageSign | None, browser: Registration) -> bool:
    """True if the page of the device that rings is one that says when it rings."""
    return sign is not None and sign.device_id == browser.device_id


def _settled(last: LastRing, browser: Registration, since: datetime) -> bool:
    """True if the phone was signed in anew, or the volunteer came on duty, after that ring."""
    return last.began_at < max(browser.registered_at, since)


def _of_ring(last: LastRing, *, now: datetime) -> Doubt | None:
    legs = [leg for leg in last.legs if leg.phone is Phone.BROWSER]
    if Phone.BROWSER not in last.phones or last.heard:
        return None
    if any(leg.answered_at is not None or has_declined(leg) for leg in legs):
        return None
    if any(is_unreached(leg.hangup_code) for leg in legs):
        return Doubt.RING_FAILED
    rang_for = (last.ended_at or now) - last.began_at
    return Doubt.RING_NOT_HEARD if rang_for >= HEARD_WITHIN else None


def is_unreached(code: int | None) -> bool:
    """True if a hangup code says that the phone was not there at all."""
    return code is not None and (code // 1000 in UNREACHED or code in UNREACHED_CODES)
