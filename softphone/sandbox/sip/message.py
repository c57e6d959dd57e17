"""SIP messages: text to values and back (RFC 3261 section 7). Headers keep their order and their spelling."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

Header = tuple[str, str]

VERSION = "SIP/2.0"

# RFC 3261 7.3.3 and 20: the short spellings of header names.
COMPACT = {
    "b": "referred-by",
    "c": "content-type",
    "d": "request-disposition",
    "e": "content-encoding",
    "f": "from",
    "i": "call-id",
    "k": "supported",
    "l": "content-length",
    "m": "contact",
    "o": "event",
    "r": "refer-to",
    "s": "subject",
    "t": "to",
    "u": "allow-events",
    "v": "via",
    "x": "session-expires",
}

# RFC 3261 25.1, `token`.
TOKEN = re.compile(r"[A-Za-z0-9\-.!%*_+`'~]+")
STATUS = re.compile(r"[1-6][0-9]{2}")


class MessageError(ValueError):
    """The text is not a SIP message. Never holds the text itself: it carries numbers and tokens."""


@dataclass(frozen=True, slots=True)
class Headers:
    """A header list. Names compare without case, and a compact name is its long one."""

    items: tuple[Header, ...] = ()

    def __iter__(self) -> Iterator[Header]:
        return iter(self.items)

    def get(self, name: str) -> str | None:
        """The first value of a header, or None."""
        return next(iter(self.all(name)), None)

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a header, in order."""
        wanted = canonical(name)
        return tuple(value for known, value in self.items if canonical(known) == wanted)

    def without(self, name: str) -> "Headers":
        """The list with no header of that name."""
        unwanted = canonical(name)
        return Headers(tuple(item for item in self.items if canonical(item[0]) != unwanted))

    def plus(self, *items: Header) -> "Headers":
        """The list with more headers at its end."""
        return Headers(self.items + items)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request: what should be done, and to whom."""

    method: str
    uri: str
    headers: Headers
    body: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A response to a request."""

    status: int
    reason: str
    headers: Headers
    body: str = ""


Message = Request | Response


def canonical(name: str) -> str:
    """A header's name as it is compared: long and in lower case."""
    lower = name.lower()
    return COMPACT.get(lower, lower)


def read_message(text: str) -> Message:
    """A message from its text.

    The body ends at Content-Length where there is one (RFC 3261 18.3), else at the end of the text.
    Raises: MessageError, whatever the text is.
    """
    # RFC 3261 7.5: empty lines before the start line are ignored.
    head, _, body = _with_crlf_head(text.lstrip("\r\n")).partition("\r\n\r\n")
    start, *lines = head.split("\r\n")
    headers = _read_headers(lines)
    return _with_start_line(start, headers, _cut(body, headers.get("Content-Length")))


def render_message(message: Message) -> str:
    """The text of a message. Content-Length is counted here, in bytes of UTF-8, and stands last."""
    match message:
        case Request(method=method, uri=uri):
            start = f"{method} {uri} {VERSION}"
        case Response(status=status, reason=reason):
            start = f"{VERSION} {status} {reason}"
    lines = [start]
    lines += [f"{name}: {value}" for name, value in message.headers.without("Content-Length")]
    lines += [f"Content-Length: {len(message.body.encode())}", "", message.body]
    return "\r\n".join(lines)


def with_header(message: Request, name: str, value: str) -> Request:
    """The request with one more header."""
    return replace(message, headers=message.headers.plus((name, value)))


def _with_crlf_head(text: str) -> str:
    """Some stacks end lines with a bare line feed. Only the head is mended: a body is taken as it is."""
    if "\r\n" in text:
        return text
    head, gap, body = text.partition("\n\n")
    return head.replace("\n", "\r\n") + ("\r\n\r\n" + body if gap else "")


def _read_headers(lines: list[str]) -> Headers:
    unfolded: list[str] = []
    for line in lines:
        if line[:1] in (" ", "\t") and unfolded:
            # RFC 3261 7.3.1: a line that begins with white space goes on with the one before.
            unfolded[-1] = f"{unfolded[-1].rstrip()} {line.strip()}"
        elif line:
            unfolded.append(line)
    return Headers(tuple(_read_header(line) for line in unfolded))


def _read_header(line: str) -> Header:
    name, colon, value = line.partition(":")
    name = name.rstrip(" \t")
    if not colon or not TOKEN.fullmatch(name):
        raise MessageError("a header line has no name")
    return name, value.strip(" \t")


def _with_start_line(start: str, headers: Headers, body: str) -> Message:
    first, _, rest = start.partition(" ")
    if first.upper() == VERSION:
        status, _, reason = rest.partition(" ")
        if not STATUS.fullmatch(status):
            raise MessageError("the status is not a number from 100 to 699")
        return Response(status=int(status), reason=reason, headers=headers, body=body)
    uri, _, version = rest.rpartition(" ")
    if version.upper() != VERSION or not TOKEN.fullmatch(first) or not uri.strip() or re.search(r"\s", uri):
        raise MessageError("the first line is neither a request's nor a response's")
    return Request(method=first, uri=uri, headers=headers, body=body)


def _cut(body: str, length: str | None) -> str:
    if length is None:
        return body
    if not re.fullmatch(r"[0-9]{1,9}", length):
        raise MessageError("Content-Length is not a number")
    octets = body.encode(errors="replace")
    if len(octets) < int(length):
        raise MessageError("the body is shorter than Content-Length")
    return octets[: int(length)].decode(errors="replace") if len(octets) > int(length) else body
