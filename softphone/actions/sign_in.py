"""Sign in with a login and a password, give the password again, sign out."""

import hashlib
import hmac
from dataclasses import replace
from datetime import timedelta

from softphone.actions.open_session import Opened, Visit, fresh_session_id, open_session
from softphone.actions.record_audit import actor_of, record_audit
from softphone.actions.resume_session import session_hash
from softphone.actions.world import World
from softphone.domain.errors import NotSignedIn, SignInFailed, TooMany
from softphone.domain.secret import Secret
from softphone.domain.sessions import STEP_UP_LIFE, SignedIn
from softphone.domain.volunteers import Volunteer
from softphone.store.database import Connection
from softphone.store.events import append_event, of_sign_in
from softphone.store.limits import forget, take
from softphone.store.sessions import delete_session, insert_session, select_session
from softphone.store.volunteers import select_password_hash, select_volunteer_by_login

# Threat model, TM-A2. No permanent lock: a stranger must not be able to keep a volunteer out.
ACCOUNT_TURNS, ACCOUNT_WINDOW = 5, timedelta(minutes=15)
GROWING = tuple(timedelta(seconds=seconds) for seconds in (0, 1, 4, 15))
"""How long after the first, second, third and fourth wrong password another may follow. A slip costs nobody a wait."""
NETWORK_TURNS, NETWORK_WINDOW = 20, timedelta(minutes=1)


async def sign_in(world: World, login: str, password: Secret, *, visit: Visit) -> Opened:
    """A session for whoever knows the password.

    Raises: SignInFailed, never saying whether the login exists; TooMany; Busy when too many hashes wait.
    """
    name = login.strip().lower()
    account = _account_key(world, name, visit.network)
    await take_sign_in_turn(world, account, network=visit.network)
    person, stored = await _known(world, name)
    right = await world.passwords.verify(password, stored if person and person.active else None)
    if person is None or not right:
        raise SignInFailed

    async def unit(connection: Connection) -> Opened:
        current = await select_volunteer_by_login(connection, name)
        # The password or the person may have changed while the hash was computed.
        if current is None or not current.active:
            raise SignInFailed
        now_stored = await select_password_hash(connection, current.id)
        if not hmac.compare_digest(now_stored or "", stored or ""):
            raise SignInFailed
        await forget(connection, account)
        opened = await open_session(connection, world, current, visit=visit)
        await record_audit(connection, actor_of(current), "session.started", subject=current.id, now=world.clock())
        return opened

    return await world.database.write(unit)


async def take_sign_in_turn(world: World, account: str | None, *, network: str) -> None:
    """Use a turn of the network and, if one is named, of the account as seen from it.

    Raises: TooMany.
    """

    async def unit(connection: Connection) -> None:
        now, waits = world.clock(), []
        if account is not None:
            waits.append(
                await take(connection, account, limit=ACCOUNT_TURNS, window=ACCOUNT_WINDOW, now=now, spacing=GROWING)
            )
        key = f"sign-in-network:{network}"
        waits.append(await take(connection, key, limit=NETWORK_TURNS, window=NETWORK_WINDOW, now=now))
        if refused := [wait for wait in waits if wait is not None]:
            # Raised inside the unit: what one of them allowed is given back when the other refuses.
            raise TooMany(max(refused), message="That was tried too often. Wait a while, then try again.")

    await world.database.write(unit)


async def step_up(world: World, signed_in: SignedIn, password: Secret, *, visit: Visit) -> Opened:
    """The same sign-in under a new session id, fit for grave changes for ten minutes.

    Raises: SignInFailed; TooMany; Busy; NotSignedIn if the session ended meanwhile.
    """
    person = signed_in.volunteer
    account = _account_key(world, person.login, visit.network)
    await take_sign_in_turn(world, account, network=visit.network)
    stored = await world.database.read(lambda c: select_password_hash(c, person.id))
    if not await world.passwords.verify(password, stored):
        raise SignInFailed(message="The password is not right.")

    async def unit(connection: Connection) -> Opened:
        now = world.clock()
        found = await select_session(connection, signed_in.session_hash)
        if found is None or not await delete_session(connection, signed_in.session_hash):
            raise NotSignedIn
        session_id = fresh_session_id(world)
        renewed = replace(found[0], id_hash=session_hash(session_id), seen_at=now, stepped_up_at=now)
        await insert_session(connection, renewed)
        await forget(connection, account)
        await record_audit(connection, actor_of(person), "session.stepped_up", subject=person.id, now=now)
        stepped = replace(signed_in, session_hash=renewed.id_hash, stepped_up_until=now + STEP_UP_LIFE)
        return Opened(session_id=session_id, signed_in=stepped)

    return await world.database.write(unit)


async def sign_out(world: World, signed_in: SignedIn) -> None:
    """End this session, and the stream of its page; other browsers of the volunteer stay signed in."""

    async def unit(connection: Connection) -> None:
        if await delete_session(connection, signed_in.session_hash):
            now, audience = world.clock(), of_sign_in(signed_in.sign_in)
            await append_event(connection, audience, "session_ended", body={"reason": "signed_out"}, now=now)
            person = signed_in.volunteer
            await record_audit(connection, actor_of(person), "session.ended", subject=person.id, now=now)

    await world.database.write(unit)


async def _known(world: World, login: str) -> tuple[Volunteer | None, str | None]:
    async def look(connection: Connection) -> tuple[Volunteer | None, str | None]:
        found = await select_volunteer_by_login(connection, login)
        return found, await select_password_hash(connection, found.id) if found else None

    return await world.database.read(look)


def _account_key(world: World, login: str, network: str) -> str:
    # Hashed: people type their password into the wrong field.
    who = hmac.new(world.keyring.derive("sign-in limit"), login.encode("utf-8", "replace"), hashlib.sha256)
    return f"sign-in:{who.hexdigest()[:32]}:{network}"
