"""What Plivo says when it refuses, in every form it takes (`rest.md` 1.7), as one safe sentence."""

import json
import re
from collections.abc import Mapping

from softphone.domain.errors import PlivoFailure, PlivoUnavailable

LONGEST_TEXT = 300
_DIGITS = re.compile(r"\+?\d{7,}")
_UNPRINTABLE = re.compile(r"[^\x20-\x7e\u00a0-\ufffd]+")
_DEPTH = 6


def fault_text(body: bytes) -> str:
    """The one string that an error body comes down to; empty where it says nothing in words.

    Nested objects become `key: text` joined with `; `; HTML of gateways counts as saying nothing.
    """
    text = body.decode("utf-8", "replace").strip()
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return "" if text.startswith("<") else _clean(text)
    said = found.get("error", found.get("message", "")) if isinstance(found, Mapping) else found
    return _clean(_flat(said, 0))


def _flat(said: object, depth: int) -> str:
    if depth > _DEPTH:
        return ""
    match said:
        case str():
            return said.strip()
        case Mapping():
            if set(said) == {"error"}:  # an object that holds another `error` is unwrapped (rest.md 1.7)
                return _flat(said["error"], depth + 1)
            return "; ".join(f"{key}: {_flat(value, depth + 1)}" for key, value in said.items())
        case list():
            return "; ".join(filter(None, (_flat(part, depth + 1) for part in said)))
        case None | bool():
            return ""
        case _:
            return str(said)


def _clean(text: str) -> str:
    # Plivo echoes what it was sent: numbers must not travel on into logs and pages.
    return _DIGITS.sub("…", _UNPRINTABLE.sub(" ", text)).strip()[:LONGEST_TEXT]


def failure(status: int, body: bytes, *, secret: str) -> PlivoFailure:
    """The failure that an answer other than 2xx stands for. `secret` is the Auth Token, in case it is echoed."""
    said = fault_text(body.replace(secret.encode(), b"") if secret else body)
    also = f" Plivo says: {said}" if said else ""
    if status == 401:
        return PlivoFailure(
            status=status,
            code="plivo_credentials_refused",
            message="Plivo refused the Auth ID or the Auth Token. Copy both again from the Plivo console.",
        )
    if status == 403:
        return PlivoFailure(
            status=status, code="plivo_forbidden", message=f"Plivo does not allow this for the account.{also}"
        )
    if status == 404:
        return PlivoFailure(status=status, code="plivo_not_found", message=f"Plivo does not have this.{also}")
    if status == 409:
        return PlivoFailure(
            status=status, code="plivo_conflict", message=f"This contradicts what is at Plivo already.{also}"
        )
    if status == 429:
        return PlivoUnavailable(
            status=status, message="Plivo was asked too often for this account. Try again in a minute."
        )
    if status >= 500:
        return PlivoUnavailable(status=status)
    if 300 <= status < 400:
        return PlivoFailure(
            status=status, code="plivo_redirect", message="Plivo's address leads somewhere else. Check the settings."
        )
    return PlivoFailure(status=status, code="plivo_refused", message=f"Plivo did not accept this.{also}")


def not_understood(why: str) -> PlivoFailure:
    """The failure of an answer that says 2xx and then something that cannot be used."""
    return PlivoFailure(code="plivo_not_understood", message=f"Plivo's answer could not be understood: {why}.")
