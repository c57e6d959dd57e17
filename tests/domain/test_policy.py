"""One function decides WebRTC, and each switch alone turns it off."""

from dataclasses import replace

import pytest

from softphone.domain.policy import WebRTCAllowed, WebRTCOff, WebRTCReason, webrtc_decision
from tests.connections import connection
from tests.people import volunteer


@pytest.mark.tm("TM-T8")
def test_with_everything_on_the_phone_is_allowed_on_that_connection() -> None:
    """The decision carries the connection, so that nobody looks for another one."""
    assert webrtc_decision(volunteer(), connection()) == WebRTCAllowed(connection())


@pytest.mark.tm("TM-T8")
def test_each_switch_alone_turns_the_phone_off() -> None:
    """And says which one, and what to do."""
    cases = [
        (volunteer(), None, WebRTCReason.NO_CONNECTION),
        (volunteer(), replace(connection(), webrtc_enabled=False), WebRTCReason.CONNECTION_OFF),
        (volunteer(webrtc_enabled=False), connection(), WebRTCReason.VOLUNTEER_OFF),
        (volunteer(active=False), connection(), WebRTCReason.INACTIVE),
    ]
    for person, line, reason in cases:
        decision = webrtc_decision(person, line)

        assert isinstance(decision, WebRTCOff)
        assert decision.reason is reason
        assert decision.message.endswith(".")
