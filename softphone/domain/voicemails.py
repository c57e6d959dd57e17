"""Messages that callers leave: new, taken by one volunteer at a time, done.

new --take--> taken --done--> done
 ^--release---'
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from softphone.domain.callers import CallerId
from softphone.domain.errors import Conflict, NotAllowed
from softphone.domain.ids import ConnectionId, VolunteerId
from softphone.domain.volunteers import Availability, Role, Volunteer

LONGEST_MESSAGE = timedelta(seconds=180)
SHORTEST_MESSAGE = timedelta(seconds=1)
TAKEN_FOR = timedelta(minutes=30)
"""After this a message that somebody took and left is free for others."""
MESSAGE_DAY = timedelta(days=1)


class VoicemailState(StrEnum):
    """Where a message stands."""

    NEW = "new"
    TAKEN = "taken"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Voicemail:
    """A message by reference: the sound itself is at Plivo, at `media_path` if Plivo named a usable one.

    Units: `seconds` as Plivo counts them, None until it says.
    """

    id: str
    connection_id: ConnectionId
    recording_id: str
    call_uuid: str
    hotline_id: str
    caller: CallerId
    language: str
    media_path: str | None
    seconds: int | None
    left_at: datetime
    taken_by: VolunteerId | None
    taken_by_name: str | None
    taken_at: datetime | None
    done_at: datetime | None
    hotline_name: str | None = None

    def state(self, *, now: datetime) -> VoicemailState:
        """Where it stands now."""
        if self.done_at is not None:
            return VoicemailState.DONE
        taken = self.taken_at is not None and now < self.taken_at + TAKEN_FOR
        return VoicemailState.TAKEN if taken else VoicemailState.NEW


def is_message(seconds: int | None) -> bool:
    """True unless a recording is known to hold nothing. A length that nobody has told yet may be a message."""
    return seconds is None or seconds >= SHORTEST_MESSAGE.total_seconds()


def check_may_hear(volunteer: Volunteer) -> None:
    """Messages are for those on duty, and for administrators.

    Raises: NotAllowed.
    """
    if volunteer.role is not Role.ADMIN and volunteer.availability is not Availability.ON_DUTY:
        raise NotAllowed(code="not_on_duty", message="Messages are for those on duty. Go on duty first.")


def check_take(voicemail: Voicemail, who: VolunteerId, *, now: datetime) -> None:
    """One person at a time.

    Raises: Conflict if it is done, or somebody else has it.
    """
    name = voicemail.taken_by_name or "Somebody"
    match voicemail.state(now=now):
        case VoicemailState.DONE:
            raise Conflict(code="message_done", message=f"{name} has marked this message as done already.")
        case VoicemailState.TAKEN if voicemail.taken_by != who:
            raise Conflict(code="message_taken", message=f"{name} has taken this message. Choose another one.")


def check_held(voicemail: Voicemail, who: VolunteerId, *, now: datetime) -> None:
    """Only who has a message may say that it is done, or give it back.

    Raises: Conflict.
    """
    check_take(voicemail, who, now=now)
    if voicemail.state(now=now) is not VoicemailState.TAKEN:
        raise Conflict(code="message_not_taken", message="Take the message first.")
