"""What an administrator may write into a connection, with the common mistakes explained."""

import re
import string

import phonenumbers

from softphone.domain.errors import InvalidInput
from softphone.domain.ids import AuthId, PhoneNumber
from softphone.domain.secret import Secret

TOKEN_LENGTH = 40  # rest.md 1.2
MOST_NUMBERS = 200
_AUTH_ID = re.compile(r"(?:MA|SA)[A-Z0-9]{18}")
_TOKEN = re.compile(r"[A-Za-z0-9+/=_-]{40}")
_NUMBER = re.compile(r"[1-9][0-9]{6,14}")  # E.164: 15 digits at most, no leading zero
_SPACING = re.compile(r"[\s().\-/\u00a0\u2010-\u2013]")
CONSOLE = "Copy it from the overview page of the Plivo console."


def read_name(text: str) -> str:
    """The name of a connection."""
    name = " ".join(text.split())
    if not 1 <= len(name) <= 80 or not name.isprintable():
        raise InvalidInput("The name has 1 to 80 characters.", field="name")
    return name


def read_auth_id(text: str) -> AuthId:
    """An Auth ID. The commonest mistake is the e-mail address that one signs in to the console with."""
    auth_id = text.strip()
    if "@" in auth_id:
        message = f"This is an e-mail address. The Auth ID is 20 characters and begins with MA. {CONSOLE}"
        raise InvalidInput(message, field="auth_id", code="auth_id_is_email")
    if not _AUTH_ID.fullmatch(auth_id):
        message = (
            "The Auth ID is 20 capital letters and digits and begins with MA, or with SA where it is a sub-account's."
            f" {CONSOLE}"
        )
        raise InvalidInput(message, field="auth_id", code="auth_id_shape")
    return AuthId(auth_id)


def is_sub_account(auth_id: AuthId) -> bool:
    """True for a sub-account: it sees only the numbers that its main account has given it (`rest.md` 18.2)."""
    return auth_id.startswith("SA")


def read_auth_token(text: str) -> Secret:
    """An Auth Token. The failure never repeats what was pasted."""
    token = text.strip()
    if _AUTH_ID.fullmatch(token):
        message = f"This is an Auth ID. The Auth Token stands below it and has 40 characters. {CONSOLE}"
        raise InvalidInput(message, field="auth_token", code="auth_token_shape")
    if not _TOKEN.fullmatch(token):
        message = f"The Auth Token has {TOKEN_LENGTH} characters without spaces. {CONSOLE}"
        raise InvalidInput(message, field="auth_token", code="auth_token_shape")
    return Secret(token)


def read_country(text: str, *, field: str) -> str:
    """An ISO 3166 code that has a numbering plan."""
    code = text.strip().upper()
    if code not in phonenumbers.SUPPORTED_REGIONS:
        raise InvalidInput("Countries are written with two letters, such as US or DE.", field=field, code="country")
    return code


def read_number(text: str, *, field: str) -> PhoneNumber:
    """A number of the connection as digits with its country code; spaces, a plus and the like are taken off."""
    digits = _SPACING.sub("", text).removeprefix("+")
    if not _NUMBER.fullmatch(digits):
        message = "Write numbers with their country code, such as +1 415 555 0100."
        raise InvalidInput(message, field=field, code="number_not_understood")
    return PhoneNumber(digits)


def read_numbers(texts: list[str]) -> tuple[PhoneNumber, ...]:
    """The numbers of a connection, each once."""
    if len(texts) > MOST_NUMBERS:
        raise InvalidInput(f"A connection has at most {MOST_NUMBERS} numbers.", field="numbers")
    return tuple(dict.fromkeys(read_number(text, field="numbers") for text in texts))


def read_caller_id(text: str | None, numbers: tuple[PhoneNumber, ...]) -> PhoneNumber | None:
    """The caller ID: one of the connection's own numbers and nothing else (threat model, TM-F5)."""
    if text is None or not text.strip():
        return None
    caller_id = read_number(text, field="caller_id")
    if caller_id not in numbers:
        message = "The caller ID must be one of the numbers of this connection."
        raise InvalidInput(message, field="caller_id", code="caller_id_not_ours")
    return caller_id


def read_lifetime(seconds: int) -> int:
    """How long a token lives, in seconds (`wire.md` 1.7)."""
    if not 180 <= seconds <= 86_400:
        message = "A token lives 180 seconds to 24 hours (86400 seconds)."
        raise InvalidInput(message, field="token_lifetime_seconds", code="token_lifetime")
    return seconds


def slug(name: str) -> str:
    """A name as it can stand in a callback URL: `[a-z0-9-]`, at most 24."""
    kept = "".join(c if c in string.ascii_lowercase + string.digits else "-" for c in name.lower())
    return re.sub(r"-+", "-", kept)[:24].strip("-") or "connection"
