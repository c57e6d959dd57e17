"""Who is registered, and who may register or call: by access token, or by digest password.

The device that registered last is the one that rings (`wire.md` 5.3); the device before it is not told.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from softphone.sandbox.accounts import Account
from softphone.sandbox.sip import digest
from softphone.sandbox.sip.address import read_name_addr, read_uri
from softphone.sandbox.sip.dialogs import reply
from softphone.sandbox.sip.message import Header, Request, Response
from softphone.sandbox.tokens import TokenLogin, TokenRefused, Tokens

# Seconds. What a client gets that does not say how long; the browser SDK says 120 (`sdk-on-the-wire.md`).
DEFAULT_EXPIRES = 120
MAX_EXPIRES = 86_400

# `wire.md` 5.3: user agents that Plivo turns away.
UNWANTED = re.compile(r"VaxSIPUserAgent|Ozeki")

EXPIRES = re.compile(r";\s*expires\s*=\s*[^;,]*", re.IGNORECASE)

# The refusals that are about rights, not about the token itself: 403. All others are 401.
FORBIDDEN = frozenset({10008, 10010})


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """One device that is signed in as a SIP user. `device` tells devices apart: the Contact's user and host."""

    user: str
    contact: str
    device: str
    user_agent: str
    expires_at: datetime
    token: TokenLogin | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who sends an INVITE, proven. `token_app` is the application that the token names."""

    user: str
    display: str
    token_app: str | None


class Registrar:
    """The registrations of one account, the newest of each SIP user."""

    def __init__(self, *, account: Account, tokens: Tokens, nonces: digest.Nonces) -> None:
        self._account = account
        self._tokens = tokens
        self._nonces = nonces
        self._registrations: dict[str, Registration] = {}

    def register(self, request: Request, *, tag: str, now: datetime) -> Response:
        """Take a REGISTER: the answer to it."""
        user = _user_in(request.headers.get("To"))
        if user is None or request.headers.get("Contact") is None:
            return reply(request, 400, tag=tag)
        if UNWANTED.search(request.headers.get("User-Agent") or ""):
            return reply(request, 403, tag=tag)
        proof = self._prove(request, user, tag=tag, now=now)
        if isinstance(proof, Response):
            return proof
        return self._put(request, user, proof, tag=tag, now=now)

    def admit(self, request: Request, *, tag: str, now: datetime) -> Caller | Response:
        """Who sends this INVITE, or the refusal to send back.

        A token login must show its token again. The SDK drops a token over 500 characters from the INVITE without a
        word, and then the call is refused here, as it is at Plivo (`wire.md` 1.6).
        """
        sender = read_name_addr(request.headers.get("From") or "")
        user = _user_in(request.headers.get("From"))
        if user is None:
            return reply(request, 400, tag=tag)
        proof = self._prove(request, user, tag=tag, now=now)
        if isinstance(proof, Response):
            return proof
        if proof is not None and not proof.outgoing:
            return reply(request, 403, tag=tag, headers=_error_code(10008))
        return Caller(user=user, display=sender.display, token_app=proof.app if proof is not None else None)

    def find(self, user: str, *, now: datetime) -> Registration | None:
        """The device that rings for a SIP user now, if any."""
        known = self._registrations.get(user)
        return known if known is not None and now < known.expires_at else None

    def all(self, *, now: datetime) -> tuple[Registration, ...]:
        """Every registration that holds now."""
        return tuple(one for one in self._registrations.values() if now < one.expires_at)

    def expire(self, user: str) -> bool:
        """Forget a user's registration, as if its time had passed. False when there is none."""
        return self._registrations.pop(user, None) is not None

    def _prove(self, request: Request, user: str, *, tag: str, now: datetime) -> TokenLogin | Response | None:
        """The token that proves `user`; None when a password does; else the refusal."""
        token = request.headers.get("X-Plivo-Jwt")
        if token is None:
            return self._prove_by_password(request, user, tag=tag, now=now)
        found = self._tokens.check(token, now)
        if isinstance(found, TokenRefused):
            return _refuse_token(request, found.code, tag=tag)
        if found.sip_user != user:
            return _refuse_token(request, 10004, tag=tag)
        return found

    def _prove_by_password(self, request: Request, user: str, *, tag: str, now: datetime) -> Response | None:
        known = self._account.endpoint_by_sip_user(user)
        if known is None or known.username != user:
            # A token's identity has no password: without its token it is nobody.
            return reply(request, 403, tag=tag)
        registering = request.method == "REGISTER"
        header = "Authorization" if registering else "Proxy-Authorization"
        attempt = digest.Attempt(
            method=request.method,
            username=user,
            password=known.password,
            credentials=digest.read_credentials(request.headers.get(header) or ""),
        )
        verdict = digest.check(attempt, self._nonces, now=now)
        if isinstance(verdict, digest.Accepted):
            return None
        challenge = digest.render_challenge(self._nonces.make(now), stale=verdict.stale)
        # RFC 3261 22.2 and 22.3: a registrar asks with 401, a proxy with 407.
        asks = ("WWW-Authenticate" if registering else "Proxy-Authenticate", challenge)
        return reply(request, 401 if registering else 407, tag=tag, headers=[asks])

    def _put(self, request: Request, user: str, token: TokenLogin | None, *, tag: str, now: datetime) -> Response:
        contact = read_name_addr(request.headers.get("Contact") or "")
        seconds = _expires(request)
        device = device_of(contact.uri)
        known = self._registrations.get(user)
        if seconds == 0:
            # A displaced device that signs off does not sign off its successor.
            if known is not None and (known.device == device or contact.uri == "*"):
                del self._registrations[user]
            return reply(request, 200, tag=tag)
        self._registrations[user] = Registration(
            user=user,
            contact=contact.uri,
            device=device,
            user_agent=request.headers.get("User-Agent") or "",
            expires_at=now + timedelta(seconds=seconds),
            token=token,
        )
        headers: list[Header] = [("Contact", _echo(request, seconds)), ("Expires", str(seconds))]
        if token is not None:
            # The SDK cuts at the first `;`, then at `=`.
            headers.append(("X-Plivo-Jwt", f"exp={int(token.expires_at.timestamp())};sub={token.sub}"))
        return reply(request, 200, tag=tag, headers=headers)


def device_of(uri: str) -> str:
    """What tells one device from another: the user and host of its Contact, both random in the browser SDK."""
    found = read_uri(uri)
    return f"{found.user}@{found.host}" if found else uri


def _user_in(value: str | None) -> str | None:
    found = read_uri(read_name_addr(value or "").uri)
    return found.user or None if found else None


def _expires(request: Request) -> int:
    contact = read_name_addr(request.headers.get("Contact") or "")
    # RFC 3261 10.2.1.1: the Contact's own value goes before the header.
    text = contact.parameter("expires") or request.headers.get("Expires") or ""
    if not (text.isascii() and text.isdigit()):
        return DEFAULT_EXPIRES
    return min(int(text[:10]), MAX_EXPIRES)


def _echo(request: Request, seconds: int) -> str:
    # As it came, quotes included: JsSIP cannot read its own `+sip.instance` back without them, and waits for ever.
    bare = EXPIRES.sub("", request.headers.get("Contact") or "")
    return f"{bare};expires={seconds}"


def _refuse_token(request: Request, code: int, *, tag: str) -> Response:
    return reply(request, 403 if code in FORBIDDEN else 401, tag=tag, headers=_error_code(code))


def _error_code(code: int) -> Sequence[Header]:
    return [("X-Plivo-Jwt-Error-Code", str(code))]
