"""The guard of Plivo's callbacks: nothing is believed before the signature of that connection holds.

What is signed is the URL as configured at Plivo, so it is made of our public URL and the raw path and query of the
request; `Host` and forwarded headers never enter it (`wire.md` 2.6, threat model, TM-W6). There is no switch that turns
this off (TM-W10). A refused request gets 403 and an empty body, and nothing is stored.
"""

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import Any
from urllib.parse import quote

from quart import Response, request
from werkzeug.exceptions import HTTPException

from softphone.actions.answer_once import ReplayRefused
from softphone.domain.connections import Connection
from softphone.domain.ids import ConnectionId
from softphone.domain.refusals import Refusal
from softphone.domain.secret import Secret
from softphone.plivo.answers import render_refusal
from softphone.plivo.callbacks import UnusableCallback, VerifiedCallback, belongs_to, read_fields, read_session_start
from softphone.plivo.signature import Pairs, SignedRequest, is_signed, read_pairs, usable_nonce
from softphone.store.connections import select_connection, select_default_connection
from softphone.web.deps import deps
from softphone.web.guards import GUARD

View = Callable[[VerifiedCallback], Awaitable[bytes]]

XML = "application/xml; charset=utf-8"
FAULT = render_refusal(Refusal.FAULT, ("en",))
MAX_BODY_BYTES = 64 * 1024  # Threat model, section 4.
OLDEST_SESSION = timedelta(hours=24)  # TM-W3: no call of ours lasts longer than an hour.
FORM = "application/x-www-form-urlencoded"
NONCE_HEADER = "X-Plivo-Signature-V3-Nonce"
OWN_HEADER = "X-Plivo-Signature-V3"
MAIN_HEADER = "X-Plivo-Signature-Ma-V3"

log = logging.getLogger(__name__)


class Refused(Exception):
    """The request is not a callback of Plivo's for this connection. `status` is what it gets, with an empty body."""

    def __init__(self, why: str, *, status: int = 403) -> None:
        self.status = status
        super().__init__(why)


def signed_by_plivo(view: View) -> Callable[..., Awaitable[Response]]:
    """Only Plivo may enter, for the connection in the path (or the default one); the route is handed the proof and
    gives XML.

    Whatever else fails, a caller is on the line: within 5 seconds there is a spoken sentence and the end, and nobody
    is rung (threat model, TM-R6).
    """
    return signed_with_stand_in(_sentence)(view)


def told_by_plivo(view: View) -> Callable[..., Awaitable[Response]]:
    """Only Plivo may enter, to tell something; nobody hears the answer.

    What could not be kept is not acknowledged: 503, and Plivo tells it again (`RETRY_RULES`).
    """
    return signed_with_stand_in(None)(view)


def signed_with_stand_in(stand_in: View | None) -> Callable[[View], Callable[..., Awaitable[Response]]]:
    """The same, with something better than a sentence when the route fails or is late: what `stand_in` makes of the
    proof, without the database. Without a `stand_in` the callback is not acknowledged then.
    """

    def guard(view: View) -> Callable[..., Awaitable[Response]]:
        @wraps(view)
        async def guarded(connection: str | None = None) -> Response:
            entering = _Entering(name=connection, view=view, stand_in=stand_in)
            answering = asyncio.create_task(entering.answer())
            try:
                done, _ = await asyncio.wait({answering}, timeout=deps().world.patience.answer)
            except asyncio.CancelledError:
                await asyncio.wait({answering})
                raise
            if answering in done:
                return answering.result()
            # The unit under way ends whole by itself; what it would have answered comes too late.
            log.error("A callback of connection %s was not answered in time.", connection or "default")
            return await entering.stand_in_now()

        setattr(guarded, GUARD, "signed_by_plivo")
        return guarded

    return guard


async def _sentence(_callback: VerifiedCallback) -> bytes:
    return FAULT


@dataclass(slots=True, kw_only=True)
class _Entering:
    """One request on its way in. `proof` is there from the moment that the signature holds."""

    name: str | None
    view: View
    stand_in: View | None
    proof: VerifiedCallback | None = None

    async def answer(self) -> Response:
        """The route's answer, or the stand-in's."""
        try:
            self.proof = await verify(self.name)
            return _xml(await self.view(self.proof))
        except Refused as refused:
            log.warning("A callback was refused: %s", refused)
            return Response(b"", status=refused.status)
        except UnusableCallback as unusable:
            log.warning("A signed callback of connection %s cannot be used: %s", self.name or "default", unusable)
            return Response(b"", status=400)
        except ReplayRefused:
            log.warning("A nonce of connection %s came again with another request.", self.name or "default")
            return Response(b"", status=403)
        except Exception:
            log.exception("A callback of connection %s failed.", self.name or "default")
            return await self.stand_in_now()

    async def stand_in_now(self) -> Response:
        """What is answered without the database; a sentence where even that fails. 503 where nobody would hear it."""
        if self.stand_in is None:
            return Response(b"", status=503)
        if self.proof is None:
            return _xml(FAULT)
        try:
            return _xml(await self.stand_in(self.proof))
        except Exception:
            log.exception("The stand-in for connection %s failed.", self.name or "default")
            return _xml(FAULT)


def _xml(document: bytes) -> Response:
    return Response(document, status=200, content_type=XML)


async def verify(connection_name: str | None) -> VerifiedCallback:
    """The callback that this request is.

    Raises: Refused.
    """
    nonce, own, main = (_one_header(name) for name in (NONCE_HEADER, OWN_HEADER, MAIN_HEADER))
    if not usable_nonce(nonce) or not (own or main):
        raise Refused("no usable signature")
    body, pairs = await _form()
    connection = await _connection(connection_name)
    if connection is None:
        raise Refused("no such connection")
    url = _configured_url(deps().world.settings.public_url)
    signed = SignedRequest(method=request.method, url=url, fields=pairs, nonce=nonce)
    own_keys, main_keys = _keys(connection)
    if not (is_signed(signed, own, own_keys) | is_signed(signed, main, main_keys)):
        raise Refused(f"the signature does not hold for connection {connection.id}")
    return _checked(connection, pairs, nonce=nonce, digest=hashlib.sha256(url + b"\n" + body).hexdigest())


def _checked(connection: Connection, pairs: Pairs, *, nonce: str, digest: str) -> VerifiedCallback:
    try:
        fields = read_fields(pairs)
        began = read_session_start(fields)
    except UnusableCallback as unusable:
        raise Refused(f"signed, but unusable: {unusable}", status=400) from unusable
    if not belongs_to(fields, connection):
        raise Refused("signed, but for another account")
    if began is not None and began < deps().world.clock() - OLDEST_SESSION:
        raise Refused("signed, but of a call that began over a day ago")
    return VerifiedCallback(connection=connection, fields=fields, nonce=nonce, digest=digest)


def _one_header(name: str) -> str:
    values = request.headers.getlist(name)
    return values[0] if len(values) == 1 else ""


async def _form() -> tuple[bytes, Pairs]:
    if (request.content_length or 0) > MAX_BODY_BYTES:
        raise Refused("the body is too large", status=413)
    request.max_content_length = MAX_BODY_BYTES
    try:
        body = await request.get_data(cache=False, as_text=False, parse_form_data=False)
    except HTTPException as error:
        raise Refused("the body cannot be read", status=error.code or 400) from error
    if body and request.mimetype != FORM:
        raise Refused("the body is not a form")
    return body, read_pairs(body)


async def _connection(name: str | None) -> Connection | None:
    world = deps().world
    try:
        found = await _read_connection(name)
    except Exception:
        known = world.last_known.connection(name)
        if known is None:
            raise
        # Signed or not is still decided, by the keys that this process read last; nothing is let in unsigned.
        log.exception("Connection %s cannot be read; its last known keys are used.", name or "default")
        return known
    if found is not None:
        world.last_known.remember_connection(name, found)
    return found


async def _read_connection(name: str | None) -> Connection | None:
    database, keyring = deps().world.database, deps().world.keyring
    if name is None:
        return await database.read(lambda db: select_default_connection(db, keyring=keyring))
    return await database.read(lambda db: select_connection(db, ConnectionId(name), keyring=keyring))


def _configured_url(public_url: str) -> bytes:
    scope: Any = request.scope  # An ASGI scope is an open dictionary; `raw_path` is optional in it.
    raw_path: bytes = scope.get("raw_path") or quote(scope["path"]).encode()
    query: bytes = scope.get("query_string", b"")
    return public_url.encode() + raw_path.partition(b"?")[0] + (b"?" + query if query else b"")


def _keys(connection: Connection) -> tuple[list[Secret], list[Secret]]:
    now = deps().world.clock()
    own = [connection.auth_token]
    if connection.previous_auth_token and connection.previous_until and now < connection.previous_until:
        own.append(connection.previous_auth_token)
    if connection.main_auth_token:
        return own, [connection.main_auth_token]
    # A main account signs both headers with the same token (`wire.md` 2.1).
    return own, own if connection.auth_id.startswith("MA") else []
