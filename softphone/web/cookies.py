"""The session cookie: it holds only a random id, and scripts cannot read it (threat model, section 4)."""

from quart import Request, Response

from softphone.settings import Settings


def cookie_name(settings: Settings) -> str:
    """`__Host-sp`: no subdomain can set or shadow it (RFC 6265bis 4.1.3.2). The prefix demands Secure, so plain http on
    this machine has its own name.
    """
    return "sp" if settings.loopback_http else "__Host-sp"


def read_session_cookie(request: Request, settings: Settings) -> str | None:
    """The session id that a request carries, if any."""
    return request.cookies.get(cookie_name(settings))


def set_session_cookie(response: Response, session_id: str, settings: Settings) -> None:
    """Have the browser keep a session id until it closes; the server decides how long the session lives."""
    response.set_cookie(
        cookie_name(settings),
        session_id,
        secure=not settings.loopback_http,
        httponly=True,
        samesite="Strict",
        path="/",
    )


def clear_session_cookie(response: Response, settings: Settings) -> None:
    """Have the browser drop the session id."""
    response.delete_cookie(
        cookie_name(settings), secure=not settings.loopback_http, httponly=True, samesite="Strict", path="/"
    )
