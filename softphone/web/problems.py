"""Turns expected failures into answers. The one place that knows which failure has which status."""

from quart import Quart
from quart.typing import ResponseReturnValue

from softphone.domain import errors

STATUS: dict[type[errors.SoftphoneError], int] = {
    errors.InvalidInput: 400,
    errors.NotSignedIn: 401,
    errors.NotAllowed: 403,
    errors.NotFound: 404,
    errors.Gone: 410,
    errors.Conflict: 409,
    errors.TooLarge: 413,
    errors.TooMany: 429,
    errors.Busy: 503,
    errors.PlivoUnavailable: 503,
    errors.PlivoFailure: 502,
}


async def as_problem(error: errors.SoftphoneError) -> ResponseReturnValue:
    """The answer to an expected failure: its status and `{"error": {"code", "message", …}}`."""
    status = next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)
    body: dict[str, object] = {"code": error.code, "message": error.message}
    headers: dict[str, str] = {}
    match error:
        case errors.InvalidInput(field=str() as field):
            body["field"] = field
        case errors.WebRTCUnavailable():
            body["reason"] = error.reason
        case errors.TooMany():
            seconds = max(1, round(error.retry_after.total_seconds()))
            body["retry_after"] = seconds
            headers["Retry-After"] = str(seconds)
    return {"error": body}, status, headers


def handle_problems(app: Quart) -> None:
    """Have every expected failure of `app` answered here."""
    app.register_error_handler(errors.SoftphoneError, as_problem)
