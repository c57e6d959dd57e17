"""Whether a hotline is open at a moment: local times of the week, holidays, and the changes of the clock.

A span belongs to the local day on which it begins. When the clock goes forward over an opening time, the span begins
with the new time; when an hour comes twice, a span opens at the first of the two and closes at the last, so that
nobody is turned away in the hour that comes again.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from softphone.domain.hotline import Hotline, OpenSpan

DAY = timedelta(days=1)
MIDNIGHT = time(0)
WHOLE_WEEK = tuple(OpenSpan(weekday=day, opens=MIDNIGHT, closes=MIDNIGHT) for day in range(7))
"""Round the clock."""


def open_at(hotline: Hotline, now: datetime) -> bool:
    """True if the hotline takes calls at a moment, going by its hours and holidays alone: not by its closed switch."""
    zone = ZoneInfo(hotline.time_zone)
    today = now.astimezone(zone).date()
    free = {holiday.day for holiday in hotline.holidays}
    spans = WHOLE_WEEK if hotline.hours is None else hotline.hours
    # A span that began yesterday may run into today.
    return any(
        begins <= now < ends
        for day in (today - DAY, today)
        if day not in free
        for begins, ends in _spans_of(day, spans, zone)
    )


def _spans_of(day: date, spans: Iterable[OpenSpan], zone: ZoneInfo) -> Iterable[tuple[datetime, datetime]]:
    for span in spans:
        if span.weekday == day.weekday():
            last = day if span.closes > span.opens else day + DAY
            yield _moment(day, span.opens, zone, fold=0), _moment(last, span.closes, zone, fold=1)


def _moment(day: date, at: time, zone: ZoneInfo, *, fold: int) -> datetime:
    # A local time that the clock jumps over is read with the offset before the jump (PEP 495), whichever end it is.
    local = datetime.combine(day, at, tzinfo=zone)
    if _exists(local):
        local = local.replace(fold=fold)
    return local.astimezone(UTC)


def _exists(local: datetime) -> bool:
    back = local.astimezone(UTC).astimezone(local.tzinfo)
    return back.replace(tzinfo=None) == local.replace(tzinfo=None)
