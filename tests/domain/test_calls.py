"""What is told about a call makes one record, however it comes."""

from datetime import timedelta
from itertools import permutations

import pytest

from softphone.domain.calls import CallState, Fact, FactKind, Outcome, fold
from tests.clock import NOON

ORDER = (CallState.RINGING, CallState.ANSWERED, CallState.ENDED)


def fact(kind: FactKind, word: str, second: int, **told: object) -> Fact:
    """A fact that was heard some seconds after noon."""
    fields: dict[str, object] = {
        "key": f"leg-0001:{word}" if kind is FactKind.LEG else "",
        "joined": False,
        "seconds": None,
        "code": None,
        "cause": "",
        "source": "",
        "at": NOON + timedelta(seconds=second),
    }
    return Fact(kind=kind, word=word, **{**fields, **told})  # type: ignore[arg-type]  # each value is its field's


TALK = (
    fact(FactKind.LEG, "answer", 5, joined=True),
    fact(FactKind.LEG, "connected", 6, joined=True),
    fact(FactKind.LEG, "hangup", 36, joined=True, seconds=30, code=4000, cause="NORMAL_HANGUP", source="Callee"),
    fact(FactKind.DIALLED, "completed", 37, joined=True, cause="NORMAL_HANGUP"),
    fact(FactKind.HANGUP, "completed", 38, seconds=31, code=4010, cause="END_OF_XML", source="Plivo"),
)
BUSY = (
    fact(FactKind.LEG, "hangup", 5, code=3010, cause="USER_BUSY", source="Carrier"),
    fact(FactKind.DIALLED, "busy", 6, cause="USER_BUSY"),
    fact(FactKind.HANGUP, "completed", 7, seconds=0, code=4010, cause="END_OF_XML", source="Plivo"),
)
LEFT = (
    fact(FactKind.LEG, "hangup", 5, code=1000, cause="CANCELLED", source="Caller"),
    fact(FactKind.DIALLED, "cancel", 6),
    fact(FactKind.HANGUP, "completed", 7, seconds=0, code=4000, cause="NORMAL_HANGUP", source="Caller"),
)


@pytest.mark.tm("TM-W9")
@pytest.mark.parametrize(
    ("story", "outcome"),
    [(TALK, Outcome.ANSWERED), (BUSY, Outcome.BUSY), (LEFT, Outcome.CANCELLED)],
    ids=["talk", "busy", "left"],
)
def test_six_events_in_any_order_make_one_record(story: tuple[Fact, ...], outcome: Outcome) -> None:
    """All permutations, repeats among them."""
    events = (story * 2)[:6]

    records = {fold(order) for order in permutations(events)}

    (record,) = records
    assert (record.state, record.outcome) == (CallState.ENDED, outcome)
    assert record == fold(story)


@pytest.mark.tm("TM-W9")
def test_a_call_never_goes_back() -> None:
    """Whatever is heard next, the state stays or moves forward, and it moves whatever got lost."""
    for order in permutations(TALK):
        states = [ORDER.index(fold(order[:known]).state) for known in range(len(order) + 1)]

        assert states == sorted(states)
        assert states[0] == 0
        assert states[-1] == len(ORDER) - 1


@pytest.mark.tm("TM-W9")
@pytest.mark.parametrize("lost", range(len(TALK)))
def test_what_is_lost_on_the_way_changes_no_outcome(lost: int) -> None:
    """Any one of the callbacks may never come."""
    record = fold(TALK[:lost] + TALK[lost + 1 :])

    assert (record.state, record.outcome) == (CallState.ENDED, Outcome.ANSWERED)
    assert record.seconds in {30, 31}


@pytest.mark.parametrize(
    ("told", "outcome"),
    [
        ([fact(FactKind.HANGUP, "completed", 9, code=4000, source="Caller")], Outcome.CANCELLED),
        ([fact(FactKind.HANGUP, "completed", 9, code=4010, source="Plivo")], Outcome.FAILED),
        ([fact(FactKind.DIALLED, "timeout", 9)], Outcome.NO_ANSWER),
        ([fact(FactKind.LEG, "hangup", 9, code=3020, cause="CALL_REJECTED")], Outcome.DECLINED),
        ([fact(FactKind.LEG, "hangup", 9, cause="NO_ANSWER")], Outcome.NO_ANSWER),
        ([fact(FactKind.LEG, "hangup", 9, code=2000)], Outcome.FAILED),
    ],
)
def test_why_nobody_answered(told: list[Fact], outcome: Outcome) -> None:
    """Plivo's codes and words as one of ours (`wire.md` 4.6)."""
    assert fold(told).outcome is outcome


def test_a_call_that_is_only_asked_about_rings() -> None:
    """Nothing told yet."""
    assert fold([]).state is CallState.RINGING
