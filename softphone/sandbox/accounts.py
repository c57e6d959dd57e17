"""What one pretend account owns: applications, endpoints, numbers, and the records of its calls. All in memory."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from softphone.sandbox.ids import Ids
from softphone.sandbox.recordings import Recordings

DEFAULT_NUMBERS = ("14155550100",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """Where the calls of numbers and endpoints are told what to do (`rest.md` 4.2)."""

    app_id: str
    app_name: str
    answer_url: str = ""
    answer_method: str = "POST"
    hangup_url: str = ""
    hangup_method: str = "POST"
    fallback_answer_url: str = ""
    fallback_method: str = "POST"
    message_url: str = ""
    message_method: str = "POST"
    default_number_app: bool = False
    default_endpoint_app: bool = False
    log_incoming_messages: bool = True
    public_uri: bool = False
    enabled: bool = True
    subaccount: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """A SIP identity. `username` carries the appended 12 digits; `app_id` is None when it is attached to nothing."""

    endpoint_id: str
    username: str
    alias: str
    password: str = field(repr=False)
    app_id: str | None = None

    @property
    def password_md5(self) -> str:
        """The MD5 that reading an endpoint gives back (`rest.md` 3.3)."""
        return hashlib.md5(self.password.encode(), usedforsecurity=False).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A rented number: digits without a plus."""

    number: str
    app_id: str | None = None
    alias: str | None = None
    subaccount: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRecord:
    """One call. It is live until `ended_at` is set. `direction` is `inbound` or `outbound`, seen from Plivo."""

    call_uuid: str
    direction: str
    from_number: str
    to_number: str
    started_at: datetime
    status: str = "ringing"
    caller_name: str = ""
    parent_call_uuid: str | None = None
    request_uuid: str | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    hangup_code: int | None = None
    hangup_name: str | None = None
    hangup_source: str | None = None

    @property
    def seconds(self) -> int:
        """Whole seconds from answer to end; 0 while there is no end, and when nobody answered."""
        if self.answered_at is None or self.ended_at is None:
            return 0
        return max(0, round((self.ended_at - self.answered_at).total_seconds()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """A device that is signed in: its contact, until when, and what it calls itself."""

    contact: str
    expires_at: datetime
    user_agent: str


RegistrationOf = Callable[[str], Registered | None]
"""Asks the registrar who is signed in under a SIP user; the newest device, or None."""


class Account:
    """The state of one account. The REST API and the call engine both hold it."""

    def __init__(self, *, auth_id: str, auth_token: str, ids: Ids, numbers: Iterable[str] = DEFAULT_NUMBERS) -> None:
        self.auth_id = auth_id
        self.auth_token = auth_token
        self._ids = ids
        self.applications: dict[str, Application] = {}
        self.endpoints: dict[str, Endpoint] = {}
        self.numbers: dict[str, Number] = {digits: Number(number=digits) for digits in numbers}
        self.calls: dict[str, CallRecord] = {}
        self.recordings = Recordings(auth_id=auth_id)

    def application(self, app_id: str | None) -> Application | None:
        """An application by its id."""
        return self.applications.get(app_id) if app_id is not None else None

    def number(self, digits: str) -> Number | None:
        """A rented number; a leading plus is ignored."""
        return self.numbers.get(digits.removeprefix("+"))

    def endpoint_by_sip_user(self, sip_user: str) -> Endpoint | None:
        """The endpoint behind a SIP user: its user name, or `{user name}_{Auth ID}` after a token login."""
        username = sip_user.removesuffix(f"_{self.auth_id}")
        return next((one for one in self.endpoints.values() if one.username == username), None)

    def application_for_sip_user(self, sip_user: str, *, token_app: str | None = None) -> Application | None:
        """The application for this user's calls: the token's, else the endpoint's, else the default (`wire.md` 4.3)."""
        endpoint = self.endpoint_by_sip_user(sip_user)
        attached = self.application(endpoint.app_id) if endpoint is not None else None
        return self.application(token_app) or attached or self.default_endpoint_application()

    def default_endpoint_application(self) -> Application | None:
        """The application that endpoints without one get."""
        return next((app for app in self.applications.values() if app.default_endpoint_app), None)

    def put_application(self, application: Application) -> None:
        """Keep an application. A default flag on it is taken from all others (`rest.md` 16)."""
        for app_id, other in self.applications.items():
            self.applications[app_id] = replace(
                other,
                default_number_app=other.default_number_app and not application.default_number_app,
                default_endpoint_app=other.default_endpoint_app and not application.default_endpoint_app,
            )
        self.applications[application.app_id] = application

    def drop_application(self, app_id: str, *, cascade: bool, move_to: str | None) -> None:
        """Delete an application. Its endpoints go with it, or move, or stay attached to nothing (`rest.md` 4.4)."""
        del self.applications[app_id]
        for endpoint in tuple(self.endpoints.values()):
            if endpoint.app_id != app_id:
                continue
            if cascade:
                del self.endpoints[endpoint.endpoint_id]
            else:
                self.endpoints[endpoint.endpoint_id] = replace(endpoint, app_id=move_to)
        for number in tuple(self.numbers.values()):
            if number.app_id == app_id:
                self.numbers[number.number] = replace(number, app_id=None)

    def create_endpoint(self, *, username: str, password: str, alias: str, app_id: str | None) -> Endpoint:
        """Make an endpoint; 12 digits are appended to its name (`rest.md` 3.2)."""
        default = self.default_endpoint_application()
        endpoint = Endpoint(
            endpoint_id=self._ids.digits(14),
            username=username + self._ids.digits(12),
            alias=alias,
            password=password,
            app_id=app_id or (default.app_id if default is not None else None),
        )
        self.endpoints[endpoint.endpoint_id] = endpoint
        return endpoint

    def record(self, call: CallRecord) -> None:
        """Keep what is known of a call; a later record of the same call replaces it."""
        self.calls[call.call_uuid] = call

    def live_calls(self) -> tuple[CallRecord, ...]:
        """The calls that have not ended, newest first."""
        return tuple(call for call in reversed(self.calls.values()) if call.ended_at is None)

    def ended_calls(self) -> tuple[CallRecord, ...]:
        """The records of calls that have ended, newest first."""
        return tuple(call for call in reversed(self.calls.values()) if call.ended_at is not None)
