"""Who may enter. Every route carries a guard; one without fails a test.

A guard turns a request into proof (`SignedIn`, `VerifiedCallback`) and hands it to the route as its first argument, so
that a route cannot be written that forgot to ask.

    @volunteers.get("/api/me")
    @volunteer_only
    async def me(signed_in: SignedIn) -> ResponseReturnValue: …
"""

import hmac
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from quart import request
from werkzeug.exceptions import UnsupportedMediaType

from softphone.actions.resume_session import resume_session
from softphone.domain.errors import CrossSite, NotAllowed, NotSignedIn, StepUpRequired
from softphone.domain.sessions import SignedIn
from softphone.domain.volunteers import Role
from softphone.web.cookies import read_session_cookie
from softphone.web.deps import deps
from softphone.web.origins import same_origin

P = ParamSpec("P")
R = TypeVar("R")

GUARD = "softphone_guard"
"""The attribute on a view function that names its guard."""

TYPES = "softphone_types"
"""The attribute on a view function that names the content types of its requests, where it is not JSON alone."""

JSON = frozenset({"application/json"})
SOUND = JSON | {"audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave", "audio/mpeg", "audio/mp3"}
"""None of these can a form of another site send, nor its script without our permission. JSON is refused as sound."""

SAFE_METHODS = frozenset({"GET", "HEAD"})
CSRF_HEADER = "X-CSRF-Token"
OVERRIDES = ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override")


def public(view: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
    """Anybody may enter: the page itself, its assets. Never for a route that changes something."""
    setattr(view, GUARD, "public")
    return view


def our_page(view: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
    """Anybody may enter, but changes only from our own page: the doors through which people sign in."""

    @wraps(view)
    async def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        _check_origin()
        return await view(*args, **kwargs)

    setattr(guarded, GUARD, "our_page")
    return guarded


def volunteer_only(view: Callable[Concatenate[SignedIn, P], Awaitable[R]]) -> Callable[P, Awaitable[R]]:
    """Only a person who has signed in may enter; the route is handed who it is."""

    @wraps(view)
    async def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        return await view(await _enter(), *args, **kwargs)

    setattr(guarded, GUARD, "volunteer_only")
    return guarded


def admin_only(view: Callable[Concatenate[SignedIn, P], Awaitable[R]]) -> Callable[P, Awaitable[R]]:
    """Only an administrator may enter; the route is handed who it is. See `require_step_up` for grave changes."""

    @wraps(view)
    async def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        signed_in = await _enter(getattr(view, TYPES, JSON))
        if signed_in.volunteer.role is not Role.ADMIN:
            raise NotAllowed
        return await view(signed_in, *args, **kwargs)

    setattr(guarded, GUARD, "admin_only")
    return guarded


def has_stepped_up(signed_in: SignedIn) -> bool:
    """True if this person gave their password within the last ten minutes."""
    return deps().world.clock() < signed_in.stepped_up_until


def takes_sound(view: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
    """Let a recording in as it is. Stands below the guard of a route."""
    setattr(view, TYPES, SOUND)
    return view


def require_step_up(signed_in: SignedIn) -> None:
    """Go on only if this person gave their password within the last ten minutes.

    Raises: StepUpRequired otherwise; the page then asks for it and repeats the request.
    """
    if not has_stepped_up(signed_in):
        raise StepUpRequired


async def _enter(types: frozenset[str] = JSON) -> SignedIn:
    _check_origin(types)
    world = deps().world
    session_id = read_session_cookie(request, world.settings)
    if not session_id:
        raise NotSignedIn
    signed_in = await resume_session(world, session_id)
    given = request.headers.get(CSRF_HEADER, "")
    if request.method not in SAFE_METHODS and not hmac.compare_digest(given.encode(), signed_in.csrf.encode()):
        raise CrossSite
    return signed_in


def _check_origin(types: frozenset[str] = JSON) -> None:
    """Refuse a change that another site's page could have asked for (TM-A5).

    JSON (or one of `types`) is demanded because a form cannot send it, and a script of another site cannot without our
    permission.
    """
    if request.method in SAFE_METHODS:
        return
    marks = {name: request.headers[name] for name in ("Origin", "Sec-Fetch-Site") if name in request.headers}
    if not same_origin(marks, deps().world.settings):
        raise CrossSite
    if any(name in request.headers for name in OVERRIDES):
        raise CrossSite
    if request.mimetype not in types:
        raise UnsupportedMediaType
