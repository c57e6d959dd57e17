"""Reads the attributes of one element strictly: each is asked for once, and whatever is left over is an error."""

import re
from collections.abc import Collection
from urllib.parse import urlsplit

from softphone.sandbox.tree import Node, XmlInvalid
from softphone.sandbox.verbs import SipHeaders

KEYS = "0123456789*#"

# Names that Plivo drops without a word (`wire.md` 3.5), in any case.
_DROPPED = ("ph-", "plivo", "fs-", "sipauth", "zt-", "twilio")
_DROPPED_WHOLE = "clientregion"
_PLAIN = re.compile(r"[A-Za-z0-9]+")


def refuse_relative(url: str, *, where: str) -> str:
    """`url` when it is absolute. Raises: XmlInvalid. Plivo's own ancestor skipped relative ones (`wire.md` 3.1)."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError as error:
        raise XmlInvalid(f"{where} is not a URL.") from error
    if parts.scheme not in ("http", "https") or not host or any(letter.isspace() for letter in url):
        raise XmlInvalid(f"{where} is “{url[:80]}”; it must be a whole URL that begins with http:// or https://.")
    return url


class Attributes:
    """The attributes of `node`. Each method takes one out; `done` refuses the rest. All raise XmlInvalid."""

    def __init__(self, node: Node) -> None:
        self._element = node.name
        self._left = dict(node.attributes)

    def text(self, name: str, *, longest: int = 2_000) -> str | None:
        """The text as it stands, or None when the attribute is absent."""
        value = self._left.pop(name, None)
        if value is not None and len(value) > longest:
            raise self._wrong(name, f"has more than {longest} characters")
        return value

    def choice(self, name: str, among: Collection[str], *, default: str) -> str:
        """One of the words in `among`."""
        value = self.text(name)
        if value is None:
            return default
        if value not in among:
            raise self._wrong(name, f"is “{value[:40]}”, not one of {', '.join(sorted(among)[:20])}")
        return value

    def method(self, name: str = "method") -> str:
        """GET or POST."""
        return self.choice(name, ("GET", "POST"), default="POST")

    def flag(self, name: str, *, default: bool) -> bool:
        """`true` or `false`, in small letters."""
        return self.choice(name, ("true", "false"), default=str(default).lower()) == "true"

    def maybe_number(self, name: str, low: int, high: int) -> int | None:
        """A whole number from `low` to `high`, or None when the attribute is absent."""
        value = self.text(name)
        if value is None:
            return None
        if not re.fullmatch(r"[0-9]{1,9}", value) or not low <= int(value) <= high:
            raise self._wrong(name, f"is “{value[:40]}”, not a whole number from {low} to {high}")
        return int(value)

    def number(self, name: str, low: int, high: int, *, default: int) -> int:
        """A whole number from `low` to `high`."""
        value = self.maybe_number(name, low, high)
        return default if value is None else value

    def url(self, name: str) -> str | None:
        """An absolute URL, or None when the attribute is absent."""
        value = self.text(name)
        return None if value is None else refuse_relative(value, where=f"{name} of <{self._element}>")

    def keys(self, name: str, *, also: str = "") -> str | None:
        """Keys of the pad, or None when the attribute is absent."""
        value = self.text(name, longest=100)
        if value is not None and (not value or set(value) - set(KEYS + also)):
            raise self._wrong(name, f"is “{value[:40]}”; it holds keys of {KEYS}{also}")
        return value

    def finish_key(self, name: str = "finishOnKey") -> str:
        """The keys that end an input; none when the attribute is `none` or empty."""
        value = self.text(name)
        if value is None:
            return "#"
        if value in ("none", ""):
            return ""
        if set(value) - set(KEYS):
            raise self._wrong(name, f"is “{value[:40]}”, not a key and not none")
        return value

    def end_timeout(self, name: str) -> int | None:
        """Seconds from 2 to 10; None for `auto`."""
        if self._left.get(name) == "auto":
            del self._left[name]
        return self.maybe_number(name, 2, 10)

    def patterns(self, name: str) -> tuple[str, ...]:
        """Key patterns, comma separated."""
        value = self.text(name)
        if value is None:
            return ()
        found = tuple(part.strip() for part in value.split(","))
        if any(not part or set(part) - set(KEYS) for part in found):
            raise self._wrong(name, f"is “{value[:40]}”; it holds patterns of keys, comma separated")
        return found

    def sip_headers(self, name: str = "sipHeaders") -> SipHeaders:
        """`name=value` pairs of letters and digits, comma separated; reserved names vanish as they do at Plivo."""
        value = self.text(name)
        pairs: list[tuple[str, str]] = []
        for part in value.split(",") if value else ():
            key, equals, content = part.strip().partition("=")
            if key.lower().startswith(_DROPPED) or key.lower() == _DROPPED_WHOLE:
                continue
            if not equals or not _PLAIN.fullmatch(key) or not _PLAIN.fullmatch(content):
                raise self._wrong(name, f"has “{part.strip()[:40]}”; a pair is name=value of letters and digits")
            pairs.append((key, content))
        return tuple(pairs)

    def done(self) -> None:
        """Refuse what nobody asked for."""
        if self._left:
            raise XmlInvalid(f"<{self._element}> has no attribute “{next(iter(self._left))[:40]}”.")

    def _wrong(self, name: str, what: str) -> XmlInvalid:
        return XmlInvalid(f"{name} of <{self._element}> {what}.")
