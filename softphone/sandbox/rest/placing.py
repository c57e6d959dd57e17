"""`POST …/Call/`: makes calls, and `POST …/Call/{uuid}/`: transfers them (`rest.md` 6.1 and 6.4)."""

import re

from softphone.sandbox.accounts import Application
from softphone.sandbox.outbound import Order
from softphone.sandbox.rest.desk import Answer, Desk, RestError, RestRequest, flag, method, not_found, text, url, whole

MOST = 1_000
"""Destinations of one request."""

LONGEST_CALL = 86_400

_NUMBER = re.compile(r"\+?[0-9]{2,15}")
_ADDRESS = re.compile(r"sips?:[^\s@<>]+@[^\s@<>]+")
_KEYS = re.compile(r"[0-9*#wW]*(@[0-9]{1,5})?")
_HEADER = re.compile(r"(?P<name>[A-Za-z0-9]+)=(?P<value>[A-Za-z0-9]+)")
_DROPPED = ("ph-", "plivo", "fs-", "sipauth", "zt-", "twilio", "clientregion")


def place(desk: Desk, request: RestRequest) -> Answer:
    """Make one call, or one to each destination."""
    caller, to, answer_url = (_needed(request, name) for name in ("from", "to", "answer_url"))
    if not _NUMBER.fullmatch(caller):
        raise RestError(400, "from is not a number of 2 to 15 digits")
    destinations = tuple(dict.fromkeys(part.strip() for part in to.split("<")))
    if len(destinations) > MOST:
        raise RestError(400, f"to has more than {MOST} destinations")
    for one in destinations:
        if not _NUMBER.fullmatch(one) and not _ADDRESS.fullmatch(one):
            raise RestError(400, "to holds a destination that is neither a number nor a SIP address")
        if one.removeprefix("+") == caller.removeprefix("+"):
            raise RestError(400, "to is identical to src")
    _check_parent(desk, request)
    application = Application(
        app_id="",
        app_name="made by the API",
        answer_url=url(request, "answer_url", default=answer_url),
        answer_method=method(request, "answer_method", default="POST"),
        hangup_url=url(request, "hangup_url", default=""),
        hangup_method=method(request, "hangup_method", default="POST"),
        fallback_answer_url=url(request, "fallback_url", default=""),
        fallback_method=method(request, "fallback_method", default="POST"),
    )
    orders = [_order(request, caller=caller.removeprefix("+"), to=one, application=application) for one in destinations]
    uuids = [desk.calls.place(order) for order in orders]
    if len(uuids) == 1:
        return Answer(201, {"message": "call fired", "request_uuid": uuids[0]})
    return Answer(201, {"message": "calls fired", "request_uuid": uuids})


def transfer(desk: Desk, request: RestRequest, call_uuid: str) -> Answer:
    """Have a live call go on with another document."""
    if (text(request, "legs") or "aleg") != "aleg":
        raise RestError(400, "legs: this sandbox transfers the A leg only")
    aleg_url = url(request, "aleg_url", default="")
    if not aleg_url:
        raise RestError(400, "aleg_url parameter is missing")
    if not desk.calls.transfer(call_uuid, url=aleg_url, method=method(request, "aleg_method", default="POST")):
        raise not_found()
    return Answer(202, {"message": "call transferred"})


def cancel(desk: Desk, request: RestRequest) -> Answer:
    """`DELETE …/Request/{request_uuid}/`: stop a call that has not been answered (`rest.md` 6.2)."""
    match request.method, request.path[1:]:
        case "DELETE", (request_uuid,) if desk.calls.cancel_request(request_uuid):
            return Answer(204)
        case _:
            raise not_found()


def _order(request: RestRequest, *, caller: str, to: str, application: Application) -> Order:
    detection = text(request, "machine_detection") or ""
    if detection.lower() not in ("", "true", "hangup"):
        raise RestError(400, "machine_detection is true or hangup")
    whole(request, "machine_detection_time", default=5_000, low=2_000, high=10_000)
    digits = text(request, "send_digits") or ""
    if not _KEYS.fullmatch(digits):
        raise RestError(400, "send_digits holds keys of 0-9 * # and the pauses w and W")
    name = text(request, "caller_name") or ""
    if len(name) > 50:
        raise RestError(400, "caller_name has more than 50 characters")
    on_ring = text(request, "hangup_on_ring")
    limit = whole(request, "time_limit", default=14_400, low=1, high=1_000_000)
    return Order(
        caller=caller,
        to=to,
        application=application,
        caller_name=name,
        ring_url=url(request, "ring_url", default=""),
        ring_method=method(request, "ring_method", default="POST"),
        send_digits=digits,
        send_on_preanswer=flag(request, "send_on_preanswer", default=False),
        time_limit=min(limit, LONGEST_CALL),
        hangup_on_ring=None
        if on_ring is None
        else whole(request, "hangup_on_ring", default=0, low=0, high=LONGEST_CALL),
        ring_timeout=whole(request, "ring_timeout", default=120, low=0, high=LONGEST_CALL),
        machine_detection=detection.lower(),
        machine_detection_url=url(request, "machine_detection_url", default=""),
        machine_detection_method=method(request, "machine_detection_method", default="POST"),
        headers=_headers(text(request, "sip_headers") or ""),
    )


def _headers(written: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in written.split(",") if written else ():
        pair = _HEADER.fullmatch(part.strip())
        if part.strip().lower().startswith(_DROPPED):
            continue
        if pair is None:
            raise RestError(400, "sip_headers holds name=value pairs of letters and digits, comma separated")
        found[f"X-PH-{pair['name']}"] = pair["value"]
    return found


def _check_parent(desk: Desk, request: RestRequest) -> None:
    """Both spellings of the switch are in use (`rest.md` 6.1)."""
    strict = any(flag(request, name, default=False) for name in ("error_if_parent_not_found", "error_parent_not_found"))
    parent = text(request, "parent_call_uuid")
    live = {call.call_uuid for call in desk.account.live_calls()}
    if strict and parent is not None and parent not in live:
        raise RestError(400, "parent_call_uuid is no live call")


def _needed(request: RestRequest, name: str) -> str:
    value = text(request, name)
    if not value:
        raise RestError(400, f"{name} parameter is missing")
    return value
