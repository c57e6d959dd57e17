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
from softphone.sandbox.sip.dialogs import cseq_of, reply
from softphone.sandbox.sip.journal import Journal, What
from softphone.sandbox.sip.limits import WrongPasswords
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
    call_id: str = ""
    cseq: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who sends an INVITE, proven. `token_app` is the application that the token names."""

    user: str
    display: str
    token_app: str | None


class Registrar:
    """The registrations of one account, the newest of each SIP user."""

    def __init__(self, *, account: Account, tokens: Tokens, nonces: digest.Nonces, journal: Journal) -> None:
        self._account = account
        self._journal = journal
        self._wrong = WrongPasswords()
        self._tokens = tokens
        self._nonces = nonces
        self._registrations: dict[str, Registration] = {}

    def register(self, request: Request, *, tag: str, now: datetime, peer: str = "") -> Response:
        """Take a REGISTER from the address `peer`: the answer to it."""
        user = _user_in(request.headers.get("To"))
        if user is None:
            return reply(request, 400, tag=tag)
        program = UNWANTED.search(request.headers.get("User-Agent") or "")
        if program:
            self._journal.note(What.UNWANTED, f"was refused: Plivo takes no {program[0]}", user=user, sender=peer)
            return reply(request, 403, tag=tag)
        proof = self._prove(request, user, tag=tag, now=now, peer=peer)
        if isinstance(proof, Response):
            return proof
        return self._put(request, user, proof, tag=tag, now=now, peer=peer)

    def admit(self, request: Request, *, tag: str, now: datetime, peer: str = "") -> Caller | Response:
        """Who sends this INVITE, or the refusal to send back.

        A token login must show its token again. The SDK drops a token over 500 characters from the INVITE without a
        word, and then the call is refused here, as it is at Plivo (`wire.md` 1.6).
        """
        sender = read_name_addr(request.headers.get("From") or "")
        user = _user_in(request.headers.get("From"))
        if user is None:
            return reply(request, 400, tag=tag)
        proof = self._prove(request, user, tag=tag, now=now, peer=peer)
        if isinstance(proof, Response):
            return proof
        if proof is not None and not proof.outgoing:
            return reply(request, 403, tag=tag, headers=_error_code(10008))
        return Caller(user=user, display=sender.display, token_app=proof.app if proof is not None else None)

    def find(self, user: str, *, now: datetime) -> Registration | None:
        """The device that rings for a SIP user now, if any."""
        known = self._registrations.get(user)
        return known if known is not None and self._holds(known, now) else None

    def all(self, *, now: datetime) -> tuple[Registration, ...]:
        """Every registration that holds now."""
        return tuple(one for one in self._registrations.values() if self._holds(one, now))

    def expire(self, user: str) -> bool:
        """Forget a user's registration, as if its time had passed. False when there is none."""
        return self._registrations.pop(user, None) is not None

    def _holds(self, one: Registration, now: datetime) -> bool:
        # An endpoint that has been deleted takes its registration with it; a token needs no endpoint.
        known = one.token is not None or self._account.endpoint_by_sip_user(one.user) is not None
        return known and now < one.expires_at

    def _prove(
        self, request: Request, user: str, *, tag: str, now: datetime, peer: str
    ) -> TokenLogin | Response | None:
        """The token that proves `user`; None when a password does; else the refusal."""
        token = request.headers.get("X-Plivo-Jwt")
        if token is None:
            return self._prove_by_password(request, user, tag=tag, now=now, peer=peer)
        found = self._tokens.check(token, now)
        if isinstance(found, TokenRefused):
            return _refuse_token(request, found.code, tag=tag)
        if found.sip_user != user:
            return _refuse_token(request, 10004, tag=tag)
        return found

    def _prove_by_password(self, request: Request, user: str, *, tag: str, now: datetime, peer: str) -> Response | None:
        known = self._account.endpoint_by_sip_user(user)
        if known is None or known.username != user:
            # A token's identity has no password: without its token it is nobody.
            self._journal.note(What.WRONG_PASSWORD, "is no endpoint here", user=user, sender=peer)
            return reply(request, 403, tag=tag)
        host = peer.rpartition(":")[0]
        wait = self._wrong.wait(user, host, now=now)
        if wait:
            self._journal.note(What.LIMITED, "had too many wrong passwords and has to wait", user=user, sender=host)
            return reply(request, 403, tag=tag, headers=[("Retry-After", str(wait))])
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
            self._wrong.right(user, host)
            return None
        if attempt.credentials and not verdict.stale and self._nonces.own(attempt.credentials.get("nonce", "")):
            self._wrong.wrong(user, host, now=now)
            self._journal.note(What.WRONG_PASSWORD, "gave a wrong password", user=user, sender=host)
        challenge = digest.render_challenge(self._nonces.make(now), stale=verdict.stale)
        # RFC 3261 22.2 and 22.3: a registrar asks with 401, a proxy with 407.
        asks = ("WWW-Authenticate" if registering else "Proxy-Authenticate", challenge)
        return reply(request, 401 if registering else 407, tag=tag, headers=[asks])

    def _put(
        self, request: Request, user: str, token: TokenLogin | None, *, tag: str, now: datetime, peer: str
    ) -> Response:
        known = self.find(user, now=now)
        given = request.headers.get("Contact")
        contact = read_name_addr(given or "")
        seconds = _expires(request)
        call_id, cseq = request.headers.get("Call-ID") or "", cseq_of(request)
        if given is None:
            # RFC 3261 10.3: a question, not a change.
            return reply(request, 200, tag=tag, headers=[] if known is None else [_binding(known, now)])
        if contact.uri == "*" and seconds != 0:
            return reply(request, 400, tag=tag)
        if known is not None and known.call_id == call_id and cseq <= known.cseq:
            # RFC 3261 10.3: an older request that was late on its way changes nothing.
            return reply(request, 500, tag=tag)
        device = device_of(contact.uri)
        if seconds == 0:
            # A displaced device that signs off does not sign off its successor.
            if known is not None and (known.device == device or contact.uri == "*"):
                del self._registrations[user]
                self._journal.note(What.SIGNED_OFF, "signed off", user=user, sender=peer)
            return reply(request, 200, tag=tag)
        program = request.headers.get("User-Agent") or ""
        self._registrations[user] = Registration(
            user=user,
            contact=contact.uri,
            device=device,
            user_agent=program,
            expires_at=now + timedelta(seconds=seconds),
            token=token,
            call_id=call_id,
            cseq=cseq,
        )
        self._tell(known, self._registrations[user], peer)
        headers: list[Header] = [("Contact", _echo(request, seconds)), ("Expires", str(seconds))]
        if token is not None:
            # The SDK cuts at the first `;`, then at `=`.
            headers.append(("X-Plivo-Jwt", f"exp={int(token.expires_at.timestamp())};sub={token.sub}"))
        return reply(request, 200, tag=tag, headers=headers)

    def _tell(self, before: Registration | None, now: Registration, peer: str) -> None:
        if before is not None and before.device != now.device:
            self._journal.note(
                What.DISPLACED, f"{before.user_agent or 'a device'} rings no more", user=now.user, sender=peer
            )
        if before is None or before.device != now.device:
            program = now.user_agent or "a device that does not say what it is"
            self._journal.note(What.REGISTERED, f"signed in with {program}", user=now.user, sender=peer)


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


def _binding(known: Registration, now: datetime) -> Header:
    return "Contact", f"<{known.contact}>;expires={max(0, int((known.expires_at - now).total_seconds()))}"


def _echo(request: Request, seconds: int) -> str:
    # As it came, quotes included: JsSIP cannot read its own `+sip.instance` back without them, and waits for ever.
    bare = EXPIRES.sub("", request.headers.get("Contact") or "")
    return f"{bare};expires={seconds}"


def _refuse_token(request: Request, code: int, *, tag: str) -> Response:
    return reply(request, 403 if code in FORBIDDEN else 401, tag=tag, headers=_error_code(code))


def _error_code(code: int) -> Sequence[Header]:
    return [("X-Plivo-Jwt-Error-Code", str(code))]
