"""What holds for every request and every answer, whatever the route: limits, security headers, errors as JSON.

The headers are set around the framework, not inside it, so that errors of the framework itself carry them too
(threat model, section 4 and TM-A10).
"""

import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any, cast

from quart import Quart, Request
from quart.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from softphone.domain.sound import LARGEST
from softphone.settings import Settings
from softphone.web.headers import no_store, security_headers

API_BODY_BYTES = 256 * 1024  # threat model, section 4, as are the next five
WEBHOOK_BODY_BYTES = 64 * 1024
FORM_FIELDS = 200
UPLOADS = re.compile(r"/api/admin/hotlines/[^/]+/prompts/[^/]+/[^/]+/recording")
"""Where a recording may come in."""
CACHEABLE = "/telephony/prompts/"
"""Recordings that every caller hears: of all that Plivo asks for, the only thing to be kept."""
HEADER_BYTES = 16 * 1024
BODY_SECONDS = 10

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Any, Receive, Send], Awaitable[None]]

CODES = {
    400: ("invalid_input", "The request could not be understood."),
    404: ("not_found", "There is nothing here."),
    405: ("method_not_allowed", "This cannot be done here."),
    408: ("too_slow", "The request took too long to arrive."),
    413: ("too_large", "The request is too large."),
    415: ("not_json", "The request must be JSON."),
    431: ("too_large", "The request's headers are too large."),
}
FAULT = ("fault", "Something broke on our side. Try again, and tell an administrator if it happens twice.")

log = logging.getLogger("softphone.web")


class BoundedRequest(Request):
    """A request whose body may be no larger than its room allows."""

    def __init__(self, method: str, scheme: str, path: str, *rest: Any, **options: Any) -> None:
        options["max_content_length"] = _largest_body(path)
        super().__init__(method, scheme, path, *rest, **options)

    async def bounded_form(self) -> MultiDict[str, str]:
        """The fields of a form.

        Raises: RequestEntityTooLarge above 200 of them, before any is decoded.
        """
        body = await self.get_data(cache=True, as_text=False, parse_form_data=False)
        if body.count(b"&") >= FORM_FIELDS:
            raise RequestEntityTooLarge
        return await self.form


class Rules:
    """The app with the security headers around every answer."""

    def __init__(self, inner: Application, settings: Settings) -> None:
        self._inner = inner
        self._headers = security_headers(settings)

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        """Serve one connection. Anything but HTTP passes through."""
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return
        added = self._headers + (no_store() if _private(scope["path"]) else [])
        replaced = {name for name, _ in added}

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [(n, v) for n, v in message["headers"] if n.lower() not in replaced]
                message = {**message, "headers": [*kept, *added]}
            await send(message)

        if sum(len(name) + len(value) + 4 for name, value in scope["headers"]) > HEADER_BYTES:
            await _answer_431(sent)
            return
        await self._inner(scope, receive, sent)


def _largest_body(path: str) -> int:
    if path.startswith("/telephony"):
        return WEBHOOK_BODY_BYTES
    return LARGEST if UPLOADS.fullmatch(path) else API_BODY_BYTES


def _private(path: str) -> bool:
    return path.startswith(("/api", "/telephony")) and not path.startswith(CACHEABLE)


async def _answer_431(send: Send) -> None:
    body = b'{"error":{"code":"too_large","message":"The request\'s headers are too large."}}'
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 431, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _http_problem(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    code, message = CODES.get(status, FAULT if status >= 500 else CODES[400])
    headers = {"Allow": ", ".join(sorted(methods))} if (methods := getattr(error, "valid_methods", None)) else {}
    return {"error": {"code": code, "message": message}}, status, headers


def set_http_rules(app: Quart, settings: Settings) -> None:
    """Lay the rules around `app`. Call it before any route is added: redirects are switched off for later routes."""
    app.request_class = BoundedRequest
    app.config["BODY_TIMEOUT"] = BODY_SECONDS
    app.config["MAX_FORM_PARTS"] = FORM_FIELDS
    # An unexpected failure is logged and answered in every mode, never thrown at the server (TM-C2).
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    # A redirect for a missing or doubled slash would be built from the Host header.
    app.url_map.merge_slashes = False
    app.url_map.strict_slashes = False
    app.register_error_handler(HTTPException, _http_problem)
    # setattr: wrapping the app so is documented, but its declared type is a method's.
    setattr(app, "asgi_app", Rules(cast(Application, app.asgi_app), settings))  # noqa: B010
