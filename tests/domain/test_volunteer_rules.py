"""What may be written about a volunteer."""

import pytest

from softphone.domain.errors import InvalidInput
from softphone.domain.volunteer_rules import (
    check_password,
    next_extension,
    read_extension,
    read_languages,
    read_login,
    read_name,
)
from softphone.domain.volunteers import Role


def test_a_login_is_lower_case() -> None:
    """People do not remember how they wrote it."""
    assert read_login(" Ana.Ruiz@Example.org ") == "ana.ruiz@example.org"


@pytest.mark.parametrize("text", ["", "a", "ana ruiz", "aña", "a" * 65, "ana\n.", "../x"])
def test_other_logins_are_refused_by_field(text: str) -> None:
    """The page shows the sentence beside the field."""
    with pytest.raises(InvalidInput) as raised:
        read_login(text)

    assert raised.value.field == "login"


def test_a_name_keeps_its_letters_and_loses_its_blanks() -> None:
    """Names are of any language."""
    assert read_name("  Zoë \t  Müller ") == "Zoë Müller"


@pytest.mark.parametrize("text", ["", "   ", "a" * 81, "A\u202ena", "A\x00na", "A\u200bna"])
def test_names_that_cannot_be_seen_are_refused(text: str) -> None:
    """A direction mark or a zero-width blank could make one person look like another."""
    with pytest.raises(InvalidInput):
        read_name(text)


@pytest.mark.parametrize("text", ["1", "123456", "12a", "٣٤٥", ""])
def test_an_extension_is_two_to_five_digits(text: str) -> None:
    """Digits of a telephone's keys."""
    assert read_extension(" 0101 ") == "0101"
    with pytest.raises(InvalidInput):
        read_extension(text)


def test_the_next_extension_is_the_first_gap() -> None:
    """From 101 on."""
    assert next_extension(()) == "101"
    assert next_extension({"101", "102", "104", "7"}) == "103"


def test_languages_are_codes_best_first_and_once() -> None:
    """BCP 47, as far as needed."""
    assert read_languages(["es", "en", "es", "pt-BR"]) == ("es", "en", "pt-BR")
    with pytest.raises(InvalidInput):
        read_languages(["español"])
    with pytest.raises(InvalidInput):
        read_languages(["e n"])


@pytest.mark.parametrize(
    "password",
    [
        "short one",
        "aaaaaaaaaaaabbbbbb",
        "Password for 2026",
        "qwertyuiop[]asdf",
        "our hotline rocks",
        "ana likes the sea",
        "correct horse battery staple",
        "x" * 257,
    ],
    ids=["short", "few letters", "password", "keyboard", "hotline", "own name", "famous", "endless"],
)
def test_weak_passwords_are_refused_with_a_reason(password: str) -> None:
    """Whoever guesses begins with these."""
    with pytest.raises(InvalidInput) as raised:
        check_password(password, role=Role.VOLUNTEER, login="ana", name="Ana Ruiz")

    assert raised.value.code == "weak_password"
    assert password not in raised.value.message


def test_an_administrator_needs_a_longer_one() -> None:
    """12 characters for volunteers, 15 for administrators."""
    check_password("green tea 4u", role=Role.VOLUNTEER, login="ben", name="Ben")

    with pytest.raises(InvalidInput):
        check_password("green tea 4u", role=Role.ADMIN, login="ben", name="Ben")
