"""Connections: a Plivo account as we use it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from softphone.domain.ids import AuthId, ConnectionId, PhoneNumber
from softphone.domain.secret import Secret


class TokenSource(StrEnum):
    """Who makes the endpoint access tokens.

    `AUTO` signs locally until a refusal shows that the account does not take local tokens, then asks Plivo. Plivo's own
    pages contradict each other on whether local tokens are accepted (`wire.md` 1.1), so either answer works.
    """

    LOCAL = "local"
    PLIVO = "plivo"
    AUTO = "auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """One Plivo account: credentials, numbers, an XML application, a token source, a WebRTC switch.

    `settled_source` is what `AUTO` has learned: `LOCAL` until a refusal, then `PLIVO`. `previous_auth_token` is
    accepted for callbacks until `previous_until` (24 h at most). `main_auth_token` verifies `Ma-V3` signatures where
    the connection is a sub-account. `country` is the ISO 3166 code that national numbers are read in;
    `allowed_countries` may be dialled.
    """

    id: ConnectionId
    name: str
    is_default: bool
    auth_id: AuthId
    auth_token: Secret
    previous_auth_token: Secret | None
    previous_until: datetime | None
    main_auth_id: AuthId | None
    main_auth_token: Secret | None
    country: str
    token_source: TokenSource
    settled_source: TokenSource
    token_lifetime_seconds: int
    application_id: str | None
    webrtc_enabled: bool
    allowed_countries: tuple[str, ...]
    numbers: tuple[PhoneNumber, ...]
    caller_id: PhoneNumber | None
    created_at: datetime
    updated_at: datetime
