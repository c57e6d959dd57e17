"""Expected failures, as one tree of types.

    SoftphoneError
    ├── InvalidInput          400  a value cannot be used; `field` names it
    ├── NotSignedIn           401  no session, or it has ended
    │   └── SignInFailed      401  wrong name or password; never says which
    ├── NotAllowed            403  signed in, but may not
    │   ├── StepUpRequired    403  the password must be given again first
    │   ├── CrossSite         403  the request did not come from our page
    │   └── WebRTCUnavailable 403  `reason` says why the browser phone is off
    ├── NotFound              404
    ├── Gone                  410  it was there, and is used up or over
    ├── Conflict              409
    ├── TooLarge              413
    ├── TooMany               429  `retry_after` says when to try again
    ├── Busy                  503  our own database did not answer within its bounded wait; nothing was changed
    └── PlivoFailure          502  Plivo refused or could not be understood; `status` is Plivo's
        └── PlivoUnavailable  503  Plivo could not be reached in time

Each has a `code` that the page switches on and a `message`: one sentence that a person can act on. Neither ever
contains a secret, a token or a caller's number. `web/problems.py` alone turns a type into a status.
"""

from datetime import timedelta


class SoftphoneError(Exception):
    """An expected failure."""

    code = "failed"
    message = "This did not work. Try again, and tell an administrator if it happens twice."

    def __init__(self, *, code: str | None = None, message: str | None = None) -> None:
        if code is not None:
            self.code = code
        if message is not None:
            self.message = message
        super().__init__(self.code)


class InvalidInput(SoftphoneError):
    """A value from outside cannot be used."""

    code = "invalid_input"
    message = "A value in the request cannot be used."

    def __init__(self, message: str | None = None, *, field: str | None = None, code: str | None = None) -> None:
        self.field = field
        super().__init__(code=code, message=message)


class NotSignedIn(SoftphoneError):
    """There is no session, or it has ended."""

    code = "not_signed_in"
    message = "Please sign in."


class SignInFailed(NotSignedIn):
    """The name or the password is wrong; which of them is never said."""

    code = "sign_in_failed"
    message = "The name or the password is not right."


class NotAllowed(SoftphoneError):
    """Signed in, but without the right."""

    code = "not_allowed"
    message = "You may not do this. Ask an administrator."


class StepUpRequired(NotAllowed):
    """The password must be given again, because this change matters."""

    code = "step_up_required"
    message = "Please enter your password again to make this change."


class CrossSite(NotAllowed):
    """The request did not come from our own page."""

    code = "cross_site"
    message = "This request did not come from the softphone page. Reload the page and try again."


class WebRTCUnavailable(NotAllowed):
    """The browser phone may not be used now; `reason` is one of `policy.WebRTCReason`."""

    code = "webrtc_unavailable"

    def __init__(self, reason: str, message: str) -> None:
        self.reason = reason
        super().__init__(message=message)


class NotFound(SoftphoneError):
    """No such thing."""

    code = "not_found"
    message = "There is nothing here."


class Gone(SoftphoneError):
    """It was there once, and is used up or over."""

    code = "gone"
    message = "This cannot be used any more."


class Conflict(SoftphoneError):
    """The change contradicts what is there."""

    code = "conflict"
    message = "This contradicts what is there already. Reload and try again."


class TooLarge(SoftphoneError):
    """The request is larger than it may be."""

    code = "too_large"
    message = "The request is too large."


class TooMany(SoftphoneError):
    """A limit is reached; `retry_after` says when it is worth trying again."""

    code = "too_many_requests"
    message = "That was too often. Wait a moment and try again."

    def __init__(self, retry_after: timedelta, *, code: str | None = None, message: str | None = None) -> None:
        self.retry_after = retry_after
        super().__init__(code=code, message=message)


class Busy(SoftphoneError):
    """The database did not answer within its bounded wait. Nothing was changed."""

    code = "busy"
    message = "The service is busy. Try again in a moment."


class PlivoFailure(SoftphoneError):
    """Plivo refused, or its answer could not be understood. `status` is Plivo's HTTP status, if there was one;
    `retry_after` the seconds after which it wants to be asked again, if it said so.
    """

    code = "plivo_failure"
    message = "Plivo did not accept this."

    def __init__(
        self,
        *,
        status: int | None = None,
        code: str | None = None,
        message: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        self.status = status
        self.retry_after = retry_after
        super().__init__(code=code, message=message)


class PlivoUnavailable(PlivoFailure):
    """Plivo could not be reached in time. Whether a change took effect is unknown."""

    code = "plivo_unavailable"
    message = "Plivo cannot be reached at the moment. Try again in a minute."
