"""What is wrong with a message, as RFC 3261 asks it to be answered. Cases and clauses: RFC 4475, the torture tests."""

import re

from softphone.sandbox.sip.address import read_name_addr
from softphone.sandbox.sip.message import (
    TOKEN,
    VERSION,
    Header,
    Headers,
    Message,
    MessageError,
    Request,
    Response,
    read_message,
)
from softphone.sandbox.sip.via import top_via

# RFC 3261 8.1.1: without these a request cannot be answered, or belongs to nothing.
NEEDED = ("To", "From", "Call-ID", "CSeq", "Via")

# RFC 3261 7.3.1: headers that stand once.
ONCE = ("To", "From", "Call-ID", "CSeq", "Max-Forwards", "Content-Length", "Content-Type", "Expires")

# RFC 3261 8.1.1.5 and 20.22.
CSEQ = re.compile(r"(?P<number>[0-9]{1,10})\s+(?P<method>\S+)")
MAX_CSEQ = 2**31 - 1
MAX_FORWARDS = 255

SCHEMES = ("sip", "sips", "tel")
SCHEME = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):(?P<rest>.+)", re.DOTALL)

VERSION_OF = re.compile(r"SIP/[0-9]+\.[0-9]+", re.IGNORECASE)


class Refused(Exception):
    """The message cannot be used. `request` is what could be read of it, to answer; None where nobody can be answered.

    Never holds more of the message than that.
    """

    def __init__(self, status: int, why: str, request: Request | None = None) -> None:
        super().__init__(why)
        self.status = status
        self.why = why
        self.request = request


def read_checked(text: str) -> Message:
    """The message in `text`, fit to be acted upon.

    Raises: Refused, whatever the text is. A response or an ACK is never answered (RFC 3261 8.1.3.5, 17).
    """
    try:
        message = read_message(text)
    except MessageError as error:
        salvaged = salvage(text)
        raise Refused(_status_of(text), str(error), salvaged) from error
    wrong = _wrong_with_response(message) if isinstance(message, Response) else _wrong_with(message)
    if wrong is not None:
        status, why = wrong
        answerable = isinstance(message, Request) and message.method != "ACK" and top_via(message) is not None
        raise Refused(status, why, message if answerable and isinstance(message, Request) else None)
    return message


def salvage(text: str) -> Request | None:
    """Of a text that is no message: a request with the headers that an answer copies, or None."""
    lines = re.split(r"\r?\n", text.lstrip("\r\n"))
    method = lines[0].split(" ")[0]
    version = lines[0].split()[-1:] or [""]
    if not TOKEN.fullmatch(method) or not VERSION_OF.fullmatch(version[0]) or method == "ACK":
        return None
    found: list[Header] = []
    for line in lines[1:]:
        if not line:
            break
        if line[:1] in (" ", "\t") and found:
            name, value = found[-1]
            found[-1] = (name, f"{value} {line.strip()}")
        else:
            name, _, value = line.partition(":")
            found.append((name.strip(), value.strip()))
    items = tuple(item for item in found if TOKEN.fullmatch(item[0]))
    request = Request(method=method, uri="sip:unreadable.invalid", headers=Headers(items))
    whole = all(request.headers.get(name) for name in ("Via", "From", "To", "Call-ID", "CSeq"))
    return request if whole and top_via(request) is not None else None


def _status_of(text: str) -> int:
    last = text.lstrip("\r\n").split("\n", 1)[0].split()[-1:]
    known = last and VERSION_OF.fullmatch(last[0])
    return 505 if known and last[0].upper() != VERSION else 400


def _wrong_with_response(response: Response) -> tuple[int, str] | None:
    found = CSEQ.fullmatch(response.headers.get("CSeq") or "")
    if found is None or int(found["number"]) > MAX_CSEQ or top_via(response) is None:
        return 400, "a response that belongs to nothing"
    return None


def _wrong_with(request: Request) -> tuple[int, str] | None:
    """The status and the reason; None for a sound request."""
    missing = next((name for name in NEEDED if not request.headers.get(name)), None)
    if missing is not None:
        return 400, f"{missing} is missing"
    twice = next((name for name in ONCE if len(request.headers.all(name)) > 1), None)
    if twice is not None:
        return 400, f"{twice} stands more than once"
    for wrong in (_wrong_uri, _wrong_numbers, _wrong_addresses):
        found = wrong(request)
        if found is not None:
            return found
    if request.headers.get("Require") and request.method not in ("ACK", "CANCEL"):
        return 420, "it requires an extension that is not known here"
    return None


def _wrong_uri(request: Request) -> tuple[int, str] | None:
    scheme = SCHEME.fullmatch(request.uri)
    if scheme is None:
        return 400, "the Request-URI is no URI"
    if scheme["scheme"].lower() not in SCHEMES:
        return 416, "the Request-URI has a scheme that is not known here"
    return None


def _wrong_numbers(request: Request) -> tuple[int, str] | None:
    cseq = CSEQ.fullmatch(request.headers.get("CSeq") or "")
    if cseq is None or int(cseq["number"]) > MAX_CSEQ:
        return 400, "CSeq has no number of 31 bits"
    if cseq["method"] != request.method:
        return 400, "CSeq names another method"
    hops = request.headers.get("Max-Forwards")
    if hops is not None and not (re.fullmatch("[0-9]{1,9}", hops) and int(hops) <= MAX_FORWARDS):
        return 400, "Max-Forwards is no number up to 255"
    if top_via(request) is None:
        return 400, "Via cannot be read"
    return None


def _wrong_addresses(request: Request) -> tuple[int, str] | None:
    for name in ("From", "To", "Contact"):
        for value in request.headers.all(name):
            if value != "*" and not _sound_address(value):
                return 400, f"{name} cannot be read"
    if read_name_addr(request.headers.get("From") or "").parameter("tag") is None and request.method == "ACK":
        return 400, "From has no tag"
    return None


def _unquoted(value: str) -> str:
    """The value without its quoted strings (RFC 3261 25.1); one that is not closed leaves its quote."""
    kept: list[str] = []
    quoted = escaped = False
    for character in value:
        if quoted:
            quoted = escaped or character != '"'
            escaped = character == "\\" and not escaped
        elif character == '"':
            quoted = True
        else:
            kept.append(character)
    return "".join(kept) + ('"' if quoted else "")


def _sound_address(value: str) -> bool:
    bare = _unquoted(value)
    if '"' in bare or bare.count("<") != bare.count(">"):
        return False
    # RFC 3261 20: a URI with headers or parameters of its own needs brackets; a question mark without them is lost.
    if "<" not in bare:
        return "?" not in bare
    return "<" not in bare.partition("<")[2].partition(">")[0]
