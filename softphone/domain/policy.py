"""The one function that decides whether the browser phone may be used.

Tokens, the list of who rings, the answer URL and the page's status all ask it; nothing asks anything else, so that a
switch that is off is off everywhere at once (threat model, TM-T8).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from softphone.domain.connections import Connection
from softphone.domain.volunteers import Volunteer


class WebRTCReason(StrEnum):
    """Why the browser phone is off."""

    NO_CONNECTION = "no_connection"
    CONNECTION_OFF = "connection_off"
    VOLUNTEER_OFF = "volunteer_off"
    INACTIVE = "inactive"


@dataclass(frozen=True, slots=True)
class WebRTCAllowed:
    """The browser phone may be used, on this connection."""

    connection: Connection


@dataclass(frozen=True, slots=True)
class WebRTCOff:
    """The browser phone may not be used; `message` says to the volunteer why and what to do."""

    reason: WebRTCReason
    message: str


WebRTCDecision = WebRTCAllowed | WebRTCOff


def webrtc_decision(volunteer: Volunteer, connection: Connection | None) -> WebRTCDecision:
    """Decide whether this volunteer may use the browser phone on this connection, now.

    The volunteer's own state is looked at first: an inactive person learns nothing about the connection.
    """
    if not volunteer.active:
        return _off(WebRTCReason.INACTIVE)
    if connection is None:
        return _off(WebRTCReason.NO_CONNECTION)
    if not connection.webrtc_enabled:
        return _off(WebRTCReason.CONNECTION_OFF)
    if not volunteer.webrtc_enabled:
        return _off(WebRTCReason.VOLUNTEER_OFF)
    return WebRTCAllowed(connection)


def _off(reason: WebRTCReason) -> WebRTCOff:
    return WebRTCOff(reason, _message(reason))


def _message(reason: WebRTCReason) -> str:
    match reason:
        case WebRTCReason.NO_CONNECTION:
            return "No phone connection is set up yet. Ask an administrator to add one."
        case WebRTCReason.CONNECTION_OFF:
            return "An administrator has switched the browser phone off for everybody."
        case WebRTCReason.VOLUNTEER_OFF:
            return "An administrator has switched the browser phone off for you."
        case WebRTCReason.INACTIVE:
            return "Your account is switched off. Ask an administrator."
        case _:
            assert_never(reason)
