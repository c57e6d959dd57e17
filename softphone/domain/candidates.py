"""From what is known of a volunteer to a candidate for ringing: their phones that ring now, or the one obstacle."""

from dataclasses import dataclass
from datetime import datetime

from softphone.domain.connections import Connection
from softphone.domain.endpoints import EndpointKind, sip_uri, token_sip_uri
from softphone.domain.ids import EndpointUsername
from softphone.domain.policy import WebRTCOff, WebRTCReason, webrtc_decision
from softphone.domain.registration import Registration
from softphone.domain.routing import Callee, Candidate, Last
from softphone.domain.secret import Secret
from softphone.domain.sip_readings import sip_reachable
from softphone.domain.standing import Phone, Why
from softphone.domain.volunteers import Availability, Volunteer

ALIASES = {"fil": "tl", "cmn": "zh"}
"""Languages that volunteers may name by another tag than hotlines do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An endpoint of a volunteer on the hotline's connection, with its newest registration."""

    kind: EndpointKind
    username: EndpointUsername | None
    newest: Registration | None
    send_digits: str | None = None

    def rings(self, now: datetime) -> bool:
        """True if Plivo would reach a device of it now, as far as facts go. A SIP phone gets the benefit of doubt."""
        if self.username is None or self.newest is None:
            return False
        return sip_reachable(self.newest, now=now) if self.kind is EndpointKind.SIP else self.newest.reachable(now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of a volunteer; of one who is away or switched off, neither lines nor phone.

    `busy` is a call or a ringing phone that holds them now; `private` their own number, if they asked for it to ring.
    """

    volunteer: Volunteer
    member: bool
    lines: tuple[Line, ...]
    private: Secret | None
    busy: Why | None
    wrap_up_until: datetime | None
    idle_since: datetime | None
    private_digits: str | None = None
    rung: tuple[Last, ...] = ()
    declined: bool = False


def spoken(languages: tuple[str, ...]) -> frozenset[str]:
    """The two-letter codes of a volunteer's languages."""
    primary = (tag.lower().partition("-")[0] for tag in languages)
    return frozenset(ALIASES.get(code, code) for code in primary)


def candidate(known: Known, connection: Connection, *, now: datetime) -> Candidate:
    """The volunteer as somebody to ring, at this moment."""
    person = known.volunteer
    phones = _phones(known, connection, now=now)
    since = person.availability_since
    return Candidate(
        volunteer_id=person.id,
        name=person.name,
        languages=spoken(person.languages),
        obstacle=_obstacle(known, connection, phones, now=now),
        phones=phones,
        idle_since=max(since, known.idle_since) if known.idle_since else since,
        rung=known.rung,
        declined=known.declined,
    )


def _obstacle(known: Known, connection: Connection, phones: tuple[Callee, ...], *, now: datetime) -> Why | None:
    person = known.volunteer
    if not person.active:
        return Why.INACTIVE
    if not known.member:
        return Why.NO_RIGHT
    if person.availability is not Availability.ON_DUTY:
        return Why.AWAY
    if known.busy is not None:
        return known.busy
    if known.wrap_up_until is not None and now < known.wrap_up_until:
        return Why.WRAP_UP
    return None if phones else _no_phone(known, connection)


def _no_phone(known: Known, connection: Connection) -> Why:
    policy = webrtc_decision(known.volunteer, connection)
    has_browser = any(line.kind is EndpointKind.BROWSER for line in known.lines)
    if has_browser and isinstance(policy, WebRTCOff):
        off_for_them = policy.reason is WebRTCReason.VOLUNTEER_OFF
        return Why.WEBRTC_OFF_FOR_THEM if off_for_them else Why.WEBRTC_OFF
    return Why.UNREACHABLE if any(line.username for line in known.lines) else Why.NO_PHONE


def ringing_lines(
    person: Volunteer, lines: tuple[Line, ...], connection: Connection, *, now: datetime
) -> tuple[Callee, ...]:
    """The endpoints of a volunteer at which Plivo would reach a device now; browsers only while they may ring."""
    found = []
    for line in lines:
        if line.username is None or not line.rings(now):
            continue
        if line.kind is EndpointKind.SIP:
            found.append(Callee(person.id, Phone.SIP, Secret(sip_uri(line.username)), line.send_digits))
        elif not isinstance(webrtc_decision(person, connection), WebRTCOff):
            address = token_sip_uri(line.username, connection.auth_id)
            found.append(Callee(person.id, Phone.BROWSER, Secret(address)))
    return tuple(found)


def _phones(known: Known, connection: Connection, *, now: datetime) -> tuple[Callee, ...]:
    found = ringing_lines(known.volunteer, known.lines, connection, now=now)
    if known.private is None:
        return found
    return (*found, Callee(known.volunteer.id, Phone.PRIVATE, known.private, known.private_digits))
