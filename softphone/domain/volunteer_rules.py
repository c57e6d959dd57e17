"""What may be written about a volunteer: each rule reads a text into the value that is stored."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from softphone.domain.errors import Conflict, InvalidInput
from softphone.domain.volunteers import Role

LOGIN = re.compile(r"[a-z0-9._@+-]{2,64}")
EXTENSION = re.compile(r"[0-9]{2,5}")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")  # RFC 5646 2.1, as far as a hotline needs it
LONGEST_NAME = 80
MOST_LANGUAGES = 12
FIRST_EXTENSION = 101
LAST_EXTENSION = 99999

SHORTEST_PASSWORD = 12  # threat model, section 4
SHORTEST_ADMIN_PASSWORD = 15
LONGEST_PASSWORD = 256
FEWEST_DIFFERENT = 5
"""A password of fewer different characters is a pattern, however long."""


def read_login(text: str) -> str:
    """What a person signs in with, in lower case.

    Raises: InvalidInput.
    """
    login = text.strip().lower()
    if not LOGIN.fullmatch(login):
        raise InvalidInput("A login has 2 to 64 letters a to z, digits or . _ @ + -", field="login")
    return login


def read_name(text: str) -> str:
    """A name as it is shown, without control characters and with single spaces.

    Raises: InvalidInput.
    """
    name = " ".join(text.split())
    unseen = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}  # What cannot be seen could make one person look like another.
    if not 1 <= len(name) <= LONGEST_NAME or any(unicodedata.category(c) in unseen for c in name):
        raise InvalidInput(f"A name has 1 to {LONGEST_NAME} visible characters.", field="name")
    return name


def read_extension(text: str) -> str:
    """What colleagues dial.

    Raises: InvalidInput.
    """
    extension = text.strip()
    if not EXTENSION.fullmatch(extension):
        raise InvalidInput("An extension has 2 to 5 digits.", field="extension")
    return extension


def next_extension(taken: Iterable[str]) -> str:
    """The lowest free extension from 101 on.

    Raises: Conflict if there is none.
    """
    used = set(taken)
    for number in range(FIRST_EXTENSION, LAST_EXTENSION + 1):
        if str(number) not in used:
            return str(number)
    raise Conflict(code="no_extension_left", message="Every extension is in use.")


def read_languages(texts: Sequence[str]) -> tuple[str, ...]:
    """Languages, best first, each once.

    Raises: InvalidInput.
    """
    languages = tuple(dict.fromkeys(text.strip() for text in texts))
    if len(languages) > MOST_LANGUAGES or not all(LANGUAGE.fullmatch(language) for language in languages):
        raise InvalidInput("Languages are codes such as en, es or pt-BR.", field="languages")
    return languages


def min_password_length(role: Role) -> int:
    """How long a password must be at least."""
    return SHORTEST_ADMIN_PASSWORD if role is Role.ADMIN else SHORTEST_PASSWORD


def check_password(password: str, *, role: Role, login: str, name: str) -> None:
    """Accept a password that is worth hashing: long, not common, not made from the name.

    Raises: InvalidInput with the code `weak_password`; the message says what to change.
    """
    shortest = min_password_length(role)
    if len(password) < shortest:
        raise _weak(f"A password needs at least {shortest} characters. Three or four words do well.")
    if len(password) > LONGEST_PASSWORD:
        raise _weak(f"A password has at most {LONGEST_PASSWORD} characters.")
    lowered = password.casefold()
    if len(set(lowered)) < FEWEST_DIFFERENT:
        raise _weak("This password repeats too few characters. Use other words.")
    own = {part for part in (login.split("@")[0], *name.casefold().split()) if len(part) >= 3}
    if any(part in lowered for part in own):
        raise _weak("Leave your name and login out of the password.")
    letters = re.sub(r"[^a-z]", "", lowered)
    if any(word in lowered for word in COMMON_PARTS) or letters in COMMON_WORDS:
        raise _weak("This password is one that strangers try first. Use other words.")


def _weak(message: str) -> InvalidInput:
    return InvalidInput(message, field="password", code="weak_password")


COMMON_PARTS = (
    "password",
    "passwort",
    "passw0rd",
    "p@ssw",
    "contraseña",
    "contrasena",
    "motdepasse",
    "hotline",
    "softphone",
    "telephone",
    "volunteer",
    "qwerty",
    "qwertz",
    "azerty",
    "asdfgh",
    "1q2w3e",
    "1qaz2wsx",
    "123456",
    "654321",
    "abcdef",
    "111111",
    "000000",
    "letmein",
    "changeme",
    "iloveyou",
)
"""What the passwords that strangers try first are made of. Whoever needs one of these can surely do without."""

COMMON_WORDS = frozenset(
    {
        "administrator",
        "adminadmin",
        "adminadminadmin",
        "welcomewelcome",
        "welcomehome",
        "trustnoone",
        "trustnobody",
        "helloworld",
        "helloworldhello",
        "monkeymonkey",
        "dragondragon",
        "footballfootball",
        "baseballbaseball",
        "princessprincess",
        "sunshinesunshine",
        "supermansuperman",
        "letmeinletmein",
        "correcthorsebatterystaple",
        "thequickbrownfox",
        "thequickbrownfoxjumpsoverthelazydog",
        "loremipsumdolorsitamet",
        "tobeornottobe",
        "maytheforcebewithyou",
        "abracadabra",
        "supercalifragilisticexpialidocious",
        "opensesameopensesame",
        "iloveyousomuch",
        "summersummer",
        "winterwinter",
        "testtesttest",
        "secretsecret",
        "masterpassphrase",
    }
)
"""Common long ones, by their letters alone: digits and signs around them do not make them better."""
