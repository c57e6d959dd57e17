"""Issue an access token: policy, endpoint, source, token, and once more the policy before it is handed out."""

import base64
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from softphone.actions.ensure_application import credentials_of
from softphone.actions.ensure_endpoint import ensure_endpoint
from softphone.actions.limit import limit
from softphone.actions.webrtc_status import decide_now, webrtc_status
from softphone.actions.world import World
from softphone.domain.connections import Connection, TokenSource
from softphone.domain.endpoints import Endpoint, token_sip_uri
from softphone.domain.errors import NotFound, PlivoFailure, PlivoUnavailable, WebRTCUnavailable
from softphone.domain.ids import EndpointUsername
from softphone.domain.policy import WebRTCAllowed, WebRTCDecision, WebRTCOff
from softphone.domain.secret import Secret
from softphone.domain.volunteers import Dialling, Volunteer
from softphone.plivo.token import AccessToken, Grants, TokenRefused, TokenRequest, sign
from softphone.store.audit import Actor, AuditEntry, append_audit
from softphone.store.connections import update_settled_source
from softphone.store.database import Connection as Db
from softphone.store.volunteers import select_volunteer_by_login

TURNS = 6  # threat model, TM-T7
WINDOW = timedelta(minutes=1)
JTI_BYTES = 12  # 16 characters in base64url (wire.md 1.6, no. 7)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedToken:
    """A token with what a page must know to use it."""

    secret: Secret
    identity: EndpointUsername
    sip_uri: str
    expires_at: datetime
    issued_at: datetime

    @property
    def ttl(self) -> timedelta:
        """How long it is good for, from the moment it was issued."""
        return self.expires_at - self.issued_at


def speaks_of_the_token(sdk_reason: str) -> bool:
    """True for a refusal by the SDK that may be due to who signed the token (`wire.md` 1.6, no. 8).

    Not for one of its times or of too many registrations: another signature would change nothing there.
    """
    reason = sdk_reason.strip().upper().replace(" ", "_")
    return reason.startswith("INVALID_ACCESS_TOKEN") or reason in {
        "RELOGIN_FAILED_INVALID_TOKEN",
        "AUTHENTICATION_ERROR",
        "UNAUTHORISED",
    }


def grants_of(volunteer: Volunteer) -> Grants:
    """What a volunteer's token allows: to be rung, and to dial only with the right to dial (threat model, TM-T4)."""
    return Grants(incoming=True, outgoing=volunteer.dialling is not Dialling.NOBODY)


async def issue_token(world: World, volunteer: Volunteer, *, after_refusal: str | None = None) -> IssuedToken:
    """A token for the volunteer's own endpoint.

    Raises: TooMany above six a minute; WebRTCUnavailable with the reason; PlivoUnavailable.
    """
    await limit(world, f"token:{volunteer.id}", turns=TURNS, window=WINDOW)
    connection = _allowed(await webrtc_status(world, volunteer.id))
    actor = Actor(id=volunteer.id, name=volunteer.name)
    try:
        endpoint = await ensure_endpoint(world, volunteer.id, connection, actor=actor)
        source = _source(connection, after_refusal)
        token, issued_at = await _make(world, connection, _username(endpoint), grants=grants_of(volunteer), by=source)
    except (PlivoFailure, TokenRefused) as error:
        # The volunteer can do nothing about the cause; the administrator finds it here and in "prepare".
        code = error.code if isinstance(error, PlivoFailure) else str(error)
        _log.warning("no access token: %s", code, extra={"connection": connection.id})
        raise PlivoUnavailable from None
    await _record(world, volunteer, connection=connection, endpoint=endpoint, source=source)
    return IssuedToken(
        secret=token.secret,
        identity=_username(endpoint),
        sip_uri=token_sip_uri(_username(endpoint), connection.auth_id),
        expires_at=token.expires_at,
        issued_at=issued_at,
    )


async def issue_token_to(world: World, login: str) -> IssuedToken:
    """A token for the volunteer who signs in as `login`: what the command line hands out.

    Raises: NotFound, and what `issue_token` raises.
    """
    volunteer = await world.database.read(lambda db: select_volunteer_by_login(db, login.strip().lower()))
    if volunteer is None:
        raise NotFound
    return await issue_token(world, volunteer)


def _source(connection: Connection, after_refusal: str | None) -> TokenSource:
    if connection.token_source is not TokenSource.AUTO:
        return connection.token_source
    if after_refusal is not None and speaks_of_the_token(after_refusal):
        return TokenSource.PLIVO
    return connection.settled_source


async def _make(
    world: World, connection: Connection, username: EndpointUsername, *, grants: Grants, by: TokenSource
) -> tuple[AccessToken, datetime]:
    now = world.clock()
    request = TokenRequest(
        auth_id=connection.auth_id,
        subject=username,
        grants=grants,
        lifetime=timedelta(seconds=connection.token_lifetime_seconds),
        now=now,
        jti=base64.urlsafe_b64encode(world.chance(JTI_BYTES)).decode(),
    )
    if by is TokenSource.PLIVO:
        return await world.plivo.mint_token(credentials_of(connection), request), now
    return sign(request, key=connection.auth_token), now


async def _record(
    world: World, volunteer: Volunteer, *, connection: Connection, endpoint: Endpoint, source: TokenSource
) -> None:
    """Audit the token, in a unit that asks the policy again: Plivo may have taken seconds, and off means off."""

    async def unit(db: Db) -> WebRTCDecision:
        decision = await decide_now(db, world, volunteer.id)
        if isinstance(decision, WebRTCOff):
            return decision
        actor, now = Actor(id=volunteer.id, name=volunteer.name), world.clock()
        learned = connection.token_source is TokenSource.AUTO and source is TokenSource.PLIVO
        if learned and await update_settled_source(db, connection.id, TokenSource.PLIVO):
            settled = AuditEntry(
                actor=actor,
                action="connection.token_source_settled",
                subject=connection.id,
                detail={"source": TokenSource.PLIVO.value},
            )
            await append_audit(db, settled, now=now)
        entry = AuditEntry(actor=actor, action="token.issued", subject=endpoint.id, detail={"source": source.value})
        await append_audit(db, entry, now=now)
        return decision

    _allowed(await world.database.write(unit))


def _allowed(decision: WebRTCDecision) -> Connection:
    match decision:
        case WebRTCAllowed(connection):
            return connection
        case WebRTCOff(reason, message):
            raise WebRTCUnavailable(reason.value, message)


def _username(endpoint: Endpoint) -> EndpointUsername:
    if endpoint.username is None:
        raise NotFound
    return endpoint.username
