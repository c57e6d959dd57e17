"""Invite people, and let them in once."""

import hashlib
import hmac
import json
from dataclasses import replace
from datetime import timedelta

from itsdangerous import BadData, URLSafeSerializer

from softphone.actions.open_session import Opened, Visit, end_sessions, open_session
from softphone.actions.record_audit import actor_of, record_audit
from softphone.actions.sign_in import take_sign_in_turn
from softphone.actions.world import World
from softphone.domain.errors import NotFound
from softphone.domain.ids import VolunteerId
from softphone.domain.secret import Secret
from softphone.domain.volunteer_rules import check_password
from softphone.domain.volunteers import Volunteer
from softphone.store.database import Connection
from softphone.store.invites import (
    Invite,
    delete_open_invites,
    insert_invite,
    select_open_invite,
    update_invite_used,
)
from softphone.store.sealing import Keyring
from softphone.store.volunteers import select_volunteer, update_password

INVITE_LIFE = timedelta(hours=72)  # threat model, TM-A8
SECRET_BYTES = 16


class InviteUnusable(NotFound):
    """The invite was used, has expired, or is not one of ours; which of them is not said."""

    code = "invite_unusable"
    message = "This invitation cannot be used any more. Ask an administrator for a new one."


async def create_invite(connection: Connection, world: World, volunteer: VolunteerId) -> str:
    """A link with which the volunteer chooses a password. Older unused ones of theirs open nothing any more.

    The invite is in the link's fragment, which browsers do not send: no server's log has it.
    """
    await delete_open_invites(connection, volunteer)
    now, invite_id, secret = world.clock(), world.chance(8).hex(), world.chance(SECRET_BYTES).hex()
    invite = Invite(
        id=invite_id,
        secret_hash=_hash(secret),
        volunteer_id=volunteer,
        created_at=now,
        expires_at=now + INVITE_LIFE,
    )
    await insert_invite(connection, invite)
    signed = _serializer(world.keyring).dumps([invite_id, secret])
    return f"{world.settings.public_url}/join#{signed if isinstance(signed, str) else signed.decode()}"


async def look_at_invite(world: World, text: str, *, network: str) -> Volunteer:
    """Whom an invite is for. Looking does not use it.

    Raises: InviteUnusable; TooMany.
    """
    await take_sign_in_turn(world, None, network=network)
    return (await world.database.read(lambda c: _opened(c, world, text)))[1]


async def redeem_invite(world: World, text: str, password: Secret, *, visit: Visit) -> Opened:
    """Set the password of the invited person and sign them in. Of any number that try at once, one succeeds.

    Raises: InviteUnusable; InvalidInput for a weak password, with the invite still unused; TooMany; Busy.
    """
    await take_sign_in_turn(world, None, network=visit.network)
    invite, person = await world.database.read(lambda c: _opened(c, world, text))
    check_password(password.reveal(), role=person.role, login=person.login, name=person.name)
    hashed = await world.passwords.hash(password)

    async def unit(connection: Connection) -> Opened:
        now = world.clock()
        if not await update_invite_used(connection, invite.id, now=now):
            raise InviteUnusable
        current = await select_volunteer(connection, person.id, lock=True)
        if current is None or not current.active:
            raise InviteUnusable
        # An administrator may have raised the role meanwhile; longer passwords are demanded then.
        check_password(password.reveal(), role=current.role, login=current.login, name=current.name)
        await update_password(connection, current.id, hashed)
        await end_sessions(connection, current.id, reason="password_changed", now=now)
        await record_audit(connection, actor_of(current), "invite.used", subject=current.id, now=now)
        return await open_session(connection, world, replace(current, has_password=True), visit=visit)

    return await world.database.write(unit)


async def _opened(connection: Connection, world: World, text: str) -> tuple[Invite, Volunteer]:
    try:
        read = _serializer(world.keyring).loads(text)
    except BadData:
        raise InviteUnusable from None
    match read:
        case [str() as invite_id, str() as secret]:
            invite = await select_open_invite(connection, invite_id, now=world.clock())
        case _:
            raise InviteUnusable
    if invite is None or not hmac.compare_digest(invite.secret_hash, _hash(secret)):
        raise InviteUnusable
    person = await select_volunteer(connection, invite.volunteer_id)
    if person is None or not person.active:
        raise InviteUnusable
    return invite, person


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def _serializer(keyring: Keyring) -> URLSafeSerializer:
    # Not the timed one: it reads the wall clock. The expiry is in the row, where it cannot be argued with.
    return URLSafeSerializer(
        keyring.derive("invite"),
        salt="softphone.invite",
        serializer=json,
        signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
    )
