"""Begin and end sessions, inside the unit of what causes it."""

import base64
from dataclasses import dataclass
from datetime import datetime

from softphone.actions.resume_session import csrf_token, session_hash
from softphone.actions.world import World
from softphone.domain.ids import VolunteerId
from softphone.domain.sessions import ABSOLUTE_LIFE, STEP_UP_LIFE, SignedIn
from softphone.domain.volunteers import Volunteer
from softphone.store.database import Connection
from softphone.store.events import append_event, only
from softphone.store.sessions import Session, delete_session, delete_sessions_of, insert_session

SESSION_BYTES = 32
LONGEST_USER_AGENT = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Where a sign-in comes from. `old_session_id` is what the browser's cookie holds: it is dead afterwards, so that a
    cookie that somebody else planted is worth nothing (TM-A4).
    """

    network: str
    user_agent: str
    old_session_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A session that has just begun: its id goes into the cookie and nowhere else."""

    session_id: str
    signed_in: SignedIn


async def open_session(connection: Connection, world: World, volunteer: Volunteer, *, visit: Visit) -> Opened:
    """A new session for a volunteer who has just proved who they are."""
    if visit.old_session_id:
        await delete_session(connection, session_hash(visit.old_session_id))
    now = world.clock()
    session_id = fresh_session_id(world)
    session = Session(
        id_hash=session_hash(session_id),
        sign_in=world.chance(12).hex(),
        volunteer_id=volunteer.id,
        created_at=now,
        seen_at=now,
        expires_at=now + ABSOLUTE_LIFE,
        stepped_up_at=now,
        user_agent=visit.user_agent[:LONGEST_USER_AGENT],
    )
    await insert_session(connection, session)
    signed_in = SignedIn(
        volunteer=volunteer,
        session_hash=session.id_hash,
        csrf=csrf_token(world.keyring, session.sign_in),
        sign_in=session.sign_in,
        stepped_up_until=now + STEP_UP_LIFE,
    )
    return Opened(session_id=session_id, signed_in=signed_in)


def fresh_session_id(world: World) -> str:
    """256 random bits as text for a cookie."""
    return base64.urlsafe_b64encode(world.chance(SESSION_BYTES)).rstrip(b"=").decode()


async def end_sessions(connection: Connection, volunteer: VolunteerId, *, reason: str, now: datetime) -> None:
    """End every session of a volunteer at once, and close their open pages' streams."""
    if await delete_sessions_of(connection, volunteer):
        await append_event(connection, only(volunteer), "session_ended", body={"reason": reason}, now=now)
