"""Endpoints: the SIP identities at Plivo that belong to volunteers."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from softphone.domain.ids import AuthId, ConnectionId, EndpointId, EndpointUsername, VolunteerId

SIP_DOMAIN = "phone.plivo.com"
"""The domain of every endpoint, whatever the signalling socket is (`sdk-on-the-wire.md`)."""


class EndpointKind(StrEnum):
    """How a device signs in as the endpoint."""

    BROWSER = "browser"
    SIP = "sip"


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """A SIP identity of one volunteer. `username` and `plivo_id` are None until Plivo has confirmed it."""

    id: EndpointId
    connection_id: ConnectionId
    volunteer_id: VolunteerId
    kind: EndpointKind
    alias: str
    username: EndpointUsername | None
    plivo_id: str | None
    created_at: datetime


def token_sip_user(username: EndpointUsername, auth_id: AuthId) -> str:
    """The SIP user that a token login registers as: `{sub}_{iss}` (`wire.md` 1.6, 5.1)."""
    return f"{username}_{auth_id}"


def token_sip_uri(username: EndpointUsername, auth_id: AuthId) -> str:
    """The address at which a token login is rung: `sip:{sub}_{auth_id}@phone.plivo.com` (`wire.md` 5.1)."""
    return f"sip:{token_sip_user(username, auth_id)}@{SIP_DOMAIN}"


def sip_uri(username: EndpointUsername) -> str:
    """The address at which a login with a password is rung: `sip:{username}@phone.plivo.com` (`wire.md` 5.1)."""
    return f"sip:{username}@{SIP_DOMAIN}"
