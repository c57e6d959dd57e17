"""Add and change connections. Auth Tokens go in and never come out."""

from dataclasses import dataclass, replace
from datetime import timedelta

from softphone.actions.change_policy import tell_everybody
from softphone.actions.world import World
from softphone.domain.connection_rules import (
    read_auth_id,
    read_auth_token,
    read_caller_id,
    read_country,
    read_lifetime,
    read_name,
    read_numbers,
    slug,
)
from softphone.domain.connections import Connection, TokenSource
from softphone.domain.errors import InvalidInput, NotFound
from softphone.domain.ids import ConnectionId
from softphone.store.audit import Actor, AuditEntry, append_audit
from softphone.store.connections import count_connections, insert_connection, select_connection, update_connection
from softphone.store.database import Connection as Db
from softphone.store.endpoints import update_endpoints_forgotten
from softphone.store.events import ADMINS, append_event
from softphone.store.sip_phones import update_forgotten

TOKEN_LIFETIME_SECONDS = 600  # threat model, TM-T3
_AUDITED = (
    "name",
    "auth_id",
    "auth_token",
    "country",
    "numbers",
    "caller_id",
    "token_source",
    "token_lifetime_seconds",
    "allowed_countries",
)
OLD_TOKEN_LIFE = timedelta(hours=24)
"""Callbacks of calls that began before a new token may still be signed with the old one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionDraft:
    """What an administrator gave; None where nothing was given. `caller_id` "" takes it away."""

    name: str | None = None
    auth_id: str | None = None
    auth_token: str | None = None
    country: str | None = None
    numbers: list[str] | None = None
    caller_id: str | None = None
    token_source: TokenSource | None = None
    token_lifetime_seconds: int | None = None
    allowed_countries: list[str] | None = None

    @property
    def changes_credentials(self) -> bool:
        """True where the password must be given again first."""
        return self.auth_id is not None or self.auth_token is not None


async def create_connection(world: World, actor: Actor, draft: ConnectionDraft) -> Connection:
    """Add a connection; the first one becomes the default.

    Raises: InvalidInput naming the field.
    """
    if draft.name is None or draft.auth_id is None or draft.auth_token is None or draft.country is None:
        raise InvalidInput("A connection needs a name, an Auth ID, an Auth Token and a country.")
    name, now = read_name(draft.name), world.clock()
    country = read_country(draft.country, field="country")
    numbers = read_numbers(draft.numbers or [])
    source = draft.token_source or TokenSource.AUTO
    fresh = Connection(
        id=ConnectionId(slug(name)),
        name=name,
        is_default=False,
        auth_id=read_auth_id(draft.auth_id),
        auth_token=read_auth_token(draft.auth_token),
        previous_auth_token=None,
        previous_until=None,
        main_auth_id=None,
        main_auth_token=None,
        country=country,
        token_source=source,
        settled_source=_first_source(source),
        token_lifetime_seconds=read_lifetime(draft.token_lifetime_seconds or TOKEN_LIFETIME_SECONDS),
        application_id=None,
        webrtc_enabled=True,
        allowed_countries=_countries(draft.allowed_countries or [country]),
        numbers=numbers,
        caller_id=read_caller_id(draft.caller_id, numbers) or (numbers[0] if numbers else None),
        created_at=now,
        updated_at=now,
    )

    async def unit(db: Db) -> Connection:
        connection = replace(fresh, is_default=await count_connections(db) == 0)
        if await select_connection(db, connection.id, keyring=world.keyring) is not None:
            connection = replace(connection, id=ConnectionId(f"{connection.id}-{world.chance(3).hex()}"))
        await insert_connection(db, connection, keyring=world.keyring)
        await _audit(db, world, actor, action="connection.created", connection=connection, fields=[])
        if connection.is_default:
            await tell_everybody(db, world, connection)
        return connection

    return await world.database.write(unit)


async def change_connection(
    world: World, actor: Actor, connection_id: ConnectionId, draft: ConnectionDraft
) -> Connection:
    """Change what is given, leave the rest.

    Raises: NotFound; InvalidInput naming the field.
    """

    async def unit(db: Db) -> Connection:
        before = await select_connection(db, connection_id, keyring=world.keyring, lock=True)
        if before is None:
            raise NotFound
        after = replace(_changed(before, draft, world), updated_at=world.clock())
        await update_connection(db, after, keyring=world.keyring)
        if after.auth_id != before.auth_id:
            # Another account knows nothing of the endpoints that were made in the old one.
            await update_endpoints_forgotten(db, connection_id)
            await update_forgotten(db, connection_id, now=world.clock())
        await _audit(
            db, world, actor, action="connection.changed", connection=after, fields=_changed_fields(before, after)
        )
        return after

    return await world.database.write(unit)


def _changed(before: Connection, draft: ConnectionDraft, world: World) -> Connection:
    numbers = before.numbers if draft.numbers is None else read_numbers(draft.numbers)
    kept_caller_id = before.caller_id if before.caller_id in numbers else None
    after = replace(
        _with_credentials(before, draft, world),
        name=before.name if draft.name is None else read_name(draft.name),
        country=before.country if draft.country is None else read_country(draft.country, field="country"),
        numbers=numbers,
        caller_id=kept_caller_id if draft.caller_id is None else read_caller_id(draft.caller_id, numbers),
        allowed_countries=before.allowed_countries
        if draft.allowed_countries is None
        else _countries(draft.allowed_countries),
        token_lifetime_seconds=before.token_lifetime_seconds
        if draft.token_lifetime_seconds is None
        else read_lifetime(draft.token_lifetime_seconds),
    )
    if draft.token_source is None or draft.token_source is before.token_source:
        return after
    return replace(after, token_source=draft.token_source, settled_source=_first_source(draft.token_source))


def _with_credentials(before: Connection, draft: ConnectionDraft, world: World) -> Connection:
    auth_id = before.auth_id if draft.auth_id is None else read_auth_id(draft.auth_id)
    token = None if draft.auth_token is None else read_auth_token(draft.auth_token)
    if auth_id != before.auth_id:
        if token is None:
            message = "Another Auth ID has another Auth Token: paste it too."
            raise InvalidInput(message, field="auth_token", code="auth_token_needed")
        return replace(
            before,
            auth_id=auth_id,
            auth_token=token,
            previous_auth_token=None,
            previous_until=None,
            main_auth_id=None,
            main_auth_token=None,
            application_id=None,
            settled_source=_first_source(before.token_source),
        )
    if token is None or token.same_as(before.auth_token):
        return before
    return replace(
        before,
        auth_token=token,
        previous_auth_token=before.auth_token,
        previous_until=world.clock() + OLD_TOKEN_LIFE,
    )


def _first_source(source: TokenSource) -> TokenSource:
    return TokenSource.PLIVO if source is TokenSource.PLIVO else TokenSource.LOCAL


def _countries(codes: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(read_country(code, field="allowed_countries") for code in codes))


def _changed_fields(before: Connection, after: Connection) -> list[str]:
    return [name for name in _AUDITED if getattr(before, name) != getattr(after, name)]


async def _audit(db: Db, world: World, actor: Actor, *, action: str, connection: Connection, fields: list[str]) -> None:
    # Names of fields only: numbers and secrets have no place in the log.
    detail: dict[str, object] = {"name": connection.name, "fields": fields}
    entry = AuditEntry(actor=actor, action=action, subject=connection.id, detail=detail)
    await append_audit(db, entry, now=world.clock())
    await append_event(db, ADMINS, "audit", body={}, now=world.clock())
