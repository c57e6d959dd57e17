"""The door of the REST API: who may enter, how paths and bodies are read, and how errors look."""

import base64
import binascii
import hmac
import json
from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl

from softphone.sandbox.rest import account, applications, calls, endpoints, jwt_tokens, numbers, placing, recordings
from softphone.sandbox.rest.desk import Answer, Desk, RestError, RestRequest, not_found

PREFIX = "/v1/Account/"
REALM = 'Basic realm="Login Required"'
UNAUTHORISED = "Could not verify your access level for that URL. You have to login with proper credentials."

_RESOURCES: Mapping[str, Callable[[Desk, RestRequest], Answer]] = {
    "Application": applications.answer,
    "Call": calls.answer,
    "Endpoint": endpoints.answer,
    "JWT": jwt_tokens.answer,
    "Number": numbers.answer,
    "Recording": recordings.answer,
    "Request": placing.cancel,
}


def may_enter(desk: Desk, *, path: str, authorization: str | None) -> bool:
    """Whether the Basic credentials are the account's, and the account is the one in the path (`rest.md` 16)."""
    kind, _, coded = (authorization or "").partition(" ")
    try:
        user, _, password = base64.b64decode(coded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return False
    expected = f"{desk.account.auth_id}:{desk.account.auth_token}".encode()
    right = hmac.compare_digest(f"{user}:{password}".encode(), expected)
    return kind.lower() == "basic" and right and _parts(path)[:1] == (user,)


def answer(desk: Desk, *, method: str, path: str, query: str, content: bytes) -> Answer:
    """The answer to a request that was let in. Every JSON body carries a fresh `api_id`."""
    try:
        reply = _dispatch(desk, method=method, path=path, query=query, content=content)
    except RestError as wrong:
        reply = Answer(wrong.status, {"error": wrong.error})
    if reply.body is None:
        return reply
    return Answer(reply.status, {"api_id": desk.ids.uuid(), **reply.body})


def _dispatch(desk: Desk, *, method: str, path: str, query: str, content: bytes) -> Answer:
    parts = _parts(path)[1:]
    request = RestRequest(
        method=method,
        path=parts,
        query=dict(parse_qsl(query, keep_blank_values=True)),
        body=_read_body(content) if method in ("POST", "DELETE") else {},
    )
    if not parts:
        return account.answer(desk, request)
    resource = _RESOURCES.get(parts[0])
    if resource is None:
        raise not_found()
    return resource(desk, request)


def _parts(path: str) -> tuple[str, ...]:
    # Packages double slashes and leave the last one out (`rest.md` 1.12).
    return tuple(part for part in path.removeprefix(PREFIX).split("/") if part)


def _read_body(content: bytes) -> Mapping[str, object]:
    """The JSON body; `null` counts as not given (`rest.md` 1.3)."""
    if not content.strip():
        return {}
    try:
        body = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise RestError(400, "the body must be a JSON object") from error
    if not isinstance(body, dict):
        raise RestError(400, "the body must be a JSON object")
    return {str(name): value for name, value in body.items() if value is not None}


def render(reply: Answer) -> bytes:
    """The JSON of an answer."""
    return json.dumps(reply.body, ensure_ascii=False).encode()
