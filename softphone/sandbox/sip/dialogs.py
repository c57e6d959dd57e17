"""Dialogs and replies: which headers a message needs to be understood as part of what came before (RFC 3261 12)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from softphone.sandbox.sip.address import NameAddr, read_name_addr
from softphone.sandbox.sip.message import Header, Headers, Request, Response

SERVER = ("Server", "softphone-sandbox")

ALLOW = ("Allow", "INVITE, ACK, CANCEL, BYE, INFO, OPTIONS, MESSAGE, REGISTER, UPDATE")

REASONS = {
    100: "Trying",
    180: "Ringing",
    200: "OK",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    407: "Proxy Authentication Required",
    408: "Request Timeout",
    415: "Unsupported Media Type",
    416: "Unsupported URI Scheme",
    420: "Bad Extension",
    480: "Temporarily Unavailable",
    481: "Call/Transaction Does Not Exist",
    486: "Busy Here",
    487: "Request Terminated",
    488: "Not Acceptable Here",
    491: "Request Pending",
    500: "Server Internal Error",
    503: "Service Unavailable",
    505: "Version Not Supported",
    513: "Message Too Large",
    603: "Decline",
}


@dataclass(frozen=True, slots=True)
class Body:
    """What a message carries, and of which kind."""

    content_type: str
    text: str


def sdp_body(sdp: str) -> Body:
    """A session description as a body."""
    return Body("application/sdp", sdp)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialog:
    """One end of a call as SIP sees it, from our side.

    `target` is the other side's Contact: every request inside the dialog goes to it (RFC 3261 12.2.1.1). JsSIP answers
    404 to anything else, and then the call never ends on that side.
    """

    call_id: str
    local: str
    remote: str
    target: str
    contact: str
    routes: tuple[str, ...] = ()
    cseq: int = 0


def reply(
    request: Request, status: int, *, tag: str, headers: Sequence[Header] = (), body: Body | None = None
) -> Response:
    """A response with the headers that RFC 3261 8.2.6.2 wants copied. 100 has no tag; the others have ours."""
    to = request.headers.get("To") or ""
    if status > 100 and read_name_addr(to).parameter("tag") is None:
        to = f"{to};tag={tag}"
    copied = [("Via", value) for value in request.headers.all("Via")]
    # RFC 3261 12.1.1: the routes go back, so that the dialog keeps them.
    copied += [("Record-Route", value) for value in request.headers.all("Record-Route")]
    copied += [
        ("From", request.headers.get("From") or ""),
        ("To", to),
        ("Call-ID", request.headers.get("Call-ID") or ""),
        ("CSeq", request.headers.get("CSeq") or ""),
    ]
    items = tuple(copied) + tuple(headers) + (SERVER, ALLOW) + _type_of(body)
    return Response(
        status=status,
        reason=REASONS.get(status, "Unknown"),
        headers=Headers(items),
        body=body.text if body else "",
    )


def dialog_of_caller(invite: Request, *, tag: str, contact: str) -> Dialog:
    """The dialog that answering `invite` opens, seen from us who answer."""
    to = invite.headers.get("To") or ""
    return Dialog(
        call_id=invite.headers.get("Call-ID") or "",
        local=f"{to};tag={tag}",
        remote=invite.headers.get("From") or "",
        target=contact_of(invite) or read_name_addr(invite.headers.get("From") or "").uri,
        contact=contact,
        routes=invite.headers.all("Record-Route"),
    )


def dialog_of_callee(invite: Request, answer: Response) -> Dialog:
    """The dialog that `answer` to our `invite` opened."""
    return Dialog(
        call_id=invite.headers.get("Call-ID") or "",
        local=invite.headers.get("From") or "",
        remote=answer.headers.get("To") or "",
        target=contact_of(answer) or invite.uri,
        contact=contact_of(invite) or "",
        # RFC 3261 12.1.2: in reverse, seen from who called.
        routes=tuple(reversed(answer.headers.all("Record-Route"))),
        cseq=cseq_of(invite),
    )


def retargeted(dialog: Dialog, message: Request | Response) -> Dialog:
    """The dialog after a re-INVITE or its answer: a new Contact moves the target (RFC 3261 12.2.1.2)."""
    contact = contact_of(message)
    return replace(dialog, target=contact) if contact else dialog


def in_dialog(
    dialog: Dialog, method: str, *, via: str, body: Body | None = None, extra: Sequence[Header] = ()
) -> tuple[Dialog, Request]:
    """The next request inside the dialog, and the dialog that has sent it."""
    after = replace(dialog, cseq=dialog.cseq + 1)
    return after, _request(after, method, via=via, cseq=after.cseq, body=body, extra=extra)


def ack(dialog: Dialog, *, cseq: int, via: str, sdp: str | None = None) -> Request:
    """The ACK for a 2xx: a request of its own, with the number of the INVITE (RFC 3261 13.2.2.4)."""
    return _request(dialog, "ACK", via=via, cseq=cseq, body=sdp_body(sdp) if sdp else None, extra=())


def ack_refusal(invite: Request, response: Response) -> Request:
    """The ACK for a refusal: part of the INVITE's transaction, so it has its Via (RFC 3261 17.1.1.3)."""
    return _same_transaction(invite, "ACK", to=response.headers.get("To") or "", extra=())


def cancel(invite: Request, *, extra: Sequence[Header] = ()) -> Request:
    """The CANCEL for an INVITE of ours (RFC 3261 9.1)."""
    return _same_transaction(invite, "CANCEL", to=invite.headers.get("To") or "", extra=extra)


def contact_of(message: Request | Response) -> str | None:
    """The URI of the Contact header, or None."""
    value = message.headers.get("Contact")
    return read_name_addr(value).uri or None if value else None


def cseq_of(message: Request | Response) -> int:
    """The number in CSeq; 0 when it is not one."""
    number = (message.headers.get("CSeq") or "").split(" ")[0]
    return int(number) if number.isascii() and number.isdigit() and len(number) <= 10 else 0


def method_of(response: Response) -> str:
    """The method that a response answers, from CSeq."""
    return (response.headers.get("CSeq") or "").rpartition(" ")[2]


def tag_of(value: str | None) -> str | None:
    """The tag in a From or To value."""
    return read_name_addr(value or "").parameter("tag")


def address_of(value: str | None) -> NameAddr:
    """A From or To value, read."""
    return read_name_addr(value or "")


def _request(
    dialog: Dialog, method: str, *, via: str, cseq: int, body: Body | None, extra: Sequence[Header]
) -> Request:
    items: list[Header] = [("Via", via), ("Max-Forwards", "70")]
    items += [("Route", route) for route in dialog.routes]
    items += [
        ("From", dialog.local),
        ("To", dialog.remote),
        ("Call-ID", dialog.call_id),
        ("CSeq", f"{cseq} {method}"),
        ("Contact", f"<{dialog.contact}>"),
    ]
    items += [*extra, *_type_of(body)]
    return Request(method=method, uri=dialog.target, headers=Headers(tuple(items)), body=body.text if body else "")


def _same_transaction(invite: Request, method: str, *, to: str, extra: Sequence[Header]) -> Request:
    items = (
        ("Via", invite.headers.get("Via") or ""),
        ("Max-Forwards", "70"),
        ("From", invite.headers.get("From") or ""),
        ("To", to),
        ("Call-ID", invite.headers.get("Call-ID") or ""),
        ("CSeq", f"{cseq_of(invite)} {method}"),
    )
    return Request(method=method, uri=invite.uri, headers=Headers(items + tuple(extra)))


def _type_of(body: Body | None) -> tuple[Header, ...]:
    return (("Content-Type", body.content_type),) if body else ()
