"""Hand a phone's credentials to whoever sets it up: by a link that reveals them once (threat model, TM-P1).

The link's secret is in its fragment, which browsers do not send, and only its hash is kept. A link for a phone whose
password was shown before changes the password at Plivo first: what leaked opens nothing.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from softphone.actions.change_sip_phone import check_idle, own_phone
from softphone.actions.ensure_endpoint import new_password
from softphone.actions.limit import limit
from softphone.actions.record_audit import record_audit
from softphone.actions.settle_sip_phone import carry_out, claim
from softphone.actions.tell_sip_phone import CHANGED, tell_sip_phone
from softphone.actions.world import World
from softphone.domain.errors import Conflict, Gone
from softphone.domain.ids import EndpointId, VolunteerId
from softphone.domain.provisioning import LINK_LIFE, SECRET_BYTES, Account, linphone_xml
from softphone.domain.sip_phones import SET_UP_WITHIN, SipPhone, Task
from softphone.store.audit import Actor
from softphone.store.database import Connection as Db
from softphone.store.endpoints import select_endpoint_password
from softphone.store.phone_links import (
    LinkKind,
    PhoneLink,
    delete_links,
    insert_link,
    select_open_link,
    update_link_used,
)
from softphone.store.sip_phones import select_sip_phone, update_given, update_next_password

LINKS_TURNS = 10
REVEAL_TURNS = 20
"""Of one network in `SET_UP_WITHIN`: a secret of 128 bits is not guessed, but nobody needs more."""


class LinkUsedUp(Gone):
    """The link was used, has expired, was revoked, or is not one of ours; which of them is not said."""

    code = "link_used_up"
    message = "This link cannot be used any more. Ask for a new one."


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOut:
    """A link that has been made. `rotated` is true if the phone that was set up before must be set up again."""

    url: str
    expires_at: datetime
    rotated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Revealed:
    """The credentials, for the one who used the link up, and the address of Linphone's file."""

    phone: SipPhone
    account: Account
    linphone_url: str
    linphone_until: datetime


async def make_link(world: World, actor: Actor, endpoint_id: EndpointId, *, owner: VolunteerId | None) -> HandOut:
    """A link to a phone's credentials; older ones open nothing any more.

    Raises: NotFound; Conflict if the phone is not ready; TooMany; PlivoFailure if the password could not be changed.
    """
    await limit(world, f"phone-links:{endpoint_id}", turns=LINKS_TURNS, window=SET_UP_WITHIN)
    phone = await world.database.read(lambda db: own_phone(db, endpoint_id, owner=owner))
    rotated = phone.given_at is not None
    if rotated:
        phone = await change_password(world, actor, endpoint_id, owner=owner)
    check_ready(phone)

    async def unit(db: Db) -> HandOut:
        current = await own_phone(db, endpoint_id, owner=owner, lock=True)
        check_ready(current)
        await delete_links(db, endpoint_id)
        secret, until = await _insert(db, world, LinkKind.PAGE, endpoint_id)
        detail = {"label": current.label, "volunteer": current.endpoint.volunteer_id, "rotated": rotated}
        await record_audit(db, actor, "sip_phone.link_made", subject=endpoint_id, now=world.clock(), detail=detail)
        url = f"{world.settings.public_url}/phone-setup#{secret}"
        return HandOut(url=url, expires_at=until, rotated=rotated)

    return await world.database.write(unit)


async def change_password(
    world: World, actor: Actor, endpoint_id: EndpointId, *, owner: VolunteerId | None
) -> SipPhone:
    """Give a phone a new password at Plivo. The old one is kept until Plivo has the new one.

    Raises: NotFound; Conflict; PlivoFailure. Where it stays unknown whether Plivo took it, it is told again by itself.
    """

    async def unit(db: Db) -> SipPhone:
        phone = await own_phone(db, endpoint_id, owner=owner, lock=True)
        check_ready(phone)
        await delete_links(db, endpoint_id)
        await update_next_password(db, endpoint_id, new_password(world), keyring=world.keyring)
        return await claim(db, world, endpoint_id, Task.PASSWORD)

    await carry_out(world, actor, await world.database.write(unit))
    return await world.database.read(lambda db: own_phone(db, endpoint_id, owner=owner))


async def reveal(world: World, secret: str, *, network: str) -> Revealed:
    """The credentials behind a link, once. Of any number that try at once, one succeeds.

    Raises: LinkUsedUp; TooMany.
    """
    await limit(world, f"phone-reveal:{network}", turns=REVEAL_TURNS, window=SET_UP_WITHIN)

    async def unit(db: Db) -> Revealed:
        now = world.clock()
        phone, account = await _opened(db, world, LinkKind.PAGE, secret, now=now)
        end = phone.endpoint
        await update_given(db, end.id, now=now)
        linphone, until = await _insert(db, world, LinkKind.LINPHONE, end.id)
        owner = Actor(id=end.volunteer_id, name=phone.volunteer_name)
        await record_audit(db, owner, "sip_phone.link_used", subject=end.id, now=now, detail={"label": phone.label})
        await tell_sip_phone(db, phone, "changed", message=CHANGED, now=now)
        url = f"{world.settings.public_url}/phone-file/{linphone}"
        return Revealed(phone=phone, account=account, linphone_url=url, linphone_until=until)

    return await world.database.write(unit)


async def fetch_linphone(world: World, secret: str, *, network: str) -> bytes:
    """Linphone's file, once.

    Raises: LinkUsedUp; TooMany.
    """
    await limit(world, f"phone-reveal:{network}", turns=REVEAL_TURNS, window=SET_UP_WITHIN)

    async def unit(db: Db) -> Account:
        return (await _opened(db, world, LinkKind.LINPHONE, secret, now=world.clock()))[1]

    return linphone_xml(await world.database.write(unit))


async def look_at_linphone(world: World, secret: str) -> None:
    """Whether the file is still there. Looking does not use the link.

    Raises: LinkUsedUp.
    """
    hashed, kind = _hash(secret), LinkKind.LINPHONE
    if not await world.database.read(lambda db: select_open_link(db, hashed, kind, now=world.clock())):
        raise LinkUsedUp


def check_ready(phone: SipPhone) -> None:
    """Go on only with a phone that Plivo has and nobody is changing.

    Raises: Conflict.
    """
    if not phone.volunteer_active:
        raise Conflict(code="volunteer_disabled", message="Enable this person first.")
    check_idle(phone)
    if phone.missing or phone.endpoint.username is None:
        message = "Plivo does not have this phone any more. Ask an administrator to make it again."
        raise Conflict(code="phone_not_ready", message=message)


async def account_of(db: Db, world: World, phone: SipPhone) -> Account | None:
    """What a device signs in with; None where there is nothing to sign in with yet."""
    password = await select_endpoint_password(db, phone.endpoint.id, keyring=world.keyring)
    if password is None or phone.endpoint.username is None:
        return None
    return Account(
        username=phone.endpoint.username,
        password=password,
        display_name=phone.volunteer_name,
        server=world.settings.sip_server,
        stun=world.settings.stun_server,
    )


async def _opened(db: Db, world: World, kind: LinkKind, secret: str, *, now: datetime) -> tuple[SipPhone, Account]:
    endpoint_id = await update_link_used(db, _hash(secret), kind, now=now)
    phone = await select_sip_phone(db, endpoint_id, lock=True) if endpoint_id else None
    account = await account_of(db, world, phone) if phone is not None and phone.usable else None
    if phone is None or account is None:
        raise LinkUsedUp
    return phone, account


async def _insert(db: Db, world: World, kind: LinkKind, endpoint_id: EndpointId) -> tuple[str, datetime]:
    secret, now = world.chance(SECRET_BYTES).hex(), world.clock()
    link = PhoneLink(
        id=world.chance(8).hex(),
        kind=kind,
        secret_hash=_hash(secret),
        endpoint_id=endpoint_id,
        created_at=now,
        expires_at=now + LINK_LIFE,
    )
    await insert_link(db, link)
    return secret, link.expires_at


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
