"""Who a caller is, and who nobody is."""

from datetime import timedelta

import pytest

from softphone.domain.callers import (
    CALLER_ID,
    PseudonymKey,
    is_spent,
    is_withheld,
    label_of,
    pseudonym,
    read_caller_number,
    withheld_id,
)
from softphone.domain.ids import PhoneNumber
from tests.clock import NOON

KEY = PseudonymKey(number=1, key=bytes(32), made_at=NOON)
OTHER_KEY = PseudonymKey(number=2, key=bytes([1]) * 32, made_at=NOON)


@pytest.mark.parametrize(
    "text",
    ["+14155550111", "14155550111", "0014155550111", " 14155550111 ", "sip:14155550111@1.2.3.4", "tel:+14155550111"],
)
def test_one_number_is_one_number_however_it_is_written(text: str) -> None:
    """Plivo writes it with and without the plus (`wire.md` 4.1)."""
    assert read_caller_number(text) == "14155550111"


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "anonymous",
        "Anonymous",
        "restricted",
        "unavailable",
        "unknown",
        "private",
        "+266696687",
        "7378742833",
        "86282452253",
        "0",
        "0000000000",
        "100",
        "1234567890123456",
        "sip:anonymous@anonymous.invalid",
        "sip:switchboard@pbx.example",
        "\u0661\u0664\u0661\u0665\u0665\u0665\u0665\u0660\u0661\u0661\u0661",
    ],
)
def test_what_is_no_number_is_withheld(text: str | None) -> None:
    """However a carrier says it; nobody is made one person with somebody else by a name they share."""
    assert read_caller_number(text) is None


def test_a_pseudonym_holds_for_one_number_and_one_key() -> None:
    """The same number under the same key, and nothing else, is the same caller."""
    one = pseudonym(PhoneNumber("14155550111"), KEY)

    assert one == pseudonym(PhoneNumber("14155550111"), KEY)
    assert len({one, pseudonym(PhoneNumber("14155550112"), KEY), pseudonym(PhoneNumber("14155550111"), OTHER_KEY)}) == 3
    assert CALLER_ID.fullmatch(one)
    assert not is_withheld(one)


def test_a_withheld_number_is_known_for_one_call() -> None:
    """Every callback of one call is of one caller; two calls are of two."""
    one = withheld_id("call-0001", bytes(32))

    assert one == withheld_id("call-0001", bytes(32))
    assert one != withheld_id("call-0002", bytes(32))
    assert is_withheld(one)
    assert CALLER_ID.fullmatch(one)


def test_a_label_is_short_and_says_nothing_of_the_number() -> None:
    """Four hexadecimal digits of the id. Two callers may share one; their ids tell them apart."""
    caller = pseudonym(PhoneNumber("14155550111"), KEY)

    assert label_of(caller) == f"Caller {caller[1:5].upper()}"
    assert len(label_of(caller)) == len("Caller 7F3A")


@pytest.mark.parametrize(("after", "spent"), [(29.9, False), (30, True)], ids=["in its time", "over"])
def test_a_key_is_spent_when_its_period_is_over(after: float, spent: bool) -> None:
    """The period that the administrator chose, to the moment."""
    assert is_spent(KEY, period=timedelta(days=30), now=NOON + timedelta(days=after)) is spent
