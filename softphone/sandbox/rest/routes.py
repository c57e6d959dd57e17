"""The REST door as routes, with the faults that were asked for, and the way to end a connection without an answer."""

import asyncio
import re
from typing import Any, Protocol

from quart import Blueprint, Response, request
from quart.typing import ResponseReturnValue

from softphone.sandbox.faults import Action, Faults, Where
from softphone.sandbox.rest import door
from softphone.sandbox.rest.desk import Desk

HANG_UP = "X-Sandbox-Hang-Up"
"""Marks an answer that must not reach the client: `HangingUp` ends the connection in its place."""

MEDIA = re.compile(r"/v1/Account/[A-Z0-9]+/Recording/(?P<recording_id>[0-9a-f-]{36})\.(?:mp3|wav)")
_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


class Parts(Protocol):
    """What the routes need of a sandbox."""

    @property
    def desk(self) -> Desk:
        """The REST resources' parts."""

    @property
    def faults(self) -> Faults:
        """The faults that are set."""


def rest(parts: Parts) -> Blueprint:
    """The routes under `/v1/Account/`."""
    routes = Blueprint("rest", __name__)

    @routes.route("/v1/", defaults={"path": ""}, methods=_METHODS)
    @routes.route("/v1/<path:path>", methods=_METHODS)
    async def any_path(path: str) -> ResponseReturnValue:
        fault = parts.faults.take(Where.REST, request.path)
        if fault is None:
            return await _answer(parts.desk)
        match fault.action:
            case Action.STATUS:
                body = fault.body or '{"error": "a fault that was asked for"}'
                return Response(body, fault.status, content_type="application/json")
            case Action.DROP:
                return Response("", 503, headers={HANG_UP: "1"})
            case Action.DELAY:
                await asyncio.sleep(fault.ms / 1000)
            case Action.TWICE:
                await _answer(parts.desk)
        answer = await _answer(parts.desk)
        if fault.action is Action.CLOSE:
            answer.headers[HANG_UP] = "1"
        return answer

    return routes


async def _answer(desk: Desk) -> Response:
    path = request.path
    media = MEDIA.fullmatch(path)
    if media is not None and request.method in ("GET", "HEAD"):
        return _media(desk, path, recording_id=media["recording_id"])
    if not path.startswith(door.PREFIX) or not door.may_enter(
        desk, path=path, authorization=request.headers.get("Authorization")
    ):
        # Plain text: the Python package's lists trip over JSON here (`rest.md` 1.6).
        headers = {"WWW-Authenticate": door.REALM}
        return Response(door.UNAUTHORISED, 401, headers=headers, content_type="text/plain")
    content = await request.get_data(True, False, False)
    query = request.query_string.decode("ascii", errors="replace")
    answer = door.answer(desk, method=request.method, path=path, query=query, content=content)
    if answer.body is None:
        return Response(b"", answer.status)
    response = Response(door.render(answer), answer.status)
    response.content_type = "application/json"
    return response


def _media(desk: Desk, path: str, *, recording_id: str) -> Response:
    """The file of a recording, which Plivo serves from its media host (`rest.md` 1.1, 9).

    What was asked for as MP3 is WAV too: there is no encoder here, and the content type says so.
    """
    recordings = desk.account.recordings
    authorization = request.headers.get("Authorization")
    if recordings.behind_password and not door.may_enter(desk, path=path, authorization=authorization):
        headers = {"WWW-Authenticate": door.REALM}
        return Response(door.UNAUTHORISED, 401, headers=headers, content_type="text/plain")
    found = recordings.get(recording_id)
    if found is None:
        return Response("", 404, content_type="text/plain")
    return Response(found.wav, 200, content_type="audio/wav")


class HangingUp:
    """An ASGI app around another: an answer that is marked with `HANG_UP` is begun and never finished.

    The server then closes the connection, which is how a client sees a lost answer.
    """

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Pass everything on, save the answers that are marked."""
        lost = False

        async def pass_on(message: Any) -> None:
            nonlocal lost
            if message["type"] == "http.response.start" and any(
                name.lower() == HANG_UP.lower().encode() for name, _ in message["headers"]
            ):
                lost = True
                await send({**message, "headers": [(b"content-length", b"1000000")]})
            elif not lost:
                await send(message)

        await self._app(scope, receive, pass_on)
