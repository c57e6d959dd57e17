"""What Plivo asks and tells about a hotline's call, read into our own values."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from softphone.domain.ids import CallUUID, PhoneNumber
from softphone.plivo.callbacks import UnusableCallback, VerifiedCallback

OVER = frozenset({"completed", "cancel", "canceled", "failed", "busy", "no-answer", "timeout"})
"""Words of CallStatus for a call that has ended (`wire.md` 4.2)."""
TOLD = (
    "callstatus",
    "event",
    "digits",
    "dialstatus",
    "dialringstatus",
    "dialaction",
    "dialhangupcause",
    "dialbleghangupcause",
    "dialbleghangupcausecode",
    "dialbleghangupsource",
    "dialblegduration",
    "hangupcause",
    "hangupcausecode",
    "hangupsource",
    "duration",
)
"""What a ladder keeps of a callback: words and counts, and nothing that names a person or a number."""

TOLD_CHARACTERS = {"digits": 4}
"""What a menu or a check can ask for; more keys could be a number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A number of ours is called. `caller` is the callback's From as it came; `called` None if it is no number."""

    call_uuid: CallUUID
    caller: str | None
    called: PhoneNumber | None
    over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What comes next for a call? `dial_status` is "" where no Dial has ended. `over` says that nobody will hear it."""

    call_uuid: CallUUID
    digits: str
    dial_status: str
    leg_uuid: str
    over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LegTold:
    """News of one dialled leg. `address` is whom Plivo dialled: a SIP address or digits. Units: `seconds` of talk."""

    call_uuid: CallUUID
    leg_uuid: str
    address: str
    word: str
    seconds: int
    code: int | None
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndTold:
    """A call has ended. Units: `seconds` from its answer."""

    call_uuid: CallUUID
    seconds: int
    code: int | None


def read_incoming(callback: VerifiedCallback) -> Incoming:
    """Who calls which number.

    Raises: UnusableCallback if the call is not named.
    """
    fields = callback.fields
    called = fields.get("to", "").removeprefix("+")
    return Incoming(
        call_uuid=_call_uuid(fields),
        caller=fields.get("from"),
        called=PhoneNumber(called) if re.fullmatch(r"[0-9]{3,20}", called) else None,
        over=fields.get("event", "").lower() == "hangup" or fields.get("callstatus", "").lower() in OVER,
    )


def read_asked(callback: VerifiedCallback) -> Asked:
    """What Plivo asks after a Dial, keys, or a redirection.

    Raises: UnusableCallback if the call is not named.
    """
    fields = callback.fields
    return Asked(
        call_uuid=_call_uuid(fields),
        digits=fields.get("digits", ""),
        dial_status=fields.get("dialstatus", "").lower(),
        leg_uuid=fields.get("dialbleguuid", ""),
        over=fields.get("event", "").lower() == "hangup" or fields.get("callstatus", "").lower() in OVER,
    )


def read_leg_told(callback: VerifiedCallback) -> LegTold | None:
    """News of a leg (`wire.md` 3.5); None for news that does not concern us.

    Raises: UnusableCallback if the call is not named.
    """
    fields = callback.fields
    call_uuid = _call_uuid(fields)
    word, leg = fields.get("dialaction", "").lower(), fields.get("dialbleguuid", "")
    if word not in {"answer", "connected", "hangup"} or not leg:
        return None
    return LegTold(
        call_uuid=call_uuid,
        leg_uuid=leg,
        address=fields.get("dialblegto", ""),
        word=word,
        seconds=max(0, int(fields.get("dialblegduration", "0"))),
        code=_count(fields.get("dialbleghangupcausecode")),
        cause=fields.get("dialbleghangupcause", "").upper(),
    )


def read_end_told(callback: VerifiedCallback) -> EndTold:
    """The end of a call (`wire.md` 4.5).

    Raises: UnusableCallback if the call is not named.
    """
    fields = callback.fields
    return EndTold(
        call_uuid=_call_uuid(fields),
        seconds=max(0, int(fields.get("duration", "0"))),
        code=_count(fields.get("hangupcausecode")),
    )


def read_told(callback: VerifiedCallback) -> dict[str, str]:
    """What a ladder keeps of a callback."""
    return {name: callback.fields[name][: TOLD_CHARACTERS.get(name)] for name in TOLD if name in callback.fields}


def plain_address(address: str) -> str:
    """An address in the one form that is compared: without scheme, host, port, plus and case."""
    return address.strip().lower().removeprefix("sip:").partition("@")[0].removeprefix("+")


def _call_uuid(fields: Mapping[str, str]) -> CallUUID:
    if "calluuid" not in fields:
        raise UnusableCallback("calluuid is missing")
    return CallUUID(fields["calluuid"])


def _count(text: str | None) -> int | None:
    return int(text) if text else None
