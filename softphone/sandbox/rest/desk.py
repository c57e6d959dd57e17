"""What every resource works with: a request that has been let in, the answer it gives, and the parts it may touch."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from softphone.sandbox.accounts import Account, RegistrationOf
from softphone.sandbox.calls import Calls
from softphone.sandbox.ids import Ids
from softphone.sandbox.tokens import Tokens

PAGE = 20
"""The longest and the usual page of a list (`rest.md` 1.5)."""


class RestError(Exception):
    """An answer that is an error. `error` is a sentence, or for endpoints field names with their sentences."""

    def __init__(self, status: int, error: str | Mapping[str, Sequence[str]]) -> None:
        super().__init__(str(status))
        self.status = status
        self.error = error


@dataclass(frozen=True, slots=True, kw_only=True)
class RestRequest:
    """A request behind the door. `path` is what follows the account; `arguments` are query and JSON body together."""

    method: str
    path: tuple[str, ...]
    query: Mapping[str, str]
    body: Mapping[str, object]

    @property
    def arguments(self) -> Mapping[str, object]:
        """Query and body in one. Packages put the arguments of a DELETE in either (`rest.md` 1.3)."""
        return {**self.query, **self.body}


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer. No body means 204 and nothing behind it."""

    status: int
    body: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The postal data of the account, the part of it that can be changed."""

    name: str = "Sandbox"
    city: str = ""
    address: str = ""


@dataclass(slots=True, kw_only=True)
class Desk:
    """The parts that resources touch."""

    account: Account
    tokens: Tokens
    ids: Ids
    clock: Callable[[], datetime]
    registration_of: RegistrationOf
    calls: Calls
    profile: Profile = field(default_factory=Profile)
    hung_up_everything: int = 0

    def uri(self, *parts: str) -> str:
        """The relative address of a resource, with its slash at the end."""
        return "/".join(["/v1/Account", self.account.auth_id, *parts, ""])


def text(request: RestRequest, name: str) -> str | None:
    """A text argument; None when it is absent or null. Numbers are taken as their digits. Raises: RestError."""
    value = request.arguments.get(name)
    if value is None:
        return None
    if isinstance(value, bool | list | dict):
        raise RestError(400, f"{name} must be text")
    return str(value)


def flag(request: RestRequest, name: str, *, default: bool) -> bool:
    """A boolean argument, also written as `true` or `false` in a query. Raises: RestError."""
    value = request.arguments.get(name)
    if value is None:
        return default
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    raise RestError(400, f"{name} must be true or false")


def method(request: RestRequest, name: str, *, default: str) -> str:
    """GET or POST. Raises: RestError."""
    value = text(request, name) or default
    if value.upper() not in ("GET", "POST"):
        raise RestError(400, f"{name} must be GET or POST")
    return value.upper()


def url(request: RestRequest, name: str, *, default: str) -> str:
    """An absolute URL, or empty for none. Raises: RestError."""
    value = text(request, name)
    if value is None:
        return default
    if value and not re.fullmatch(r"https?://[^/\s]+\S*", value):
        raise RestError(400, f"{name} must be a whole URL with http:// or https://")
    return value


def page(desk: Desk, request: RestRequest, objects: Sequence[Mapping[str, object]]) -> Answer:
    """One page of a list with its `meta` (`rest.md` 1.5). Raises: RestError for a `limit` or `offset` out of range."""
    limit, offset = _whole(request, "limit", PAGE), _whole(request, "offset", 0)
    if not 1 <= limit <= PAGE or offset < 0:
        raise RestError(400, f"limit is from 1 to {PAGE}, offset is not negative")
    here = desk.uri(*request.path)
    following = f"{here}?limit={limit}&offset={offset + limit}" if offset + limit < len(objects) else None
    previous = f"{here}?limit={limit}&offset={max(0, offset - limit)}" if offset > 0 else None
    meta = {"limit": limit, "next": following, "offset": offset, "previous": previous, "total_count": len(objects)}
    return Answer(200, {"meta": meta, "objects": list(objects[offset : offset + limit])})


def whole(request: RestRequest, name: str, *, default: int, low: int, high: int) -> int:
    """A whole number from `low` to `high`. Raises: RestError."""
    value = _whole(request, name, default)
    if not low <= value <= high:
        raise RestError(400, f"{name} is from {low} to {high}")
    return value


def read_time(written: str) -> datetime:
    """A time as filters write it, in UTC. Raises: RestError."""
    for shape in ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%d %H:%M", "%Y-%m-%d"):
        try:
            return datetime.strptime(written, shape).replace(tzinfo=UTC)
        except ValueError:
            continue
    raise RestError(400, "a time has the form YYYY-MM-DD HH:MM[:SS[.uuuuuu]]")


def not_found() -> RestError:
    """The answer for something that is not there."""
    return RestError(404, "not found")


def wrong_method() -> RestError:
    """The answer for a method that the resource does not know."""
    return RestError(405, "this method is not allowed here")


def _whole(request: RestRequest, name: str, default: int) -> int:
    value = text(request, name)
    if value is None:
        return default
    if not re.fullmatch(r"-?[0-9]{1,9}", value):
        raise RestError(400, f"{name} must be a whole number")
    return int(value)
