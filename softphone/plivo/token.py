"""Endpoint access tokens: made here, or asked from Plivo and looked at before they are passed on (`wire.md` 1)."""

import base64
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import jwt

from softphone.domain.ids import AuthId, EndpointUsername
from softphone.domain.secret import Secret

SHORTEST_LIFETIME = timedelta(seconds=180)  # wire.md 1.7
LONGEST_LIFETIME = timedelta(seconds=86_400)
BACKDATED = timedelta(seconds=30)
"""`nbf` lies this far back, so that a clock behind ours does not refuse the token (`wire.md` 1.7)."""

LONGEST_TOKEN = 500
"""Characters. The browser SDK leaves a longer token out of outgoing calls without a word (`wire.md` 1.6, no. 7)."""

_AUTH_ID = re.compile(r"(?:MA|SA)[A-Z0-9]{18}")
_SUBJECT = re.compile(r"[A-Za-z][A-Za-z0-9]{0,63}")
_JTI = re.compile(r"[A-Za-z0-9_-]{16}")
_COMPACT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_HEADER_NAMES = frozenset({"alg", "typ", "cty"})
_SLACK_SECONDS = 5
"""Plivo may round the times that it was asked for; more than this is another token than the one we wanted."""


class TokenRefused(ValueError):
    """A token cannot be made, or Plivo's is not what was asked for. The text says why and holds no part of it."""


@dataclass(frozen=True, slots=True)
class Grants:
    """What the holder may do at Plivo."""

    incoming: bool
    outgoing: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRequest:
    """The token that is wanted. `jti` is 16 characters: 12 random bytes in base64url."""

    auth_id: AuthId
    subject: EndpointUsername
    grants: Grants
    lifetime: timedelta
    now: datetime
    jti: str

    @property
    def not_before(self) -> int:
        """`nbf`: whole seconds since 1970."""
        return int((self.now - BACKDATED).timestamp())

    @property
    def expires(self) -> int:
        """`exp`: the lifetime counts from `nbf`, and fractions of seconds are cut off (`wire.md` 1.9)."""
        return self.not_before + int(self.lifetime.total_seconds())


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessToken:
    """A token that a browser can sign in with, and when it ends."""

    secret: Secret
    expires_at: datetime


def voice(grants: Grants) -> dict[str, object]:
    """The permission claim: built anew each time, both booleans always said (`wire.md` 1.2, 1.5)."""
    return {"voice": {"incoming_allow": grants.incoming, "outgoing_allow": grants.outgoing}}


def check(request: TokenRequest) -> None:
    """Refuse a request that no token should be made from.

    Raises: TokenRefused for a wrong auth id, subject, jti or a lifetime outside 180 s to 24 h.
    """
    if not _AUTH_ID.fullmatch(request.auth_id):
        raise TokenRefused("the auth id is not MA or SA and 18 capitals or digits")
    if not _SUBJECT.fullmatch(request.subject):
        raise TokenRefused("the endpoint user name is not a letter and then letters and digits")
    if not _JTI.fullmatch(request.jti):
        raise TokenRefused("the token id does not have 16 characters")
    if not SHORTEST_LIFETIME <= request.lifetime <= LONGEST_LIFETIME:
        raise TokenRefused("the lifetime is not 180 s to 24 h")


def sign(request: TokenRequest, *, key: Secret) -> AccessToken:
    """Sign an access token here, with the Auth Token's characters as the key.

    It says its permissions twice, as `per` (which the browser SDK reads) and `grants` (which Plivo's own server
    packages write), while there is room for both: over 500 characters `grants` is dropped first (`wire.md` 1.6).

    Raises: TokenRefused for a request that `check` refuses, or a token that is too long without `grants` too.
    """
    check(request)
    claims: dict[str, object] = {
        "jti": request.jti,
        "iss": request.auth_id,
        "sub": request.subject,
        "nbf": request.not_before,
        "exp": request.expires,
        "per": voice(request.grants),
    }
    for candidate in ({**claims, "grants": voice(request.grants)}, claims):
        token = encode(candidate, key=key)
        if len(token) <= LONGEST_TOKEN:
            return AccessToken(secret=Secret(token), expires_at=datetime.fromtimestamp(request.expires, UTC))
    raise TokenRefused("the token would have more than 500 characters")


def encode(claims: dict[str, object], *, key: Secret) -> str:
    """The claims as a signed token with Plivo's header, in the order given."""
    header = {"alg": "HS256", "typ": "JWT", "cty": "plivo;v=1"}
    return jwt.encode(claims, key.reveal(), algorithm="HS256", headers=header)


def read_minted(token: str, *, request: TokenRequest) -> AccessToken:
    """Plivo's own token, if it is the one that was asked for.

    Its key is not ours, so the signature cannot be checked (`wire.md` 1.1); the connection to Plivo vouches for it.
    Everything else is: what a browser will act on must be what we decided (threat model, TM-T6).

    Raises: TokenRefused if any of it differs.
    """
    if len(token) > LONGEST_TOKEN or not _COMPACT.fullmatch(token):
        raise TokenRefused("it is not a token of at most 500 characters")
    head, body, _ = token.split(".")
    header, claims = _json_object(head), _json_object(body)
    if header.get("alg") != "HS256" or header.get("typ", "JWT") != "JWT" or header.get("cty") != "plivo;v=1":
        raise TokenRefused("its header is not Plivo's")
    if not header.keys() <= _HEADER_NAMES:
        raise TokenRefused("its header says more than Plivo's does")
    if claims.get("iss") != request.auth_id or claims.get("sub") != request.subject:
        raise TokenRefused("it is for another account or endpoint")
    if claims.get("app") not in (None, ""):
        raise TokenRefused("it names an application that was not asked for")
    if not _same(claims.get("per"), voice(request.grants)):
        raise TokenRefused("its permissions are not those asked for")
    if "grants" in claims and not _same(claims["grants"], voice(request.grants)):
        raise TokenRefused("its permissions are not those asked for")
    starts, ends = claims.get("nbf"), claims.get("exp")
    if type(starts) is not int or type(ends) is not int:
        raise TokenRefused("its times are not whole numbers")
    if not request.not_before - _SLACK_SECONDS <= starts <= int(request.now.timestamp()) + _SLACK_SECONDS:
        raise TokenRefused("it does not begin when it should")
    if not int(request.now.timestamp()) < ends <= request.expires + _SLACK_SECONDS:
        raise TokenRefused("it does not end when it should")
    return AccessToken(secret=Secret(token), expires_at=datetime.fromtimestamp(ends, UTC))


def _same(found: object, wanted: object) -> bool:
    # As text, because True == 1 in Python and the SDK takes booleans only (wire.md 1.6, no. 3).
    return json.dumps(found, sort_keys=True) == json.dumps(wanted, sort_keys=True)


def _json_object(part: str) -> dict[str, object]:
    try:
        found = json.loads(
            base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)), object_pairs_hook=_without_duplicates
        )
    except ValueError as error:
        raise TokenRefused("it does not decode") from error
    if not isinstance(found, dict):
        raise TokenRefused("it does not decode")
    return found


def _without_duplicates(pairs: list[tuple[str, object]]) -> dict[str, object]:
    # Two readers may each take another one of two equal names (threat model, TM-T5).
    if len({name for name, _ in pairs}) != len(pairs):
        raise TokenRefused("it says one name twice")
    return dict(pairs)
