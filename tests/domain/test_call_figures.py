"""Figures that an administrator can trust."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from softphone.domain.call_figures import (
    SLOT,
    Slot,
    Tally,
    Waits,
    buckets,
    calendar,
    quantile,
    seconds_waited,
    tally_of,
    together,
)
from softphone.domain.hotline_calls import CallEnding

BERLIN, KATHMANDU = "Europe/Berlin", "Asia/Kathmandu"


def waits(ending: CallEnding, seconds: int | None, calls: int = 1) -> Waits:
    """Some callers."""
    return Waits(ending=ending, seconds=seconds, calls=calls)


def slot(moment: str, zone: str = BERLIN) -> Slot:
    """A call at a moment in UTC."""
    since = datetime.fromisoformat(moment).replace(tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return Slot(zone, since // SLOT, Tally(answered=1))


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        ([], 0.5, None),
        ([7], 0.5, 7),
        ([1, 9], 0.5, 1),
        ([1, 5, 9], 0.5, 5),
        (list(range(1, 11)), 0.9, 9),
        (list(range(1, 11)), 1.0, 10),
    ],
    ids=["nothing", "one", "two", "three", "p90", "all"],
)
def test_a_quantile_is_a_value_that_was_measured(values: list[int], share: float, expected: int | None) -> None:
    """The nearest rank: nobody waited between two callers."""
    assert quantile(dict.fromkeys(values, 1), share) == expected


def test_every_ending_is_counted_once() -> None:
    """And the share is of those who were let in."""
    counted = tally_of(waits(ending, 1) for ending in CallEnding)

    assert counted == Tally(answered=1, missed=3, voicemail=1, turned_away=2)
    assert counted.calls == len(CallEnding)
    assert counted.share_answered == 0.2
    assert Tally(turned_away=3).share_answered is None
    assert together([counted, counted]).calls == 2 * len(CallEnding)


def test_who_was_turned_away_did_not_wait() -> None:
    """A flood that is turned away must not make the median look good."""
    found = seconds_waited(
        [
            waits(CallEnding.ANSWERED, 10, 2),
            waits(CallEnding.MESSAGE, 180),
            waits(CallEnding.TOO_MANY, 0, 500),
            waits(CallEnding.GAVE_UP, None),
        ]
    )

    assert found == {10: 2, 180: 1}


def test_each_wait_is_in_one_bucket() -> None:
    """The last has no end."""
    made = buckets([waits(CallEnding.ANSWERED, 9), waits(CallEnding.ANSWERED, 10), waits(CallEnding.GAVE_UP, 5000)])

    assert [(one.since, one.until, one.calls, one.answered) for one in made if one.calls] == [
        (0, 10, 1, 1),
        (10, 20, 1, 1),
        (600, None, 1, 0),
    ]
    assert all(one.until == other.since for one, other in pairwise(made))


def test_hours_are_the_hotlines_own_through_the_changes_of_the_clock() -> None:
    """Berlin: 01:30 UTC is 03:30 in the night that loses an hour, and 02:30 comes twice in the night that gains one."""
    spring, autumn = "2026-03-29T01:30", ["2026-10-25T00:30", "2026-10-25T01:30"]

    made = calendar([slot(spring), *(slot(one) for one in autumn)])

    sunday = [hour.calls for hour in made.week[6]]
    assert (sunday[3], sunday[2], sum(sunday)) == (1, 2, 3)
    assert [(day, one.calls) for day, one in made.days] == [(date(2026, 3, 29), 1), (date(2026, 10, 25), 2)]


def test_an_offset_of_three_quarters_lies_in_one_hour() -> None:
    """Kathmandu is 5:45 ahead: 18:15 UTC is its midnight."""
    made = calendar([slot("2026-03-01T18:00", KATHMANDU), slot("2026-03-01T18:15", KATHMANDU)])

    assert (made.week[6][23].calls, made.week[0][0].calls) == (1, 1)
    assert [day for day, _ in made.days] == [date(2026, 3, 1), date(2026, 3, 1) + timedelta(days=1)]
