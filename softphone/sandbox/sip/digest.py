"""SIP digest access authentication (RFC 2617, RFC 3261 22.4; MD5 is what the browser SDK answers with)."""

import hmac
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import md5

REALM = "phone.plivo.com"

# A client that registers every 120 s gets through a few refreshes with one nonce.
NONCE_LIFE = timedelta(minutes=10)

PAIR = re.compile(r'(?<![\w-])(?P<name>[A-Za-z][\w-]*)\s*=\s*(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<plain>[^\s,"]*))')


@dataclass(frozen=True, slots=True)
class Accepted:
    """The credentials fit the password."""


@dataclass(frozen=True, slots=True)
class Challenge:
    """The credentials are missing, wrong or out of date. `stale`: right, but for an old nonce."""

    stale: bool = False


Verdict = Accepted | Challenge


@dataclass(frozen=True, slots=True, kw_only=True)
class Nonces:
    """Makes nonces that say when they were made, and knows its own again, without remembering any."""

    key: bytes

    def make(self, now: datetime) -> str:
        """A nonce that is good for `NONCE_LIFE`."""
        seconds = f"{int(now.timestamp()):x}"
        return f"{seconds}.{self._seal(seconds)}"

    def own(self, nonce: str) -> bool:
        """Did we make it?"""
        seconds, _, seal = nonce.partition(".")
        return hmac.compare_digest(self._seal(seconds).encode(), seal.encode(errors="replace"))

    def fresh(self, nonce: str, now: datetime) -> bool:
        """Is it, one of ours, still good?"""
        made = int(nonce.partition(".")[0], 16)
        return 0 <= now.timestamp() - made <= NONCE_LIFE.total_seconds()

    def _seal(self, seconds: str) -> str:
        return hmac.new(self.key, seconds.encode(errors="replace"), "sha256").hexdigest()[:32]


def render_challenge(nonce: str, *, stale: bool) -> str:
    """The value of WWW-Authenticate or Proxy-Authenticate."""
    tail = ", stale=true" if stale else ""
    return f'Digest realm="{REALM}", nonce="{nonce}", algorithm=MD5, qop="auth"{tail}'


def read_credentials(value: str) -> dict[str, str]:
    """The fields of an Authorization header. Empty when it is not a digest."""
    scheme, _, rest = value.strip().partition(" ")
    if scheme.lower() != "digest":
        return {}
    return {
        found["name"].lower(): found["plain"] if found["quoted"] is None else re.sub(r"\\(.)", r"\1", found["quoted"])
        for found in PAIR.finditer(rest)
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try to authenticate: what was asked, and what the client sent."""

    method: str
    username: str
    password: str
    credentials: dict[str, str]


def check(attempt: Attempt, nonces: Nonces, *, now: datetime) -> Verdict:
    """Do the credentials prove the password, for a nonce of ours that is still good?"""
    given = attempt.credentials
    nonce = given.get("nonce", "")
    if given.get("username") != attempt.username or not nonces.own(nonce):
        return Challenge()
    expected = response_digest(attempt)
    if not hmac.compare_digest(expected.encode(), given.get("response", "").encode(errors="replace")):
        return Challenge()
    return Accepted() if nonces.fresh(nonce, now) else Challenge(stale=True)


def response_digest(attempt: Attempt) -> str:
    """The `response` that fits the credentials' other fields (RFC 2617 3.2.2.1)."""
    given = attempt.credentials
    secret = _md5(f"{attempt.username}:{given.get('realm', '')}:{attempt.password}")
    asked = _md5(f"{attempt.method}:{given.get('uri', '')}")
    if given.get("qop"):
        middle = f"{given.get('nonce', '')}:{given.get('nc', '')}:{given.get('cnonce', '')}:{given['qop']}"
    else:
        middle = given.get("nonce", "")
    return _md5(f"{secret}:{middle}:{asked}")


def _md5(text: str) -> str:
    # RFC 3261 22.4 knows no other algorithm, and JsSIP answers no other.
    return md5(text.encode(errors="replace"), usedforsecurity=False).hexdigest()
