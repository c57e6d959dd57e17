"""Ring me: what becomes of a test call, and how it is said."""

from datetime import timedelta

import pytest

from softphone.domain.ids import EndpointId, VolunteerId
from softphone.domain.ring_tests import (
    BY_THOUSAND,
    UNKNOWN,
    WORDS,
    RingState,
    RingTest,
    answered,
    confirmed,
    ended,
    in_words,
    ring_body,
    without_news,
)
from tests.clock import NOON

CALLING = RingTest(
    id="t1",
    endpoint_id=EndpointId("e1"),
    asked_by=VolunteerId("v-ana"),
    state=RingState.CALLING,
    device="Zoiper 5.6",
    started_at=NOON,
)
LATER = NOON + timedelta(seconds=1.8)


def test_an_answer_is_told_with_device_and_time() -> None:
    """From the call to the key."""
    picked_up = answered(CALLING, now=LATER)

    assert in_words(CALLING) == "Ringing Zoiper 5.6."
    assert in_words(picked_up) == "Answered by Zoiper 5.6 after 1.8 s."
    assert in_words(confirmed(picked_up)).startswith("Answered by Zoiper 5.6 after 1.8 s. The key was heard")
    assert ring_body(picked_up)["answered_after_seconds"] == 1.8


def test_a_second_answer_changes_nothing() -> None:
    """Plivo may ask twice."""
    picked_up = confirmed(answered(CALLING, now=LATER))

    assert answered(picked_up, now=LATER + timedelta(seconds=9)) == picked_up


def test_an_end_without_a_key_says_so() -> None:
    """The phone rang, but sound may go one way only."""
    over = ended(answered(CALLING, now=LATER), code=4000, now=LATER)

    assert over.state is RingState.ANSWERED
    assert "No key was heard" in in_words(over)


def test_a_key_before_an_answer_proves_nothing() -> None:
    """Late news in the wrong order."""
    assert confirmed(CALLING) == CALLING


@pytest.mark.parametrize("code", [*WORDS, 1099, 2999, 3999, 5000, 7011, 8011, 4000, 0, None])
def test_every_end_has_a_sentence(code: int | None) -> None:
    """By code, else by its thousand (`wire.md` 4.6)."""
    over = ended(CALLING, code=code, now=LATER)

    assert over.state is RingState.FAILED
    assert in_words(over) in {*WORDS.values(), *BY_THOUSAND.values(), UNKNOWN}
    assert ended(over, code=3010, now=LATER) == over


def test_silence_is_told_as_such() -> None:
    """A call that nothing was heard of is not waited for for ever."""
    assert without_news(CALLING, now=NOON + timedelta(seconds=119)) == CALLING
    late = without_news(CALLING, now=NOON + timedelta(seconds=120))

    assert late.state is RingState.FAILED
    assert in_words(late) == "Plivo has told nothing of the call. Try again."
