"""`…/Endpoint/`: SIP identities (`rest.md` 3)."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC

from softphone.sandbox.accounts import Endpoint, Registered
from softphone.sandbox.rest.desk import Answer, Desk, RestError, RestRequest, not_found, page, text, wrong_method

_RULES: Mapping[str, tuple[re.Pattern[str], str]] = {
    "username": (re.compile(r"[A-Za-z][A-Za-z0-9]{0,24}"), "1 to 25 letters and digits, a letter first."),
    "password": (re.compile(r".{5,32}", re.DOTALL), "5 to 32 characters."),
    "alias": (re.compile(r"[A-Za-z0-9_-]{1,50}"), "1 to 50 letters, digits, - and _."),
}


def answer(desk: Desk, request: RestRequest) -> Answer:
    """List, create, read, change and delete endpoints."""
    match request.method, request.path[1:]:
        case "GET", ():
            newest_first = reversed(desk.account.endpoints.values())
            return page(desk, request, [_listed(desk, one) for one in newest_first])
        case "POST", ():
            return _create(desk, request)
        case "GET", (endpoint_id,):
            return Answer(200, _read(desk, _find(desk, endpoint_id)))
        case "POST", (endpoint_id,):
            return _change(desk, _find(desk, endpoint_id), request)
        case "DELETE", (endpoint_id,):
            del desk.account.endpoints[_find(desk, endpoint_id).endpoint_id]
            return Answer(204)
        case _, (() | (_,)):
            raise wrong_method()
        case _:
            raise not_found()


def _find(desk: Desk, endpoint_id: str) -> Endpoint:
    found = desk.account.endpoints.get(endpoint_id)
    if found is None:
        raise not_found()
    return found


def _create(desk: Desk, request: RestRequest) -> Answer:
    given = {name: text(request, name) for name in _RULES}
    _refuse({name: "This field is required." for name, value in given.items() if value is None})
    _check(given)
    made = desk.account.create_endpoint(
        username=given["username"] or "",
        password=given["password"] or "",
        alias=given["alias"] or "",
        app_id=_application(desk, request),
    )
    return Answer(
        201,
        {"username": made.username, "alias": made.alias, "message": "created", "endpoint_id": made.endpoint_id},
    )


def _change(desk: Desk, old: Endpoint, request: RestRequest) -> Answer:
    given = {name: text(request, name) for name in ("password", "alias")}
    _check(given)
    desk.account.endpoints[old.endpoint_id] = replace(
        old,
        password=given["password"] or old.password,
        alias=given["alias"] or old.alias,
        app_id=_application(desk, request) or old.app_id,
    )
    return Answer(202, {"message": "changed"})


def _application(desk: Desk, request: RestRequest) -> str | None:
    app_id = text(request, "app_id") or None
    if app_id is not None and desk.account.application(app_id) is None:
        raise RestError(400, {"app_id": ["There is no application with this id."]})
    return app_id


def _check(given: Mapping[str, str | None]) -> None:
    _refuse(
        {
            name: _RULES[name][1]
            for name, value in given.items()
            if value is not None and not _RULES[name][0].fullmatch(value)
        }
    )


def _refuse(wrong: Mapping[str, str]) -> None:
    if wrong:
        raise RestError(400, {name: [sentence] for name, sentence in wrong.items()})


def registration(desk: Desk, one: Endpoint) -> Registered | None:
    """The device signed in as this endpoint, by password or by token, unless it has expired."""
    users = (one.username, f"{one.username}_{desk.account.auth_id}")
    found = [device for user in users if (device := desk.registration_of(user)) is not None]
    fresh = [device for device in found if device.expires_at > desk.clock()]
    return max(fresh, key=lambda device: device.expires_at, default=None)


def _listed(desk: Desk, one: Endpoint) -> dict[str, object]:
    body: dict[str, object] = {
        "alias": one.alias,
        "application": None if one.app_id is None else desk.uri("Application", one.app_id),
        "endpoint_id": one.endpoint_id,
        "resource_uri": desk.uri("Endpoint", one.endpoint_id),
        "sip_registered": "false",
        "sip_uri": f"sip:{one.username}@phone.plivo.com",
        "sub_account": None,
        "username": one.username,
    }
    device = registration(desk, one)
    if device is not None:
        # These three exist only while a device is registered (`rest.md` 3.3).
        body["sip_registered"] = "true"
        body["sip_contact"] = device.contact
        body["sip_expires"] = device.expires_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
        body["sip_user_agent"] = device.user_agent
    return body


def _read(desk: Desk, one: Endpoint) -> dict[str, object]:
    body = _listed(desk, one)
    if body["sip_registered"] == "false":
        body["password"] = one.password_md5
    return body
