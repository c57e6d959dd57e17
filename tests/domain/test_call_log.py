"""What became of each phone that rang."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from softphone.domain.call_log import FATE_WORDS, Fate, Period, fate_of, leg_of
from softphone.domain.hotline_calls import Leg, Round, Rung
from softphone.domain.ids import VolunteerId
from softphone.domain.routing import Last
from softphone.domain.standing import Phone
from tests.clock import NOON

ANA = Rung(VolunteerId("v-ana"), Phone.BROWSER, "a1")
BEN = Rung(VolunteerId("v-ben"), Phone.BROWSER, "b1")


def round_at(step: int, seconds: float, *rung: Rung, over: bool = True) -> Round:
    """A half of a round that began so many seconds after noon."""
    began = NOON + timedelta(seconds=seconds)
    return Round(
        step=step,
        number=step,
        half=Last.APPS,
        rung=rung,
        began_at=began,
        ends_at=began + timedelta(seconds=20),
        ended_at=began + timedelta(seconds=20) if over else None,
    )


def leg(name: str, seconds: float, **changes: Any) -> Leg:
    """A leg to Ana of which the end was told so many seconds after noon."""
    values: dict[str, Any] = {
        "leg_uuid": name,
        "volunteer_id": ANA.volunteer_id,
        "phone": ANA.phone,
        "ended_at": NOON + timedelta(seconds=seconds),
    }
    return Leg(**{**values, **changes})


def test_each_round_has_its_own_leg() -> None:
    """Rung twice, she declined the first time: the second is not taken for it."""
    rounds = [round_at(1, 0, ANA, BEN), round_at(2, 30, BEN), round_at(3, 60, ANA)]
    legs = [leg("first", 5), leg("second", 70)]

    found = [leg_of(ANA, made, rounds, legs) for made in (rounds[0], rounds[2])]

    assert [one.leg_uuid if one else None for one in found] == ["first", "second"]
    assert leg_of(BEN, rounds[0], rounds, legs) is None


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (leg("l", 1, answered_at=NOON), Fate.ANSWERED),
        (leg("l", 1, answered_at=NOON, hangup_code=9000), Fate.LOST_RACE),
        (leg("l", 1, hangup_code=9000), Fate.LOST_RACE),
        (leg("l", 1, hangup_code=3110), Fate.DECLINED),
        (leg("l", 1, hangup_code=2020), Fate.NOT_REACHED),
        (leg("l", 1, hangup_code=3000), Fate.NO_ANSWER),
        (leg("l", 1), Fate.NO_ANSWER),
        (None, Fate.STOPPED),
    ],
    ids=["answered", "answered too late", "lost", "declined", "not there", "rang out", "no code", "nothing told"],
)
def test_a_fate_follows_from_what_was_told(told: Leg | None, expected: Fate) -> None:
    """One word for each phone."""
    assert fate_of(told, round_at(1, 0, ANA)) is expected


def test_a_phone_of_an_open_round_rings() -> None:
    """Until something else is told."""
    assert fate_of(None, round_at(1, 0, ANA, over=False)) is Fate.RINGING
    assert FATE_WORDS.keys() == set(Fate)


def test_days_are_whole_in_their_zone() -> None:
    """The day on which Berlin loses an hour has 23."""
    period = Period.of_days(date(2026, 3, 29), date(2026, 3, 29), "Europe/Berlin")

    assert period.since == datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert period.until - period.since == timedelta(hours=23)
