"""Opening hours: local times, nights, holidays, and the changes of the clock."""

from datetime import UTC, date, datetime, time

import pytest

from softphone.domain.hotline import Holiday, OpenSpan
from softphone.domain.hours import open_at
from tests.hotlines import hotline

NIGHTS = tuple(OpenSpan(weekday=day, opens=time(18), closes=time(2)) for day in range(7))
SATURDAY_NIGHT = (OpenSpan(weekday=5, opens=time(1, 30), closes=time(3, 30)),)
SUNDAY = tuple(OpenSpan(weekday=6, opens=opens, closes=closes) for opens, closes in [(time(1), time(2, 30))])
EARLY = (OpenSpan(weekday=6, opens=time(2, 30), closes=time(4)),)


def at(text: str) -> datetime:
    """A moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-20T22:59:59", False),
        ("2026-11-20T23:00", True),
        ("2026-11-21T06:59:59", True),
        ("2026-11-21T07:00", False),
        # In summer New York is an hour nearer to UTC.
        ("2026-07-01T22:00", True),
        ("2026-07-01T21:59:59", False),
    ],
)
def test_a_night_ends_on_the_next_day(moment: str, is_open: bool) -> None:
    """18:00 to 02:00 in New York, whatever the offset is."""
    assert open_at(hotline(hours=NIGHTS), at(moment)) is is_open


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        # New York goes forward on 2026-03-08: 02:00 becomes 03:00, at 07:00 UTC.
        ("2026-03-08T06:59:59", False),
        ("2026-03-08T07:29:59", False),
        ("2026-03-08T07:30", True),
        ("2026-03-08T07:59:59", True),
        ("2026-03-08T08:00", False),
    ],
)
def test_an_hour_that_is_jumped_over_begins_with_the_new_time(moment: str, is_open: bool) -> None:
    """02:30 does not exist that night: it is half past three by the new clock. 04:00 is 08:00 UTC."""
    assert open_at(hotline(hours=EARLY), at(moment)) is is_open


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        # New York goes back on 2026-11-01: 01:00 to 02:00 comes twice, from 05:00 and from 06:00 UTC.
        ("2026-11-01T04:59:59", False),
        ("2026-11-01T05:00", True),
        ("2026-11-01T06:30", True),
        ("2026-11-01T07:29:59", True),
        ("2026-11-01T07:30", False),
    ],
)
def test_an_hour_that_comes_twice_is_open_both_times(moment: str, is_open: bool) -> None:
    """01:00 to 02:30 lasts two and a half hours that night."""
    assert open_at(hotline(hours=SUNDAY), at(moment)) is is_open


def test_a_holiday_begins_no_span_and_cuts_none_off() -> None:
    """The night before runs to its end; the evening of the day does not begin."""
    line = hotline(hours=NIGHTS, holidays=(Holiday(date(2026, 12, 25), "Christmas"),))

    assert open_at(line, at("2026-12-25T06:30")) is True
    assert open_at(line, at("2026-12-26T00:00")) is False
    assert open_at(line, at("2026-12-26T06:30")) is False
    assert open_at(line, at("2026-12-26T23:30")) is True


def test_round_the_clock_is_always_but_on_holidays() -> None:
    """None is every hour of the week; no span at all is never."""
    line = hotline(holidays=(Holiday(date(2026, 12, 25), ""),))

    assert open_at(line, at("2026-12-25T04:59:59")) is True
    assert open_at(line, at("2026-12-25T05:00")) is False
    assert open_at(line, at("2026-12-26T05:00")) is True
    assert open_at(hotline(hours=()), at("2026-12-24T12:00")) is False


@pytest.mark.parametrize("zone", ["Asia/Kathmandu", "Pacific/Apia", "Australia/Lord_Howe", "America/St_Johns", "UTC"])
def test_a_whole_day_has_no_gap_in_any_zone(zone: str) -> None:
    """Every half hour of a year, through every change of the clock."""
    line = hotline(time_zone=zone)
    start = at("2026-01-01T00:00").timestamp()

    shut = [t for t in range(0, 366 * 86_400, 1800) if not open_at(line, datetime.fromtimestamp(start + t, UTC))]

    assert shut == []
