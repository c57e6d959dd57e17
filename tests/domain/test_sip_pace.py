"""How often SIP phones are looked at."""

from datetime import timedelta

import pytest

from softphone.domain.sip_pace import back_off, round_every


@pytest.mark.parametrize(
    ("phones", "every"), [(0, timedelta(minutes=5)), (1, timedelta(seconds=15)), (600, timedelta(seconds=60))]
)
def test_many_phones_are_looked_at_more_slowly(phones: int, every: timedelta) -> None:
    """Never more than ten requests a second; rarely when nobody waits."""
    assert round_every(phones) == every


@pytest.mark.parametrize(
    ("failures", "chance", "seconds"), [(1, 0.0, 7.5), (1, 1.0, 15), (3, 1.0, 60), (30, 1.0, 300), (30, 0.0, 150)]
)
def test_plivo_is_left_alone_longer_each_time(failures: int, chance: float, seconds: float) -> None:
    """Doubling, half of it by chance, capped."""
    assert back_off(failures, chance=chance, retry_after=None) == timedelta(seconds=seconds)


def test_what_plivo_asks_for_is_a_least() -> None:
    """`Retry-After`, also above our own cap."""
    assert back_off(1, chance=0.0, retry_after=900) == timedelta(seconds=900)
