"""Volunteers for tests: made up, inserted, signed in."""

import hashlib
import secrets
from datetime import datetime

from softphone.domain.ids import VolunteerId
from softphone.domain.secret import Secret
from softphone.domain.sessions import ABSOLUTE_LIFE
from softphone.domain.volunteers import Availability, Dialling, Role, Volunteer
from softphone.store.database import Database
from softphone.store.sessions import Session, insert_session
from softphone.store.volunteers import insert_volunteer
from tests.clock import NOON


def volunteer(
    login: str = "ana",
    *,
    extension: str | None = None,
    role: Role = Role.VOLUNTEER,
    dialling: Dialling = Dialling.COLLEAGUES,
    languages: tuple[str, ...] = ("en",),
    webrtc_enabled: bool = True,
    active: bool = True,
    availability: Availability = Availability.ON_DUTY,
    at: datetime = NOON,
) -> Volunteer:
    """A volunteer whose id, name and extension follow from the login."""
    digits = int(hashlib.sha256(login.encode()).hexdigest(), 16) % 90000 + 10000
    return Volunteer(
        id=VolunteerId(f"v-{login}"),
        login=login,
        name=login.capitalize(),
        role=role,
        extension=extension or str(digits),
        languages=languages,
        dialling=dialling,
        webrtc_enabled=webrtc_enabled,
        active=active,
        has_password=False,
        availability=availability,
        availability_since=at,
        created_at=at,
    )


async def add(database: Database, *people: Volunteer) -> None:
    """Put volunteers into a database."""

    for person in people:
        await database.write(lambda c, p=person: insert_volunteer(c, p))  # type: ignore[misc]  # a default argument


async def open_session(database: Database, person: Volunteer, *, now: datetime = NOON) -> str:
    """Sign a volunteer in without a password; the session id for the cookie."""
    session_id = secrets.token_urlsafe(32)
    session = Session(
        id_hash=hashlib.sha256(session_id.encode()).hexdigest(),
        sign_in=f"s-{session_id[:8]}",
        volunteer_id=person.id,
        created_at=now,
        seen_at=now,
        expires_at=now + ABSOLUTE_LIFE,
        stepped_up_at=now,
        user_agent="test",
    )
    await database.write(lambda c: insert_session(c, session))
    return session_id


def secret(text: str) -> Secret:
    """A secret of a test."""
    return Secret(text)
