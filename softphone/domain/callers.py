"""Callers from outside: a pseudonym, and never a number (product.md, invariant 8).

A caller's id is a keyed hash of their number under the pseudonym key in force. A withheld number has no pseudonym: its
id belongs to one call, so that nobody who withholds theirs is taken for somebody else who does. The label shows four
digits of the id: two callers may share a label, never an id.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NewType

from softphone.domain.ids import PhoneNumber

CallerId = NewType("CallerId", str)
"""`c` or `w` (withheld), then 32 hexadecimal digits."""

CALLER_ID = re.compile(r"[cw][0-9a-f]{32}")
WITHHELD_MARK = "w"
SHOWN_DIGITS = 4
TELEPHONE = re.compile(r"[1-9][0-9]{6,14}")  # E.164 6.1: at most 15 digits; the shortest in use have 7.
ON_A_KEYPAD = frozenset({"266696687", "7378742833", "2562533", "8656696", "86282452253", "7748283"})
"""ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN, UNAVAILABLE, PRIVATE as carriers write them on a telephone's keys."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCaller:
    """Who calls, as far as anybody may know. `masked` is None for a withheld number; it goes to no volunteer.

    `seen_before` is about other calls under the keys that are still kept. `language` is what they chose last.
    """

    id: CallerId
    label: str
    withheld: bool
    masked: str | None
    seen_before: bool
    language: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PseudonymKey:
    """A key that pseudonyms are made with. Keys are numbered from 1; the highest number is in force."""

    number: int
    key: bytes
    made_at: datetime


def read_caller_number(text: str | None) -> PhoneNumber | None:
    """The number in a callback's `From`; None if it is withheld, in whatever way that is said (`wire.md` 4.1).

    What cannot be a telephone number is taken for withheld too: a name that a switchboard sends for all its callers
    must not make them one person.
    """
    words = (text or "").strip().removeprefix("sip:").removeprefix("sips:").partition("@")[0].partition(";")[0]
    digits = words.removeprefix("tel:").removeprefix("+")
    digits = digits.removeprefix("00")
    if not digits.isascii() or TELEPHONE.fullmatch(digits) is None or digits in ON_A_KEYPAD:
        return None
    return PhoneNumber(digits)


def pseudonym(number: PhoneNumber, key: PseudonymKey) -> CallerId:
    """The id of whoever calls from this number, for as long as the key is in force."""
    return CallerId(f"c{hmac.new(key.key, number.encode(), hashlib.sha256).hexdigest()[:32]}")


def withheld_id(call_uuid: str, key: bytes) -> CallerId:
    """The id of a caller who withholds their number: the same for every callback of one call, and for no other."""
    return CallerId(f"{WITHHELD_MARK}{hmac.new(key, call_uuid.encode(), hashlib.sha256).hexdigest()[:32]}")


def is_withheld(caller: CallerId) -> bool:
    """True if this caller withholds their number."""
    return caller.startswith(WITHHELD_MARK)


def label_of(caller: CallerId) -> str:
    """What people call this caller: `Caller 7F3A`."""
    return f"Caller {caller[1 : 1 + SHOWN_DIGITS].upper()}"


def is_spent(key: PseudonymKey, *, period: timedelta, now: datetime) -> bool:
    """True if another key must take its place."""
    return now >= key.made_at + period
