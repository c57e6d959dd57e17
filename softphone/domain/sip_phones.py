"""SIP phones: endpoints that a softphone or a desk phone signs in to with a user name and a password.

Plivo rings only the device that registered last, so each device of a volunteer gets an endpoint of its own, named by
the device. What is still to be done at Plivo stands in the row as a task until it is done, so that nothing is lost:

    (new) ──make──► ready ──password──► ready ──remove──► (gone)
            │ answer lost            lock ┘ (a disabled volunteer: tried until Plivo has done it)
            └──look──► ready, or given up where Plivo never had it
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from softphone.domain.endpoints import Endpoint
from softphone.domain.errors import InvalidInput, PlivoFailure
from softphone.domain.ids import EndpointId

LONGEST_LABEL = 40
LONGEST_PREFIX = 25  # wire.md 5.2: what may be asked for; Plivo appends digits, and the whole is the user name.
LONGEST_ALIAS = 50
MOST_PHONES = 5
"""Of one volunteer."""
CLAIM = timedelta(seconds=60)
"""A task that somebody is at is left alone that long: longer than any request to Plivo with its repeats."""
FIRST_PAUSE = timedelta(seconds=15)
LONGEST_PAUSE = timedelta(minutes=10)
LOOKS = 4
"""How often an endpoint whose answer was lost is looked for: over some four minutes."""
SET_UP_WITHIN = timedelta(minutes=10)
"""A phone that has its credentials and has not registered after this is followed up."""

_KEYS = re.compile(r"[0-9*#w]{1,32}")
_REFUSED = re.compile(r"(VaxSIPUserAgent|Ozeki)")  # wire.md 5.3


class Task(StrEnum):
    """What is still to be done at Plivo."""

    MAKE = "make"
    LOOK = "look"
    PASSWORD = "password"  # noqa: S105  # the word
    LOCK = "lock"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True, kw_only=True)
class SipPhone:
    """A SIP phone of a volunteer. `task_at` is when the task may be taken up, and tells one claim from another.

    `given_at` is when the password was last shown; None if no phone can know it. `missing` is true where Plivo said
    that it has no such endpoint. `problem` and `read_problem` are sentences, or None. `looked_at` is when Plivo
    was last asked about it, `read_at` when it last answered.
    """

    endpoint: Endpoint
    volunteer_name: str
    volunteer_active: bool
    label: str
    send_digits: str | None
    given_at: datetime | None
    followed_up_at: datetime | None
    task: Task | None
    task_at: datetime
    task_tries: int
    problem: str | None
    looked_at: datetime | None
    read_at: datetime | None
    read_problem: str | None
    missing: bool

    @property
    def state(self) -> str:
        """Where it stands, as pages know it."""
        match self.task:
            case Task.MAKE | Task.LOOK:
                return "being_made"
            case Task.PASSWORD | Task.LOCK:
                return "password_pending"
            case Task.REMOVE:
                return "being_removed"
            case None:
                return "missing_at_plivo" if self.missing else "ready"

    @property
    def usable(self) -> bool:
        """True if it can be set up and rung: made, and nothing pending."""
        return self.state == "ready" and self.endpoint.username is not None and self.volunteer_active

    def late(self, now: datetime) -> bool:
        """True if it has its credentials for longer than a set-up takes."""
        return self.given_at is not None and now >= self.given_at + SET_UP_WITHIN


def read_label(text: str) -> str:
    """The name of a device, with single spaces.

    Raises: InvalidInput.
    """
    label = " ".join("".join(" " if unicodedata.category(c).startswith("C") else c for c in text).split())
    if not 1 <= len(label) <= LONGEST_LABEL:
        raise InvalidInput("Name the device in 1 to 40 characters, such as Desk phone.", field="label")
    return label


def read_send_digits(text: str | None) -> str | None:
    """The keys to send once a phone has answered, `w` for half a second; None and "" are none.

    Raises: InvalidInput.
    """
    if not text or not (keys := text.strip()):
        return None
    if not _KEYS.fullmatch(keys) or not keys.strip("w"):
        message = "Keys are 0 to 9, * and #, with w for half a second of waiting: at most 32, such as ww123#."
        raise InvalidInput(message, field="send_digits")
    return keys


def username_prefix(login: str, drawn: str) -> str:
    """What Plivo is asked to begin a user name with: letters and digits, a letter first (`wire.md` 5.2)."""
    return (_plain(login).lower().lstrip("0123456789")[:12] or "phone") + drawn[:6]


def alias_of(login: str, label: str, endpoint_id: EndpointId) -> str:
    """How Plivo's console names the endpoint: whose it is, which device, and our id, which makes it the only one."""
    return f"{_plain(login)[:12]}{_plain(label)[:16]}{endpoint_id}"[:LONGEST_ALIAS]


def pause_after(tries: int) -> timedelta:
    """How long a task rests after so many failures."""
    doublings = min(max(0, tries - 1), 10)
    return min(FIRST_PAUSE * (1 << doublings), LONGEST_PAUSE)


def was_refused(error: PlivoFailure) -> bool:
    """True if Plivo certainly did nothing: it answered, and said no. Otherwise nobody knows."""
    return error.status is not None and 400 <= error.status < 500


def is_refused_program(user_agent: str) -> bool:
    """True for programs that Plivo does not let register (`wire.md` 5.3)."""
    return _REFUSED.search(user_agent) is not None


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text)
    return "".join(c for c in folded if c.isascii() and c.isalnum())
