"""SIP addresses: the URI in a request line, and what From, To and Contact hold (RFC 3261 19.1 and 20.10)."""

import re
from dataclasses import dataclass
from urllib.parse import unquote

URI = re.compile(r"(?P<scheme>sips?):(?:(?P<user>[^@]*)@)?(?P<host>[^@;?\s]+)(?P<rest>[;?].*)?", re.IGNORECASE)
QUOTED = re.compile(r'"(?P<text>(?:[^"\\]|\\.)*)"\s*')


@dataclass(frozen=True, slots=True)
class SipUri:
    """A `sip:` URI: whom, at which host. Parameters and headers behind it are dropped."""

    user: str
    host: str

    def __str__(self) -> str:
        return f"sip:{self.user}@{self.host}" if self.user else f"sip:{self.host}"


@dataclass(frozen=True, slots=True, kw_only=True)
class NameAddr:
    """The value of From, To or Contact. `uri` is the text as it came, parameters of its own included."""

    display: str
    uri: str
    parameters: tuple[tuple[str, str], ...] = ()

    def parameter(self, name: str) -> str | None:
        """A parameter behind the address, for example `tag` or `expires`."""
        return next((value for known, value in self.parameters if known == name), None)


def read_uri(text: str) -> SipUri | None:
    """A URI from its text; None for anything else than `sip:` and `sips:`."""
    found = URI.fullmatch(text.strip())
    if found is None:
        return None
    return SipUri(unquote((found["user"] or "").partition(":")[0]), found["host"].lower())


def read_name_addr(text: str) -> NameAddr:
    """The parts of a From, To or Contact value. What cannot be understood is left empty."""
    text = text.strip()
    display = ""
    quoted = QUOTED.match(text)
    if quoted:
        display = re.sub(r"\\(.)", r"\1", quoted["text"])
        text = text[quoted.end() :]
    before, bracket, after = text.partition("<")
    if not bracket:
        # RFC 3261 20.10: without brackets, parameters belong to the header, not to the URI.
        uri, _, rest = text.partition(";")
        return NameAddr(display=display, uri=uri.strip(), parameters=_read_parameters(rest))
    uri, _, rest = after.partition(">")
    return NameAddr(display=display or before.strip(), uri=uri.strip(), parameters=_read_parameters(rest))


def render_name_addr(address: NameAddr) -> str:
    """The text of a From, To or Contact value."""
    escaped = re.sub(r'(["\\])', r"\\\1", re.sub(r"[\x00-\x1f\x7f]", " ", address.display))
    tail = "".join(f";{name}={value}" if value else f";{name}" for name, value in address.parameters)
    return (f'"{escaped}" ' if escaped else "") + f"<{address.uri}>{tail}"


def _read_parameters(text: str) -> tuple[tuple[str, str], ...]:
    pairs = (part.partition("=") for part in text.split(";") if part.strip())
    return tuple((name.strip().lower(), value.strip().strip('"')) for name, _, value in pairs)
