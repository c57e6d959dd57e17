"""Access tokens: which of them may register, and minting them for `POST …/JWT/Token/`.

Two kinds exist (`wire.md` 1.1): signed by the customer with the Auth Token, and minted here with a key nobody else
knows. Plivo's documentation says that the first kind is refused; `refuse_local` makes the sandbox do so.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import jwt

MAX_LIFE = timedelta(hours=24)
"""A token lives no longer (`wire.md` 1.7)."""

CONTENT_TYPE = "plivo;v=1"
_AUTH_ID = re.compile(r"[MS]A[A-Z0-9]{18}")
_SUBJECT = re.compile(r"[A-Za-z][A-Za-z0-9]{0,63}")

ERROR_NAMES: Mapping[int, str] = {
    10001: "INVALID_ACCESS_TOKEN",
    10002: "INVALID_ACCESS_TOKEN_HEADER",
    10003: "INVALID_ACCESS_TOKEN_ISSUER",
    10004: "INVALID_ACCESS_TOKEN_SUBJECT",
    10005: "ACCESS_TOKEN_NOT_VALID_YET",
    10006: "ACCESS_TOKEN_EXPIRED",
    10007: "INVALID_ACCESS_TOKEN_SIGNATURE",
    10008: "INVALID_ACCESS_TOKEN_GRANTS",
    10009: "EXPIRATION_EXCEEDS_MAX_ALLOWED_TIME",
    10010: "MAX_ALLOWED_LOGIN_REACHED",
}
"""The codes of the header `X-Plivo-Jwt-Error-Code` (`wire.md` 1.6)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenLogin:
    """A token that may register, as `sip_user`: `{sub}_{iss}`. `incoming` and `outgoing` are its rights."""

    sip_user: str
    sub: str
    iss: str
    app: str | None
    expires_at: datetime
    incoming: bool
    outgoing: bool


@dataclass(frozen=True, slots=True)
class TokenRefused:
    """A token that may not. `code` is one of 10001 … 10010, `text` its name."""

    code: int
    text: str


class MintRefused(ValueError):
    """A request for a token that cannot be met; the text names the field."""


@dataclass(slots=True, kw_only=True)
class TokenOptions:
    """What can be changed while running. `minted_life` caps the life of minted tokens."""

    refuse_local: bool = False
    minted_life: timedelta | None = None


class Tokens:
    """Checks and mints the tokens of one account."""

    def __init__(self, *, auth_id: str, auth_token: str, minting_key: bytes, options: TokenOptions) -> None:
        self._auth_id = auth_id
        self._auth_token = auth_token
        self._minting_key = minting_key
        self.options = options

    def check(self, token: str, now: datetime) -> TokenLogin | TokenRefused:
        """Whether `token` may register now. The order is ours: shape, header, key, then what it claims."""
        try:
            header = jwt.get_unverified_header(token)
            claims = jwt.decode(token, options={"verify_signature": False})
        except (jwt.InvalidTokenError, ValueError):
            return _refused(10001)
        if (header.get("alg"), header.get("typ"), header.get("cty")) != ("HS256", "JWT", CONTENT_TYPE):
            return _refused(10002)
        if claims.get("iss") != self._auth_id:
            return _refused(10003)
        if not self._signed_by_us(token):
            return _refused(10007)
        return _read_claims(claims, now)

    def mint(self, body: Mapping[str, object], now: datetime) -> str:
        """A token for the body of `POST …/JWT/Token/`, typed as Plivo's are (`wire.md` 1.3). Raises: MintRefused."""
        if body.get("iss") != self._auth_id:
            raise MintRefused("iss must be the Auth ID of the account in the path")
        sub, app = _text(body, "sub"), _text(body, "app")
        starts = _seconds(body, "nbf")
        nbf = int(now.timestamp()) if starts is None else starts
        ends = _seconds(body, "exp")
        exp = nbf + int(MAX_LIFE.total_seconds()) if ends is None else ends
        if not 0 < exp - nbf <= MAX_LIFE.total_seconds():
            raise MintRefused("exp must be after nbf, and at most 86400 seconds after it")
        if self.options.minted_life is not None:
            exp = min(exp, int(now.timestamp()) + int(self.options.minted_life.total_seconds()))
        voice = _voice(body.get("per"))
        if _is_true(voice.get("incoming_allow")) and not sub:
            raise MintRefused("sub is needed when incoming_allow is true")
        claims = {
            "app": app,
            "exp": exp,
            "iss": self._auth_id,
            "nbf": nbf,
            "per": {"voice": {name: _is_true(voice.get(name)) for name in ("incoming_allow", "outgoing_allow")}},
            "sub": sub,
        }
        return jwt.encode(claims, self._minting_key, algorithm="HS256", headers={"cty": CONTENT_TYPE})

    def _signed_by_us(self, token: str) -> bool:
        keys = [self._minting_key] if self.options.refuse_local else [self._minting_key, self._auth_token.encode()]
        return any(_holds(token, key) for key in keys)


def _holds(token: str, key: bytes) -> bool:
    try:
        jwt.PyJWS().decode(token, key, algorithms=["HS256"])
    except jwt.InvalidTokenError:
        return False
    return True


def _read_claims(claims: Mapping[str, object], now: datetime) -> TokenLogin | TokenRefused:
    sub, iss, app = claims.get("sub"), str(claims.get("iss")), claims.get("app")
    nbf, exp = _instant(claims.get("nbf")), _instant(claims.get("exp"))
    if not _AUTH_ID.fullmatch(iss):
        return _refused(10003)
    if not isinstance(sub, str) or not _SUBJECT.fullmatch(sub):
        return _refused(10004)
    if nbf is None or exp is None:
        return _refused(10001)
    if now < nbf:
        return _refused(10005)
    if now >= exp:
        return _refused(10006)
    if exp - nbf > MAX_LIFE:
        return _refused(10009)
    voice = _voice(claims.get("per")) or _voice(claims.get("grants"))
    incoming, outgoing = voice.get("incoming_allow") is True, voice.get("outgoing_allow") is True
    if not (incoming or outgoing):
        return _refused(10008)
    return TokenLogin(
        sip_user=f"{sub}_{iss}",
        sub=sub,
        iss=iss,
        app=app if isinstance(app, str) and app else None,
        expires_at=exp,
        incoming=incoming,
        outgoing=outgoing,
    )


def _refused(code: int) -> TokenRefused:
    return TokenRefused(code, ERROR_NAMES[code])


def _voice(rights: object) -> Mapping[str, object]:
    # The booleans count only under `voice`: a flat `per` logs in with 10008 (`wire.md` 1.2).
    voice = rights.get("voice") if isinstance(rights, Mapping) else None
    return voice if isinstance(voice, Mapping) else {}


def _is_true(value: object) -> bool:
    if value is None:
        return False
    if not isinstance(value, bool):
        raise MintRefused("incoming_allow and outgoing_allow are booleans")
    return value


def _instant(value: object) -> datetime | None:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**33:
        return None
    return datetime.fromtimestamp(value, tz=UTC)


def _text(body: Mapping[str, object], name: str) -> str:
    value = body.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise MintRefused(f"{name} must be text")
    return value


def _seconds(body: Mapping[str, object], name: str) -> int | None:
    """Epoch seconds. The Python package sends them as text (`rest.md` 1.12)."""
    value = body.get(name)
    if value is None:
        return None
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**33:
        raise MintRefused(f"{name} must be whole epoch seconds")
    return value
