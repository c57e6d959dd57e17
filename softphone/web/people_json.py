"""People as JSON."""

from datetime import datetime

from softphone.domain.connections import Connection
from softphone.domain.registration import Registration
from softphone.domain.sessions import SignedIn
from softphone.domain.times import iso
from softphone.domain.volunteers import Volunteer
from softphone.settings import Settings
from softphone.web.phone import render_device


def render_me(
    signed_in: SignedIn,
    *,
    connection: Connection | None,
    webrtc: dict[str, object],
    settings: Settings,
    now: datetime,
) -> dict[str, object]:
    """Who am I and what may I do. Of the connection a volunteer learns the name, the country and the caller ID."""
    person = signed_in.volunteer
    shown = connection and {
        "name": connection.name,
        "country": connection.country,
        "caller_id": connection.caller_id,
    }
    return {
        "id": person.id,
        "name": person.name,
        "login": person.login,
        "role": person.role.value,
        "extension": person.extension,
        "languages": list(person.languages),
        "availability": person.availability.value,
        "availability_since": iso(person.availability_since),
        "dialling": person.dialling.value,
        "csrf": signed_in.csrf,
        "webrtc": webrtc,
        "connection": shown,
        "signalling": list(settings.signalling_urls),
        "server_time": iso(now),
        "stepped_up_until": iso(signed_in.stepped_up_until),
    }


def render_colleague(
    person: Volunteer, registration: Registration | None, *, on_call: bool, now: datetime
) -> dict[str, object]:
    """A colleague, as far as one needs to know to call them."""
    return {
        "id": person.id,
        "name": person.name,
        "extension": person.extension,
        "availability": person.availability.value,
        "reachable": registration is not None and registration.reachable(now),
        "on_call": on_call,
    }


def render_admin_volunteer(
    person: Volunteer, registration: Registration | None, *, invite_pending: bool, now: datetime
) -> dict[str, object]:
    """A volunteer, as an administrator sees them."""
    reachable = registration is not None and registration.reachable(now)
    return {
        "id": person.id,
        "name": person.name,
        "login": person.login,
        "role": person.role.value,
        "extension": person.extension,
        "languages": list(person.languages),
        "dialling": person.dialling.value,
        "webrtc_enabled": person.webrtc_enabled,
        "active": person.active,
        "has_password": person.has_password,
        "invite_pending": invite_pending,
        "availability": person.availability.value,
        "availability_since": iso(person.availability_since),
        "reachable": reachable,
        "device": render_device(registration) if registration is not None and reachable else None,
        "created_at": iso(person.created_at),
    }
