"""SIP phones: names, keys, user names, aliases, pauses."""

from datetime import timedelta

import pytest

from softphone.domain.errors import InvalidInput, PlivoFailure, PlivoUnavailable
from softphone.domain.ids import EndpointId
from softphone.domain.sip_phones import (
    LONGEST_PAUSE,
    alias_of,
    is_refused_program,
    pause_after,
    read_label,
    read_send_digits,
    username_prefix,
    was_refused,
)


@pytest.mark.parametrize("text", ["", "   ", "x" * 41, "\x00\x01"])
def test_a_device_must_have_a_name(text: str) -> None:
    """One to forty characters that can be seen."""
    with pytest.raises(InvalidInput) as refused:
        read_label(text)

    assert refused.value.field == "label"


def test_a_name_is_kept_without_control_characters() -> None:
    """It stands on one line."""
    assert read_label("  Desk\n\tphone ") == "Desk phone"


@pytest.mark.parametrize(
    ("text", "keys"),
    [(None, None), ("", None), ("  ", None), ("ww123#", "ww123#"), (" 0*9 ", "0*9"), ("1" * 32, "1" * 32)],
)
def test_keys_are_read(text: str | None, keys: str | None) -> None:
    """Nothing is no keys."""
    assert read_send_digits(text) == keys


@pytest.mark.parametrize("text", ["www", "12a", "1@1000", "1" * 33, "1,2", '1"', "W1", "١٢"])
def test_what_is_no_key_is_refused(text: str) -> None:
    """Waiting alone presses nothing, and nothing but keys may enter the document."""
    with pytest.raises(InvalidInput) as refused:
        read_send_digits(text)

    assert refused.value.field == "send_digits"


@pytest.mark.parametrize("login", ["ana", "9lives", "a.very-long_login+with@marks.example", "___", "ÅsaÖ"])
def test_a_user_name_begins_as_plivo_demands(login: str) -> None:
    """Letters and digits, a letter first, 25 at most (`wire.md` 5.2)."""
    prefix = username_prefix(login, "0a1b2c")

    assert prefix.isascii()
    assert prefix.isalnum()
    assert prefix[0].isalpha()
    assert len(prefix) <= 25
    assert prefix.endswith("0a1b2c")


@pytest.mark.parametrize(("login", "label"), [("ana", "Desk phone"), ("x" * 64, "é" * 40), ("..", "☎")])
def test_an_alias_is_plain_and_names_the_phone_by_our_id(login: str, label: str) -> None:
    """What every source agrees that Plivo takes: letters and digits, 50 at most."""
    alias = alias_of(login, label, EndpointId("0123456789abcdef0123"))

    assert alias.isascii()
    assert alias.isalnum()
    assert len(alias) <= 50
    assert alias.endswith("0123456789abcdef0123")


def test_a_task_that_fails_rests_longer_each_time() -> None:
    """Up to ten minutes."""
    pauses = [pause_after(tries) for tries in range(1, 12)]

    assert pauses[:3] == [timedelta(seconds=15), timedelta(seconds=30), timedelta(seconds=60)]
    assert pauses[-1] == LONGEST_PAUSE
    assert pauses == sorted(pauses)


@pytest.mark.parametrize(
    ("error", "certain"),
    [
        (PlivoFailure(status=400), True),
        (PlivoFailure(status=401), True),
        (PlivoUnavailable(status=429), True),
        (PlivoUnavailable(status=500), False),
        (PlivoUnavailable(), False),
        (PlivoFailure(code="plivo_not_understood"), False),
    ],
    ids=["400", "401", "429", "500", "no answer", "garbage"],
)
def test_only_a_no_is_certain(error: PlivoFailure, certain: bool) -> None:
    """Whatever else came back, Plivo may have done it."""
    assert was_refused(error) is certain


@pytest.mark.parametrize(
    ("agent", "refused"), [("VaxSIPUserAgent/3.1", True), ("Ozeki Phone", True), ("Zoiper 5", False), ("ozeki", False)]
)
def test_programs_that_plivo_refuses_are_known(agent: str, refused: bool) -> None:
    """As Plivo writes them (`wire.md` 5.3)."""
    assert is_refused_program(agent) is refused
