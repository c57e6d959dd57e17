"""The device that registered last is the one that rings, whatever the order things are said in."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from softphone.domain.ids import DeviceId, EndpointId, RegistrationId
from softphone.domain.registration import (
    EXPIRY_GRACE,
    RELOAD_GRACE,
    Begin,
    Continue,
    End,
    EndReason,
    Ignore,
    Registration,
    Report,
    State,
    begun,
    combine,
    device_label,
    war_pause,
)
from tests.clock import NOON

LIFE = timedelta(seconds=120)


def report(device: str, state: State, *, after: float = 0, reason: str = "") -> Report:
    """What a device says, some seconds after noon."""
    return Report(
        device_id=DeviceId(device),
        user_agent="",
        state=state,
        expires_in=LIFE,
        reason=reason,
        at=NOON + timedelta(seconds=after),
    )


def replay(reports: list[Report]) -> list[Registration | None]:
    """The newest registration after each report."""
    newest: Registration | None = None
    generation, seen = 0, []
    for one in reports:
        match combine(newest, one):
            case Begin():
                generation += 1
                newest = begun(
                    one,
                    id=RegistrationId(str(generation)),
                    endpoint_id=EndpointId("e"),
                    generation=generation,
                )
            case Continue(registration) | End(registration):
                newest = registration
            case Ignore():
                pass
        seen.append(newest)
    return seen


REPORTS = st.lists(
    st.tuples(
        st.sampled_from(["device-a", "device-b", "device-c"]),
        st.sampled_from(list(State)),
        st.integers(0, 50),
        st.sampled_from(["", "reload", "pagehide", "logout"]),
    ),
    max_size=30,
)


def timeline(drawn: list[tuple[str, State, int, str]]) -> list[Report]:
    """Reports in the order they were heard, with the gaps between them."""
    at, made = 0, []
    for device, state, gap, reason in drawn:
        at += gap
        made.append(report(device, state, after=at, reason=reason))
    return made


@pytest.mark.tm("TM-T9")
@given(REPORTS)
def test_the_newest_is_always_the_one_that_registered_last(drawn: list[tuple[str, State, int, str]]) -> None:
    """In any order of anything, `registered` makes its device the newest, and nothing else takes that away."""
    reports = timeline(drawn)

    for said, newest in zip(reports, replay(reports), strict=True):
        if said.state is State.REGISTERED:
            assert newest is not None
            assert newest.device_id == said.device_id
            assert newest.reachable(said.at)


@given(REPORTS)
def test_what_is_said_twice_has_one_effect(drawn: list[tuple[str, State, int, str]]) -> None:
    """A report that is delivered twice at once leaves what the first left."""
    once = timeline(drawn)
    twice = [one for one in once for _ in range(2)]

    assert replay(twice)[1::2] == replay(once)


@given(REPORTS)
def test_generations_never_go_back(drawn: list[tuple[str, State, int, str]]) -> None:
    """The newest of later is never older than the newest of before."""
    generations = [one.generation for one in replay(timeline(drawn)) if one]

    assert generations == sorted(generations)


@pytest.mark.tm("TM-T9")
def test_a_refresh_of_a_displaced_device_does_not_make_it_current() -> None:
    """Not even when the newer device has gone."""
    seen = replay(
        [
            report("device-a", State.REGISTERED),
            report("device-b", State.REGISTERED, after=1),
            report("device-a", State.REFRESHED, after=2),
            report("device-b", State.GONE, after=3),
            report("device-a", State.REFRESHED, after=4),
        ]
    )

    assert [one.device_id for one in seen if one][1:] == ["device-b"] * 4


@pytest.mark.parametrize("word", ["reload", "pagehide", "PageHide "])
def test_a_reload_is_not_gone(word: str) -> None:
    """The device stays reachable for a moment, and coming back it is the same registration."""
    seen = replay(
        [
            report("device-a", State.REGISTERED),
            report("device-a", State.GONE, after=5, reason=word),
            report("device-a", State.REGISTERED, after=8),
        ]
    )

    gone, back = seen[1], seen[2]
    assert gone is not None
    assert back is not None
    assert gone.reachable(NOON + timedelta(seconds=6))
    assert not gone.reachable(NOON + timedelta(seconds=5) + RELOAD_GRACE)
    assert (back.generation, back.ended_at) == (1, None)


def test_gone_is_gone_at_once() -> None:
    """A device that signed out does not ring, and a late refresh does not bring it back."""
    seen = replay(
        [
            report("device-a", State.REGISTERED),
            report("device-a", State.GONE, after=5, reason="logout"),
            report("device-a", State.REFRESHED, after=6),
        ]
    )

    assert seen[2] is not None
    assert seen[2].end_reason is EndReason.GONE
    assert not seen[2].reachable(NOON + timedelta(seconds=6))


def test_a_registration_runs_out_with_a_little_grace() -> None:
    """A refresh may be on its way when the time is up."""
    only = replay([report("device-a", State.REGISTERED)])[0]

    assert only is not None
    assert only.reachable(NOON + LIFE)
    assert not only.reachable(NOON + LIFE + EXPIRY_GRACE)


@pytest.mark.tm("TM-T9")
@pytest.mark.parametrize(
    ("begun_before", "expected"),
    [([], None), ([10], None), ([50, 10], timedelta(seconds=10)), ([60, 10], None), ([70, 61, 59], None)],
)
def test_a_device_registers_twice_a_minute_at_most(begun_before: list[int], expected: timedelta | None) -> None:
    """The third within 60 s waits until the first of the two is a minute old."""
    moments = [NOON - timedelta(seconds=seconds) for seconds in begun_before]

    assert war_pause(moments, now=NOON) == expected


@pytest.mark.parametrize(
    ("user_agent", "label"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge, Windows",
        ),
        ("Mozilla/5.0 (Macintosh) AppleWebKit/605 Version/18 Safari/605", "Safari, macOS"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36", "Chrome, Android"),
        ("curl/8", "Unknown device"),
        ("", "Unknown device"),
    ],
)
def test_a_device_has_a_name_that_people_know(user_agent: str, label: str) -> None:
    """Browser and system; nothing of the User-Agent itself is shown."""
    assert device_label(user_agent) == label
