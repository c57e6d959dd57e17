"""What may come in as JSON about phones and connections."""

import msgspec

from softphone.domain.connections import TokenSource
from softphone.domain.registration import State
from softphone.web.bodies import Body


class TokenBody(Body, frozen=True):
    """Nothing, or why the phone refused the last token. Whose token it is comes from the session alone (TM-T2)."""

    after_refusal: str | None = None


class RegistrationBody(Body, frozen=True):
    """What a device says about its registration."""

    device_id: str
    state: State
    expires_in: int
    reason: str | None = None


class NewConnection(Body, frozen=True):
    """A connection to be added."""

    name: str
    auth_id: str
    auth_token: str
    country: str
    numbers: list[str]
    caller_id: str | None = None
    token_source: TokenSource | None = None


class ConnectionChange(Body, frozen=True):
    """What an administrator may change of a connection; what is not given stays, a `caller_id` of null goes."""

    name: str | msgspec.UnsetType = msgspec.UNSET
    auth_id: str | msgspec.UnsetType = msgspec.UNSET
    auth_token: str | msgspec.UnsetType = msgspec.UNSET
    country: str | msgspec.UnsetType = msgspec.UNSET
    numbers: list[str] | msgspec.UnsetType = msgspec.UNSET
    caller_id: str | msgspec.UnsetType | None = msgspec.UNSET
    token_source: TokenSource | msgspec.UnsetType = msgspec.UNSET
    token_lifetime_seconds: int | msgspec.UnsetType = msgspec.UNSET
    allowed_countries: list[str] | msgspec.UnsetType = msgspec.UNSET


class Switch(Body, frozen=True):
    """On or off."""

    enabled: bool
