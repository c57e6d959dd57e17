"""Tell who a session belongs to."""

import hashlib
import hmac
from datetime import timedelta

from softphone.actions.world import World
from softphone.domain.errors import NotSignedIn
from softphone.domain.sessions import IDLE_LIFE, STEP_UP_LIFE, SignedIn
from softphone.store.sealing import Keyring
from softphone.store.sessions import select_session, update_session_seen

SEEN_EVERY = timedelta(minutes=1)
"""How exactly we know when a session was last used: a write on every request would cost more than it tells."""


def session_hash(session_id: str) -> str:
    """What is stored of a session's id."""
    return hashlib.sha256(session_id.encode("utf-8", "replace")).hexdigest()


def csrf_token(keyring: Keyring, sign_in: str) -> str:
    """The token that our page must send with every change (TM-A5).

    Bound to the sign-in, not to the session's id: stepping up in one tab must not lock out the others.
    """
    return hmac.new(keyring.derive("csrf"), sign_in.encode(), hashlib.sha256).hexdigest()


async def resume_session(world: World, session_id: str) -> SignedIn:
    """The person who holds this session id.

    Raises: NotSignedIn if the session is unknown, has ended, or is of a disabled volunteer.
    """
    id_hash, now = session_hash(session_id), world.clock()
    found = await world.database.read(lambda c: select_session(c, id_hash))
    if found is None:
        raise NotSignedIn
    session, volunteer = found
    if not volunteer.active or now >= session.expires_at or now >= session.seen_at + IDLE_LIFE:
        raise NotSignedIn
    if now >= session.seen_at + SEEN_EVERY:
        await world.database.write(lambda c: update_session_seen(c, id_hash, seen_at=now))
    return SignedIn(
        volunteer=volunteer,
        session_hash=id_hash,
        csrf=csrf_token(world.keyring, session.sign_in),
        sign_in=session.sign_in,
        stepped_up_until=session.stepped_up_at + STEP_UP_LIFE,
    )
