"""What somebody dialled, read: a telephone number, a colleague, or neither.

Digits of any script count; what is doubtful is refused rather than guessed, because a wrong guess costs money or calls
a stranger (threat model, TM-F1).
"""

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import unquote

import phonenumbers
from phonenumbers import PhoneNumberType, shortnumberinfo

from softphone.domain.endpoints import SIP_DOMAIN
from softphone.domain.ids import AuthId, PhoneNumber
from softphone.domain.refusals import Refusal

MAX_CHARACTERS = 256
EVERYWHERE_EMERGENCY = frozenset({"112", "911", "999"})
"""Refused whatever the country: a mobile phone would connect them anywhere."""
NUMBER_SHAPE = re.compile(r"\+?\(?[0-9][0-9 ().\-/]*")
SHORT = re.compile(r"[0-9]{1,5}")
AUTH_SUFFIX = re.compile(r"_(MA|SA)[A-Z0-9]{18}$")
DIALLABLE_TYPES = frozenset(
    {
        PhoneNumberType.FIXED_LINE,
        PhoneNumberType.MOBILE,
        PhoneNumberType.FIXED_LINE_OR_MOBILE,
        PhoneNumberType.VOIP,
        PhoneNumberType.TOLL_FREE,
    }
)
"""Never premium rate, shared cost, personal numbers, pagers, voice mail, or what the numbering plan does not know."""
NO_COUNTRY = "001"  # phonenumbers: satellite, universal freephone and other numbers that belong to no country.
NANP = 1
# What the numbering plan's data counts as ordinary numbers, and what costs the caller all the same:
NANP_CALLER_PAYS_AREA = "600"  # Canada's non-geographic services, satellite phones among them.
NANP_PREMIUM_EXCHANGE = "976"  # Local premium rate.
NANP_DIRECTORY = "5551212"  # Directory assistance, charged by the question, in every area.


@dataclass(frozen=True, slots=True)
class ReadNumber:
    """A telephone number that exists, in the form Plivo writes, with its country."""

    number: PhoneNumber
    country: str


@dataclass(frozen=True, slots=True)
class ReadColleague:
    """Words that may name a colleague: an extension, a login, a name or an endpoint's user name. `otherwise` is why
    the call is refused if they name nobody.
    """

    words: str
    otherwise: Refusal = Refusal.NO_SUCH_COLLEAGUE


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Neither."""

    refusal: Refusal


Dialled = ReadNumber | ReadColleague | Unreadable


def read_dialled(text: str, *, country: str, auth_id: AuthId) -> Dialled:
    """What was dialled, read in a country."""
    if not text.strip() or len(text) > MAX_CHARACTERS:
        return Unreadable(Refusal.NUMBER_NOT_UNDERSTOOD)
    words = _plain(text)
    scheme, colon, rest = words.partition(":")
    if colon and scheme.lower() == "sip":
        return _read_address(rest, country=country, auth_id=auth_id)
    if colon and scheme.lower() == "tel":
        words = rest
    elif colon:
        return Unreadable(Refusal.NUMBER_NOT_UNDERSTOOD)
    return _read_words(words.strip(), country=country)


def _read_address(rest: str, *, country: str, auth_id: AuthId) -> Dialled:
    user, at, host = rest.partition("@")
    if not at or not user:
        return Unreadable(Refusal.NUMBER_NOT_UNDERSTOOD)
    if host.lower() == "app.plivo.com":
        # An application's address leads back to us or to another flow: a loop either way (TM-F4).
        return Unreadable(Refusal.OWN_NUMBER)
    if host.lower() != SIP_DOMAIN:
        return Unreadable(Refusal.NUMBER_NOT_UNDERSTOOD)
    plain = user.removesuffix(f"_{auth_id}")
    if AUTH_SUFFIX.search(plain):
        return Unreadable(Refusal.NO_SUCH_COLLEAGUE)
    return _read_words(_plain(unquote(plain)).strip(), country=country)


def _read_words(words: str, *, country: str) -> Dialled:
    if NUMBER_SHAPE.fullmatch(words) is None:
        if not any(character.isalpha() for character in words) or re.search(r"[;:,=<>?%*#]", words):
            return Unreadable(Refusal.NUMBER_NOT_UNDERSTOOD)
        return ReadColleague(words)
    digits = re.sub(r"[^0-9]", "", words)
    if digits in EVERYWHERE_EMERGENCY or shortnumberinfo.is_emergency_number(digits, country):
        return Unreadable(Refusal.EMERGENCY)
    if SHORT.fullmatch(words):
        known = len(words) == 1 or _is_short_number(words, country)
        return ReadColleague(words, Refusal.SHORT_CODE if known else Refusal.NO_SUCH_COLLEAGUE)
    return _read_number(words, digits, country=country)


def _read_number(words: str, digits: str, *, country: str) -> Dialled:
    # In this order: as the country itself would dial it, then the usual ways to write an international number, of
    # which Plivo drops the plus (`wire.md` 4.1).
    tries = [words] if words.startswith("+") else [words, *_international(digits)]
    for text in tries:
        if text.startswith(("+0", "+(0")):
            # No country code begins with a zero; phonenumbers would strip the zeros and guess.
            continue
        try:
            number = phonenumbers.parse(text, country)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number) and not number.extension:
            return _judged(number)
    parsed_short = len(digits) <= 6 and _is_short_number(digits, country)
    return Unreadable(Refusal.SHORT_CODE if parsed_short else Refusal.NUMBER_NOT_UNDERSTOOD)


def _judged(number: phonenumbers.PhoneNumber) -> Dialled:
    region = phonenumbers.region_code_for_number(number) or NO_COUNTRY
    national = str(number.national_number)
    costly = number.country_code == NANP and (
        national[:3] == NANP_CALLER_PAYS_AREA
        or national[3:6] == NANP_PREMIUM_EXCHANGE
        or national[3:] == NANP_DIRECTORY
    )
    if region == NO_COUNTRY or costly or phonenumbers.number_type(number) not in DIALLABLE_TYPES:
        return Unreadable(Refusal.NUMBER_TYPE_NOT_ALLOWED)
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return ReadNumber(PhoneNumber(written.removeprefix("+")), region)


def _international(digits: str) -> list[str]:
    ways = [f"+{digits.removeprefix(prefix)}" for prefix in ("00", "011") if digits.startswith(prefix)]
    return ways or [f"+{digits}"]


def _is_short_number(digits: str, country: str) -> bool:
    try:
        number = phonenumbers.parse(digits, country)
    except phonenumbers.NumberParseException:
        return False
    return bool(shortnumberinfo.is_valid_short_number_for_region(number, country))


def _plain(text: str) -> str:
    # Full-width and Arabic-Indic digits, no-break spaces: one form for each (Unicode NFKC, then decimal values).
    normal = unicodedata.normalize("NFKC", text)
    return "".join(str(unicodedata.decimal(c)) if unicodedata.decimal(c, None) is not None else c for c in normal)
