"""Plivo's request signatures, version 3: rule R of `wire.md` 2.2, on bytes.

Nothing here raises on any input: what cannot be verified is not verified. Version 2 is never accepted, because it does
not cover the parameters (threat model, TM-W2).
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from softphone.domain.secret import Secret

Pairs = tuple[tuple[bytes, bytes], ...]
"""Decoded names and values in the order they came, as UTF-8; repeats and empty values are kept."""

MAX_HEADER_CHARACTERS = 1024  # wire.md 2.3: two tokens give 89 characters; anything near this is not Plivo's.
NONCE_PATTERN = re.compile(
    r"[0-9A-Za-z_-]{8,64}"
)  # Threat model, section 4: no dot, or bytes could move into it (TM-W4).
ESCAPE = re.compile(rb"%([0-9A-Fa-f]{2})")


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedRequest:
    """What a signature covers. `url` is the one configured at Plivo, query included; never what a proxy shows."""

    method: str
    url: bytes
    fields: Pairs
    nonce: str


def read_pairs(text: bytes) -> Pairs:
    """The names and values of a query or a form body.

    A broken escape stays as it is; bytes that are not UTF-8 become U+FFFD (`wire.md` 2.2, step 3).
    """
    pieces = (piece.partition(b"=") for piece in text.split(b"&") if piece)
    return tuple((_decoded(name), _decoded(value)) for name, _, value in pieces)


def signed_text(request: SignedRequest) -> bytes:
    """The bytes that Plivo signs: steps 1 to 7 of rule R."""
    url = request.url.partition(b"#")[0]
    base, _, query_text = url.partition(b"?")
    query = read_pairs(query_text)
    fields = request.fields
    if request.method == "GET":
        # A GET carries Plivo's own parameters in the query, so all of them are signed as query.
        query, fields = query + fields, ()
    signed_query = b"&".join(name + b"=" + value for name, value in sorted(query))
    signed_fields = b"".join(name + value for name, value in sorted(fields))
    text = base
    if query or fields:
        text += b"?" + signed_query
    if query and fields:
        text += b"."
    return text + signed_fields + b"." + request.nonce.encode("utf-8", "replace")


def sign(request: SignedRequest, key: Secret) -> str:
    """The signature of a request: 44 characters of standard base64."""
    digest = hmac.new(key.reveal().encode("utf-8", "replace"), signed_text(request), hashlib.sha256).digest()
    return base64.b64encode(digest).decode("ascii")


def is_signed(request: SignedRequest, header: str, keys: Iterable[Secret]) -> bool:
    """True if one of the signatures in `header` was made with one of `keys`.

    The header holds one signature for each Auth Token that is active, separated by commas (`wire.md` 2.1). Text is
    compared, not decoded bytes, so that unpadded, URL-safe and hexadecimal forms are refused. Every pair is compared,
    in constant time (TM-W7).
    """
    if request.method not in {"GET", "POST"} or not header or len(header) > MAX_HEADER_CHARACTERS:
        return False
    given = [part.strip().encode("utf-8", "replace") for part in header.split(",")]
    expected = [sign(request, key).encode("ascii") for key in keys]
    return any([hmac.compare_digest(one, other) for one in given for other in expected if one])


def usable_nonce(nonce: str) -> bool:
    """True for a nonce that may stand in a signed text."""
    return NONCE_PATTERN.fullmatch(nonce) is not None


def pairs_of(fields: Sequence[tuple[str, str]]) -> Pairs:
    """Text names and values as the bytes that are signed."""
    return tuple((name.encode("utf-8", "replace"), value.encode("utf-8", "replace")) for name, value in fields)


def _decoded(text: bytes) -> bytes:
    raw = ESCAPE.sub(lambda escape: bytes((int(escape[1], 16),)), text.replace(b"+", b" "))
    return raw.decode("utf-8", "replace").encode("utf-8")
