"""Via: which transaction a message belongs to, and where its response goes (RFC 3261 18.2 and 20.42, RFC 3581)."""

import re
from dataclasses import dataclass, replace

from softphone.sandbox.sip.message import Headers, Request, Response

# RFC 3261 8.1.1.7: a branch that begins so names its transaction by itself.
COOKIE = "z9hG4bK"

DEFAULT_PORT = 5060

# RFC 3261 25.1: white space may stand around every mark of a Via value.
VALUE = re.compile(
    r"\s*SIP\s*/\s*2\.0\s*/\s*(?P<transport>[A-Za-z0-9.!%*_+`'~-]+)\s+"
    r"(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)\s*(?::\s*(?P<port>[0-9]{1,5}))?\s*(?P<rest>;.*)?",
    re.IGNORECASE | re.DOTALL,
)

Address = tuple[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Via:
    """One hop. `parameters` are in lower case by name; `rport` without a value is the empty text."""

    transport: str
    host: str
    port: int | None
    parameters: tuple[tuple[str, str | None], ...] = ()

    def parameter(self, name: str) -> str | None:
        """A parameter's value; empty for one without a value, None for one that is not there."""
        return next((value or "" for known, value in self.parameters if known == name), None)

    @property
    def branch(self) -> str | None:
        """The branch that names the transaction; None where a client older than RFC 3261 sent none that does."""
        found = self.parameter("branch") or ""
        return found if found.startswith(COOKIE) and found != COOKIE else None

    @property
    def sent_by(self) -> str:
        """Host and port of who sent it, as it says of itself."""
        return f"{self.host.lower()}:{self.port or DEFAULT_PORT}"

    def __str__(self) -> str:
        tail = "".join(f";{name}" if value is None else f";{name}={value}" for name, value in self.parameters)
        return f"SIP/2.0/{self.transport} {self.host}{f':{self.port}' if self.port is not None else ''}{tail}"


def read_via(text: str) -> Via | None:
    """A Via value; None when it is none, or its port cannot be one."""
    found = VALUE.fullmatch(text)
    if found is None or int(found["port"] or 0) > 65535:
        return None
    pairs = (part.partition("=") for part in (found["rest"] or "").split(";") if part.strip())
    parameters = tuple((name.strip().lower(), value.strip() if equals else None) for name, equals, value in pairs)
    port = int(found["port"]) if found["port"] else None
    return Via(transport=found["transport"].upper(), host=found["host"], port=port, parameters=parameters)


def top_via(message: Request | Response) -> Via | None:
    """The newest hop of a message: the first value of its first Via header."""
    first = message.headers.get("Via")
    return None if first is None else read_via(_first_value(first))


def with_source(request: Request, source: Address) -> Request:
    """The request with what its top Via lacks: where it really came from (RFC 3261 18.2.1, RFC 3581 4)."""
    via = top_via(request)
    if via is None:
        return request
    host, port = source
    kept = tuple(pair for pair in via.parameters if pair[0] not in ("received", "rport"))
    asks = via.parameter("rport") is not None
    if asks:
        kept += (("rport", str(port)),)
    if asks or via.host.strip("[]").lower() != host:
        kept += (("received", host),)
    return _with_top(request, str(replace(via, parameters=kept)))


def answers_to(via: Via, source: Address) -> Address:
    """Where the responses go over UDP: back where it came from when `rport` asks so, else to the port it names."""
    return source if via.parameter("rport") is not None else (source[0], via.port or DEFAULT_PORT)


def _with_top(request: Request, value: str) -> Request:
    items = list(request.headers)
    at = next(index for index, (name, _) in enumerate(items) if name.lower() in ("via", "v"))
    name, before = items[at]
    rest = before[len(_first_value(before)) :]
    items[at] = (name, value + rest)
    return replace(request, headers=Headers(tuple(items)))


def _first_value(text: str) -> str:
    """The part before the first comma outside quotes: several hops may stand in one header."""
    quoted = False
    for index, letter in enumerate(text):
        if letter == '"' and text[index - 1 : index] != "\\":
            quoted = not quoted
        elif letter == "," and not quoted:
            return text[:index]
    return text
