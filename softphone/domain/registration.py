"""Registrations: which device of an endpoint rings, from what the devices say.

Plivo rings the device that registered last and tells the others nothing (`wire.md` 5.3, `sdk-on-the-wire.md`), so the
order of registrations is kept here: each gets the endpoint's next generation, and the highest is the newest.

    (none) --registered--> open --refreshed--> open
                             |--gone--> ended "gone"          open until then, never again
                             |--gone by reload--> ended "reload" --registered or refreshed within the grace--> open
                             |--failed--> ended "failed"
                             |--another device registered--> ended "displaced"
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from softphone.domain.ids import DeviceId, EndpointId, RegistrationId

EXPIRY_GRACE = timedelta(seconds=10)
"""A refresh may be on its way when a registration runs out; a device keeps its place that long."""

RELOAD_GRACE = timedelta(seconds=15)
"""A page that reloads is back within seconds, and Plivo has not forgotten its registration meanwhile."""

WAR_WINDOW = timedelta(seconds=60)
WAR_LIMIT = 2
"""Two devices that keep taking the endpoint from each other stop here (threat model, TM-T9)."""


class State(StrEnum):
    """What a page says about its phone."""

    REGISTERED = "registered"
    REFRESHED = "refreshed"
    GONE = "gone"
    FAILED = "failed"


class EndReason(StrEnum):
    """Why a registration ended."""

    GONE = "gone"
    RELOAD = "reload"
    FAILED = "failed"
    DISPLACED = "displaced"


RELOAD_WORDS = frozenset({"reload", "pagehide"})
"""Reasons of a `gone` that mean the page may be back at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """A device saying "I am this endpoint until then"."""

    id: RegistrationId
    endpoint_id: EndpointId
    generation: int
    device_id: DeviceId
    device_label: str
    user_agent: str
    registered_at: datetime
    refreshed_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    end_reason: EndReason | None

    def open_at(self, now: datetime) -> bool:
        """True while the device holds its place: not ended, or ended by a reload a moment ago."""
        if self.ended_at is None:
            return True
        return self.end_reason is EndReason.RELOAD and now < self.ended_at + RELOAD_GRACE

    def reachable(self, now: datetime) -> bool:
        """True if Plivo would ring this device now, as far as we know: computed each time, never stored."""
        return self.open_at(now) and now < self.expires_at + EXPIRY_GRACE


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a device said, and when we heard it."""

    device_id: DeviceId
    user_agent: str
    state: State
    expires_in: timedelta
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Begin:
    """The device becomes the newest. `displaced` is the reachable registration of another device that it ends."""

    displaced: Registration | None


@dataclass(frozen=True, slots=True)
class Continue:
    """The newest registration goes on, with a later expiry."""

    registration: Registration


@dataclass(frozen=True, slots=True)
class End:
    """The newest registration ends."""

    registration: Registration


@dataclass(frozen=True, slots=True)
class Ignore:
    """Nothing changes: the device is not the newest, or said what is known already."""


Outcome = Begin | Continue | End | Ignore


def combine(newest: Registration | None, report: Report) -> Outcome:
    """What a report makes of the endpoint's newest registration.

    Only `registered` takes an endpoint from another device; a `refreshed` of a displaced device does not, although
    the other may be gone: its page has told the volunteer that it is displaced.
    """
    own = newest is not None and newest.device_id == report.device_id
    match report.state:
        case State.REGISTERED:
            if newest is not None and own and newest.reachable(report.at):
                return Continue(_extended(newest, report))
            return Begin(newest if newest is not None and not own and newest.reachable(report.at) else None)
        case State.REFRESHED:
            if newest is None:
                return Begin(None)
            if own and newest.open_at(report.at):
                return Continue(_extended(newest, report))
            return Ignore()
        case State.GONE:
            if newest is None or not own or newest.ended_at is not None:
                return Ignore()
            reload = report.reason.strip().lower() in RELOAD_WORDS
            return End(ended(newest, EndReason.RELOAD if reload else EndReason.GONE, now=report.at))
        case State.FAILED:
            if newest is None or not own or newest.ended_at is not None:
                return Ignore()
            return End(ended(newest, EndReason.FAILED, now=report.at))


def ended(registration: Registration, reason: EndReason, *, now: datetime) -> Registration:
    """The registration as it is after its end."""
    return replace(registration, ended_at=now, end_reason=reason)


def begun(
    report: Report, *, id: RegistrationId, endpoint_id: EndpointId, generation: int, label: str | None = None
) -> Registration:
    """The registration that a report begins. `label` names the device; without one, its User-Agent as a browser's."""
    return Registration(
        id=id,
        endpoint_id=endpoint_id,
        generation=generation,
        device_id=report.device_id,
        device_label=label or device_label(report.user_agent),
        user_agent=report.user_agent,
        registered_at=report.at,
        refreshed_at=report.at,
        expires_at=report.at + report.expires_in,
        ended_at=None,
        end_reason=None,
    )


def war_pause(begun_at: Sequence[datetime], *, now: datetime) -> timedelta | None:
    """How long a device must wait before it may take the endpoint again; None if it may now.

    `begun_at` are the times at which this device began a registration of this endpoint.
    """
    recent = sorted(moment for moment in begun_at if now - moment < WAR_WINDOW)
    if len(recent) < WAR_LIMIT:
        return None
    return recent[-WAR_LIMIT] + WAR_WINDOW - now


def _extended(registration: Registration, report: Report) -> Registration:
    return replace(
        registration,
        refreshed_at=max(registration.refreshed_at, report.at),
        expires_at=report.at + report.expires_in,
        ended_at=None,
        end_reason=None,
    )


_BROWSERS = (
    # The order matters: Edge and Opera also call themselves Chrome, and Chrome calls itself Safari.
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
)


def device_label(user_agent: str) -> str:
    """A device in words a volunteer recognises, from its User-Agent: `Firefox, Linux`."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), None)
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), None)
    if browser and system:
        return f"{browser}, {system}"
    return browser or system or "Unknown device"
