"""Signs callbacks the way Plivo does: version 3, rule R of `wire.md` 2.2. Written from that text alone."""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl

Pairs = Iterable[tuple[str, str]]


def text_to_sign(method: str, url: str, *, fields: Pairs, nonce: str) -> str:
    """What is signed: URL, sorted parameters and nonce. `fields` are the body's pairs of a POST, none for a GET."""
    base, _, query = url.partition("#")[0].partition("?")
    in_url = "&".join(f"{name}={value}" for name, value in sorted(parse_qsl(query, keep_blank_values=True)))
    in_body = "".join(name + value for name, value in sorted(fields)) if method == "POST" else ""
    text = base
    if in_url or in_body:
        text += "?" + in_url
    if in_body:
        # A dot parts query and body only when there is a query: `base?Q.P`, but `base?P` (`wire.md` 2.2, step 6).
        text += ("." if in_url else "") + in_body
    return f"{text}.{nonce}"


def signature(text: str, *, auth_token: str) -> str:
    """The standard base64 of the HMAC-SHA256 of `text`: 44 characters."""
    digest = hmac.new(auth_token.encode("ascii"), text.encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode("ascii")


def signature_headers(
    method: str, url: str, *, fields: Pairs, nonce: str, auth_token: str, main_token: str
) -> Mapping[str, str]:
    """The headers of a voice callback. V3 takes the token of the call's own account, Ma-V3 the main account's."""
    text = text_to_sign(method, url, fields=fields, nonce=nonce)
    return {
        "X-Plivo-Signature-V3": signature(text, auth_token=auth_token),
        "X-Plivo-Signature-Ma-V3": signature(text, auth_token=main_token),
        "X-Plivo-Signature-V3-Nonce": nonce,
    }
