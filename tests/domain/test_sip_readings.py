"""What Plivo says of a SIP phone, and what it makes of the registrations that are known."""

from datetime import datetime, timedelta

import pytest

from softphone.domain.ids import DeviceId, EndpointId, RegistrationId
from softphone.domain.registration import Begin, Continue, End, EndReason, Ignore, Registration, begun, ended
from softphone.domain.sip_readings import (
    NotRegistered,
    Registered,
    combine_reading,
    in_doubt,
    report_of,
    sip_device_label,
    sip_reachable,
)
from tests.clock import NOON

ZOIPER = DeviceId("sip-zoiper")
LINPHONE = DeviceId("sip-linphone")


def reading(device: DeviceId = ZOIPER, until: datetime | None = NOON + timedelta(seconds=120)) -> Registered:
    """A device is signed in."""
    return Registered(device_id=device, user_agent="Z 5.6.4", expires_at=until)


def known(device: DeviceId = ZOIPER, until: datetime = NOON + timedelta(seconds=100)) -> Registration:
    """A registration that began at noon."""
    report = report_of(reading(device, until), now=NOON)
    return begun(report, id=RegistrationId("r"), endpoint_id=EndpointId("e"), generation=1, label="Zoiper 5.6")


def test_the_first_device_begins_a_registration() -> None:
    """Nobody is displaced."""
    assert combine_reading(None, reading(), now=NOON) == Begin(None)


def test_the_same_device_goes_on() -> None:
    """With the expiry that Plivo tells now, also when the last one has run out unseen."""
    later = NOON + timedelta(minutes=5)

    outcome = combine_reading(known(), reading(until=later + timedelta(seconds=90)), now=later)

    assert isinstance(outcome, Continue)
    assert outcome.registration.expires_at == later + timedelta(seconds=90)
    assert outcome.registration.registered_at == NOON


def test_another_device_displaces() -> None:
    """Plivo rings the one that registered last."""
    assert combine_reading(known(), reading(LINPHONE), now=NOON) == Begin(known())


def test_a_phone_that_is_gone_ends_its_registration() -> None:
    """Once; the second reading changes nothing."""
    outcome = combine_reading(known(), NotRegistered(), now=NOON)

    assert outcome == End(ended(known(), EndReason.GONE, now=NOON))
    assert isinstance(outcome, End)
    assert combine_reading(outcome.registration, NotRegistered(), now=NOON) == Ignore()
    assert combine_reading(outcome.registration, reading(), now=NOON) == Begin(None)


@pytest.mark.parametrize(("past", "stale"), [(59, False), (60, True), (3600, True)])
def test_a_registration_that_plivo_has_not_cleared_is_not_believed(past: int, stale: bool) -> None:
    """ "true" with an expiry a minute ago is false (`rest.md` 3.3)."""
    outcome = combine_reading(None, reading(until=NOON - timedelta(seconds=past)), now=NOON)

    assert isinstance(outcome, Ignore) is stale


def test_an_expiry_that_cannot_be_read_is_the_usual_one() -> None:
    """Two minutes."""
    assert report_of(reading(until=None), now=NOON).expires_in == timedelta(seconds=120)


def test_an_expiry_far_ahead_is_cut() -> None:
    """No registration is believed for longer than a day."""
    assert report_of(reading(until=NOON + timedelta(days=900)), now=NOON).expires_in == timedelta(days=1)


@pytest.mark.parametrize(
    ("after", "rings", "doubt"),
    [(99, True, False), (109, True, False), (111, True, True), (699, True, True), (700, False, False)],
)
def test_a_phone_nobody_could_look_at_rings_in_doubt_for_a_while(after: int, rings: bool, doubt: bool) -> None:
    """Ringing in vain does no harm; not ringing may. After ten minutes it is forgotten."""
    now = NOON + timedelta(seconds=after)

    assert sip_reachable(known(), now=now) is rings
    assert in_doubt(known(), now=now) is doubt


def test_a_phone_that_was_seen_gone_does_not_ring() -> None:
    """There is no doubt."""
    gone = ended(known(), EndReason.GONE, now=NOON)

    assert not sip_reachable(gone, now=NOON)
    assert not in_doubt(gone, now=NOON)
    assert not sip_reachable(None, now=NOON)


@pytest.mark.parametrize(
    ("agent", "label"),
    [
        ("Z 5.6.4 v2.10.20.4", "Zoiper 5.6"),
        ("Zoiper rv2.10.11.2", "Zoiper 2.10"),
        ("Linphone/5.1.65 (belle-sip/5.1.65)", "Linphone 5.1"),
        ("LinphoneAndroid/5.2.3 (Pixel) LinphoneSDK/5.3", "Linphone 5.2"),
        ("X-Lite release 4.9.8 stamp 84253", "X-Lite 4"),
        ("Bria Solo release 6.5.1", "Bria 6.5"),
        ("MicroSIP/3.21.3", "MicroSIP 3.21"),
        ("baresip v1.0.0 (x86_64/linux)", "baresip 1.0"),
        ("Telephone 1.1.4", "Telephone 1.1"),
        ("Yealink SIP-T46S 66.85.0.5", "Yealink SIP-T46S 66.85.0.5"),
        ("", "Unknown phone"),
        ("\x00\x1b[31mred\n" + "x" * 200, "[31mred " + "x" * 52),
    ],
)
def test_a_device_is_named_as_its_owner_knows_it(agent: str, label: str) -> None:
    """The program and its version; else its own words, fit to be shown."""
    assert sip_device_label(agent) == label
