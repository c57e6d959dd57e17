"""`…/Application/`: where calls are told what to do (`rest.md` 4)."""

import re
from dataclasses import replace

from softphone.sandbox.accounts import Application
from softphone.sandbox.rest.desk import (
    Answer,
    Desk,
    RestError,
    RestRequest,
    flag,
    method,
    not_found,
    page,
    text,
    url,
    wrong_method,
)

_NAME = re.compile(r"[A-Za-z0-9_-]{1,60}")


def answer(desk: Desk, request: RestRequest) -> Answer:
    """List, create, read, change and delete applications."""
    match request.method, request.path[1:]:
        case "GET", ():
            return page(desk, request, [_read(desk, one) for one in _fitting(desk, request)])
        case "POST", ():
            return _create(desk, request)
        case "GET", (app_id,):
            return Answer(200, _read(desk, _find(desk, app_id)))
        case "POST", (app_id,):
            desk.account.put_application(_changed(_find(desk, app_id), request))
            return Answer(202, {"message": "changed"})
        case "DELETE", (app_id,):
            return _delete(desk, _find(desk, app_id), request)
        case _, (() | (_,)):
            raise wrong_method()
        case _:
            raise not_found()


def _find(desk: Desk, app_id: str) -> Application:
    found = desk.account.application(app_id)
    if found is None:
        raise not_found()
    return found


def _fitting(desk: Desk, request: RestRequest) -> list[Application]:
    prefix, subaccount = text(request, "app_name") or "", text(request, "subaccount")
    return [
        one
        for one in reversed(desk.account.applications.values())
        if one.app_name.startswith(prefix) and subaccount in (None, one.subaccount)
    ]


def _create(desk: Desk, request: RestRequest) -> Answer:
    if text(request, "app_name") is None:
        raise RestError(400, "app_name parameter is missing")
    if not text(request, "answer_url"):
        raise RestError(400, "answer_url parameter is missing")
    blank = Application(app_id=desk.ids.digits(17), app_name="")
    made = _changed(blank, request)
    # The hangup URL is the answer URL unless another is given (`rest.md` 4.2).
    made = replace(made, hangup_url=made.hangup_url or made.answer_url)
    desk.account.put_application(made)
    return Answer(201, {"message": "created", "app_id": made.app_id})


def _changed(old: Application, request: RestRequest) -> Application:
    name = text(request, "app_name")
    if name is not None and not _NAME.fullmatch(name):
        raise RestError(400, "app_name holds letters, digits, - and _")
    return replace(
        old,
        app_name=old.app_name if name is None else name,
        answer_url=url(request, "answer_url", default=old.answer_url),
        answer_method=method(request, "answer_method", default=old.answer_method),
        hangup_url=url(request, "hangup_url", default=old.hangup_url),
        hangup_method=method(request, "hangup_method", default=old.hangup_method),
        fallback_answer_url=url(request, "fallback_answer_url", default=old.fallback_answer_url),
        fallback_method=method(request, "fallback_method", default=old.fallback_method),
        message_url=url(request, "message_url", default=old.message_url),
        message_method=method(request, "message_method", default=old.message_method),
        default_number_app=flag(request, "default_number_app", default=old.default_number_app),
        default_endpoint_app=flag(request, "default_endpoint_app", default=old.default_endpoint_app),
        log_incoming_messages=flag(request, "log_incoming_messages", default=old.log_incoming_messages),
        public_uri=flag(request, "public_uri", default=old.public_uri),
        subaccount=text(request, "subaccount") or old.subaccount,
    )


def _delete(desk: Desk, application: Application, request: RestRequest) -> Answer:
    move_to = text(request, "new_endpoint_application")
    if move_to and desk.account.application(move_to) is None:
        raise RestError(400, "new_endpoint_application is no application of this account")
    cascade = flag(request, "cascade", default=True)
    desk.account.drop_application(application.app_id, cascade=cascade, move_to=move_to or None)
    return Answer(204)


def _read(desk: Desk, one: Application) -> dict[str, object]:
    return {
        "answer_method": one.answer_method,
        "answer_url": one.answer_url,
        "app_id": one.app_id,
        "app_name": one.app_name,
        "credential_uuid": None,
        "default_app": one.default_number_app,
        "default_endpoint_app": one.default_endpoint_app,
        "default_number_app": one.default_number_app,
        "enabled": one.enabled,
        "fallback_answer_url": one.fallback_answer_url,
        "fallback_method": one.fallback_method,
        "hangup_method": one.hangup_method,
        "hangup_url": one.hangup_url,
        "ip_acl_uuid": None,
        "log_incoming_messages": one.log_incoming_messages,
        "message_method": one.message_method,
        "message_url": one.message_url,
        "public_uri": one.public_uri,
        "resource_uri": desk.uri("Application", one.app_id),
        "sip_auth_type": "",
        "sip_uri": f"sip:{one.app_id}@app.plivo.com",
        "sub_account": one.subaccount,
    }
