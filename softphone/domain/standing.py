"""Why a volunteer's phone rings for a caller, or why not: one reason for each person, as routing found it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from softphone.domain.ids import VolunteerId


class Phone(StrEnum):
    """What of a volunteer's can ring."""

    BROWSER = "browser"
    SIP = "sip"
    PRIVATE = "private"


class Why(StrEnum):
    """The one reason. `RINGS` is the only one that rings."""

    RINGS = "rings"
    # The person.
    INACTIVE = "inactive"
    NO_RIGHT = "no_right"
    AWAY = "away"
    IN_CALL = "in_call"
    WRAP_UP = "wrap_up"
    RINGING = "ringing"
    # Their phones.
    WEBRTC_OFF = "webrtc_off"
    WEBRTC_OFF_FOR_THEM = "webrtc_off_for_them"
    NO_PHONE = "no_phone"
    UNREACHABLE = "unreachable"
    # This caller, now.
    CLOSED = "closed"
    WAITED = "waited"
    DECLINED = "declined"
    SPOKE_BEFORE = "spoke_before"
    OTHER_LANGUAGE = "other_language"
    OTHERS_FIRST = "others_first"
    PRIVATE_LATER = "private_later"
    APPS_FIRST = "apps_first"
    PAUSE = "pause"


BUSY = frozenset({Why.IN_CALL, Why.WRAP_UP, Why.RINGING})
"""Reasons that pass by themselves soon, so that a caller is held rather than sent to a message."""

WORDS: Mapping[Why, str] = {
    Why.RINGS: "Their phone rings.",
    Why.INACTIVE: "Their account is switched off.",
    Why.NO_RIGHT: "They are not a member of this hotline.",
    Why.AWAY: "They are away.",
    Why.IN_CALL: "They are in a call.",
    Why.WRAP_UP: "They are in the pause after a call.",
    Why.RINGING: "Their phone rings for another caller.",
    Why.WEBRTC_OFF: "The browser phone is switched off for everybody, and they have no other phone that can ring.",
    Why.WEBRTC_OFF_FOR_THEM: "The browser phone is switched off for them, and they have no other phone that can ring.",
    Why.NO_PHONE: "They have no phone set up yet.",
    Why.UNREACHABLE: "They are on duty, but none of their phones is signed in.",
    Why.CLOSED: "The hotline is closed.",
    Why.WAITED: "The caller has reached the longest wait and leaves a message instead.",
    Why.DECLINED: "They declined this call, and others can still answer.",
    Why.SPOKE_BEFORE: "The caller is first offered to the volunteer they spoke to a few minutes ago.",
    Why.OTHER_LANGUAGE: "Volunteers who speak the caller's language ring first.",
    Why.OTHERS_FIRST: "Others are first in this round.",
    Why.PRIVATE_LATER: "Their private phone rings when nobody has answered in a browser or softphone.",
    Why.APPS_FIRST: "Their browser or softphone has rung; now private phones ring.",
    Why.PAUSE: "Their phone rings when the pause between rounds is over.",
}
"""What an administrator reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where one volunteer stands for this caller at this moment. Its `phones` ring; there are none but for `RINGS`."""

    volunteer_id: VolunteerId
    name: str
    why: Why
    phones: tuple[Phone, ...]
