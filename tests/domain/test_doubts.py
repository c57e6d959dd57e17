"""Who would really hear a caller."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from softphone.domain.candidates import Known, Line
from softphone.domain.doubts import OWN_WORDS, WORDS, Doubt, LastRing, PageSign, doubt_about
from softphone.domain.endpoints import EndpointKind
from softphone.domain.hotline_calls import Leg
from softphone.domain.ids import DeviceId, EndpointId, EndpointUsername, RegistrationId
from softphone.domain.registration import EndReason, Registration
from softphone.domain.secret import Secret
from softphone.domain.standing import Phone
from softphone.domain.volunteers import Availability
from tests.clock import NOON
from tests.connections import connection
from tests.people import volunteer

HOUR = timedelta(hours=1)
ANA = volunteer("ana", at=NOON - HOUR)


def registration(**changes: Any) -> Registration:
    """A browser that signed in half an hour ago and is good for a minute."""
    values: dict[str, Any] = {
        "id": RegistrationId("r-1"),
        "endpoint_id": EndpointId("e-1"),
        "generation": 1,
        "device_id": DeviceId("device-1"),
        "device_label": "Firefox, Linux",
        "user_agent": "test",
        "registered_at": NOON - HOUR / 2,
        "refreshed_at": NOON,
        "expires_at": NOON + timedelta(minutes=1),
        "ended_at": None,
        "end_reason": None,
    }
    return Registration(**{**values, **changes})


def known(newest: Registration | None = None, **changes: Any) -> Known:
    """Ana, whose browser is signed in."""
    line = Line(kind=EndpointKind.BROWSER, username=EndpointUsername("ana1"), newest=newest or registration())
    values: dict[str, Any] = {
        "volunteer": ANA,
        "member": True,
        "lines": (line,),
        "private": None,
        "busy": None,
        "wrap_up_until": None,
        "idle_since": None,
    }
    return Known(**{**values, **changes})


def sign(seconds_ago: float = 5, device: str = "device-1") -> PageSign:
    """Ana's page was there."""
    return PageSign(volunteer_id=ANA.id, device_id=DeviceId(device), seen_at=NOON - timedelta(seconds=seconds_ago))


def ring(*legs: Leg, lasted: float = 20, **changes: Any) -> LastRing:
    """Her browser rang a minute ago, and her page said nothing of it."""
    began = NOON - timedelta(minutes=1)
    values: dict[str, Any] = {
        "began_at": began,
        "ended_at": began + timedelta(seconds=lasted),
        "phones": frozenset({Phone.BROWSER}),
        "heard": False,
        "legs": legs,
    }
    return LastRing(**{**values, **changes})


def leg(**changes: Any) -> Leg:
    """What was told of the leg to her browser."""
    values: dict[str, Any] = {"leg_uuid": "l-1", "volunteer_id": ANA.id, "phone": Phone.BROWSER, "ended_at": NOON}
    return Leg(**{**values, **changes})


def doubt(who: Known | None = None, *, seen: PageSign | None = None, last: LastRing | None = None) -> Doubt | None:
    """The doubt about her at noon."""
    return doubt_about(who or known(), connection(), sign=seen, last=last, now=NOON)


def test_a_volunteer_whose_page_answers_and_rang_is_not_doubted() -> None:
    """Nor one who was never rung, nor one whose page is of a kind that says nothing."""
    assert doubt(seen=sign(), last=ring(heard=True)) is None
    assert doubt(seen=sign()) is None
    assert doubt(seen=None, last=ring()) is None


@pytest.mark.parametrize(("ago", "expected"), [(59.9, None), (60, Doubt.PAGE_SILENT)], ids=["still", "too long"])
def test_a_page_that_stops_answering_is_doubted(ago: float, expected: Doubt | None) -> None:
    """After a minute, although its registration is still good: before the next caller finds out."""
    assert doubt(seen=sign(ago)) is expected


def test_the_silence_of_another_device_says_nothing() -> None:
    """The page that counts is that of the device that rings."""
    assert doubt(seen=sign(3600, "device-2"), last=ring()) is None


@pytest.mark.parametrize(
    "newest",
    [
        registration(expires_at=NOON - timedelta(seconds=10)),
        registration(ended_at=NOON - HOUR / 4, end_reason=EndReason.GONE),
        registration(ended_at=NOON - timedelta(seconds=15), end_reason=EndReason.RELOAD),
    ],
    ids=["run out", "page closed", "never came back"],
)
def test_somebody_on_duty_without_a_registration_is_doubted(newest: Registration) -> None:
    """Unless they have just come on duty, are away, or asked to be rung at a telephone of their own."""
    just_come = replace(ANA, availability_since=NOON - timedelta(seconds=29))

    assert doubt(known(newest)) is Doubt.REGISTRATION_STALE
    assert doubt(known(newest, volunteer=just_come)) is None
    assert doubt(known(newest, volunteer=replace(ANA, availability=Availability.AWAY))) is None
    assert doubt(known(newest, volunteer=replace(ANA, active=False))) is None
    assert doubt(known(newest, private=Secret("14155550177"))) is None


def test_a_reload_is_no_doubt() -> None:
    """The page is back within seconds."""
    assert doubt(known(registration(ended_at=NOON - timedelta(seconds=5), end_reason=EndReason.RELOAD))) is None


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        (ring(), Doubt.RING_NOT_HEARD),
        (ring(ended_at=None), Doubt.RING_NOT_HEARD),
        (ring(leg(hangup_code=9000)), Doubt.RING_NOT_HEARD),
        (ring(leg(hangup_code=3000)), Doubt.RING_NOT_HEARD),
        (ring(leg(hangup_code=2020)), Doubt.RING_FAILED),
        (ring(leg(hangup_code=5000), lasted=1), Doubt.RING_FAILED),
        (ring(leg(hangup_code=3070)), Doubt.RING_FAILED),
        (ring(lasted=4.9), None),
        (ring(heard=True), None),
        (ring(leg(answered_at=NOON)), None),
        (ring(leg(hangup_code=3110)), None),
        (ring(phones=frozenset({Phone.SIP})), None),
        (ring(began_at=NOON - HOUR * 2), None),
        (ring(began_at=NOON - HOUR * 0.75), None),
    ],
    ids=[
        "silent",
        "rings in vain",
        "lost race",
        "rang out",
        "not registered",
        "network",
        "timed out",
        "short",
        "heard",
        "answered",
        "declined",
        "only a softphone",
        "before this duty",
        "before this registration",
    ],
)
def test_a_ring_that_no_page_reported_is_doubted(last: LastRing, expected: Doubt | None) -> None:
    """Whoever answers or declines has heard it; whoever signed in anew since has begun anew."""
    assert doubt(seen=sign(), last=last) is expected


def test_every_doubt_has_its_words() -> None:
    """For both who read them."""
    assert WORDS.keys() == OWN_WORDS.keys() == set(Doubt)
