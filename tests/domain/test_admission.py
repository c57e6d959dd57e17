"""Who comes in."""

from dataclasses import replace
from datetime import timedelta

import pytest

from softphone.domain.admission import (
    PROOF_TRIES,
    Admission,
    AdmissionFacts,
    AdmissionState,
    Admitted,
    Asked,
    Blocked,
    MustProve,
    TooMany,
    decide_admission,
    decide_proof,
)
from softphone.domain.privacy import HotlinePrivacy
from tests.clock import NOON

LIMITS = HotlinePrivacy(caller_calls_per_hour=3, all_calls_per_hour=10, check_above=5)
FACTS = AdmissionFacts(asked=None, blocked_until=None, by_caller=0, in_all=0, lately=0, limits=LIMITS, digits="0417")
PROVING = Asked(state=AdmissionState.PROVING, digits="0417", tries=1)


@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        ({}, Admitted()),
        ({"by_caller": 2, "in_all": 9, "lately": 4}, Admitted()),
        ({"by_caller": 3}, TooMany()),
        ({"in_all": 10}, TooMany()),
        ({"lately": 5}, MustProve("0417")),
        ({"lately": 5, "by_caller": 3}, TooMany()),
        ({"blocked_until": NOON + timedelta(seconds=1)}, Blocked()),
        ({"blocked_until": NOON}, Admitted()),
        ({"blocked_until": NOON + timedelta(hours=1), "by_caller": 3}, Blocked()),
        ({"by_caller": 99, "in_all": 99, "lately": 99, "limits": HotlinePrivacy(caller_calls_per_hour=0)}, Admitted()),
    ],
    ids=[
        "nobody called yet",
        "below every limit",
        "called too often",
        "all called too often",
        "flooded",
        "flooded by this caller",
        "blocked",
        "block just over",
        "blocked and too often",
        "no limits",
    ],
)
def test_a_call_comes_in_unless_something_says_no(changes: dict[str, object], answer: Admission) -> None:
    """The block first, then the caller's own limit, then the hotline's, then the check."""
    facts = replace(FACTS, **changes)  # type: ignore[arg-type]  # each value is its field's

    assert decide_admission(facts, now=NOON) == answer


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        (Asked(state=AdmissionState.ADMITTED, digits="", tries=0), Admitted()),
        (Asked(state=AdmissionState.PROVING, digits="1234", tries=0), MustProve("1234")),
        (Asked(state=AdmissionState.FAILED, digits="1234", tries=3), TooMany()),
    ],
    ids=["let in", "proving", "failed"],
)
def test_a_call_that_asks_again_gets_the_answer_it_had(asked: Asked, answer: Admission) -> None:
    """Even when the limits are reached meanwhile; but a block made during the call counts."""
    facts = replace(FACTS, asked=asked, by_caller=99, in_all=99, lately=99)

    assert decide_admission(facts, now=NOON) == answer
    assert decide_admission(replace(facts, blocked_until=NOON + timedelta(hours=1)), now=NOON) == Blocked()


@pytest.mark.parametrize(
    ("asked", "pressed", "answer"),
    [
        (PROVING, "0417", Admitted()),
        (PROVING, "0418", MustProve("9999", again=True)),
        (PROVING, "", MustProve("9999", again=True)),
        (replace(PROVING, tries=PROOF_TRIES), "0418", TooMany()),
        (replace(PROVING, tries=PROOF_TRIES), "0417", Admitted()),
        (replace(PROVING, state=AdmissionState.FAILED), "0417", TooMany()),
        (replace(PROVING, state=AdmissionState.ADMITTED), "", Admitted()),
        (None, "0417", TooMany()),
    ],
    ids=["right", "wrong", "nothing", "wrong once too often", "right at last", "had failed", "was in", "never asked"],
)
def test_the_digits_that_were_spoken_let_a_caller_in(asked: Asked | None, pressed: str, answer: Admission) -> None:
    """Three tries, each with new digits; then a sentence."""
    assert decide_proof(asked, pressed, digits="9999") == answer
