"""Plivo's callbacks, read into our own values: tolerant of what Plivo varies, strict on what an attacker could shift.

A signature joins names and values without separators, so bytes can move between a name and a value without breaking
it (threat model, TM-W4). Therefore required names must be there, known names stand once, and each known value has a
shape that leaves no room for another name.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from softphone.domain.calls import Fact, FactKind
from softphone.domain.connections import Connection
from softphone.domain.ids import AuthId, CallUUID, EndpointUsername
from softphone.plivo.signature import Pairs

MAX_FIELDS = 200  # Threat model, section 4.
UUID_SHAPE = r"[0-9A-Za-z-]{8,64}"
WORD_SHAPE = r"[A-Za-z][A-Za-z _-]{0,40}"
COUNT_SHAPE = r"-?[0-9]{1,9}"
NUMBER_SHAPE = r"-?[0-9]{1,15}(\.[0-9]{1,9})?"
PARTY_SHAPE = r"(sips?:[^\s@<>]{1,128}@[a-z0-9.-]{1,64}(:[0-9]{1,5})?|\+?[0-9]{1,20}|[a-zA-Z][a-zA-Z _.-]{0,40}|)"
SHAPES: Mapping[str, re.Pattern[str]] = {
    name: re.compile(shape)
    for name, shape in {
        "calluuid": UUID_SHAPE,
        "from": PARTY_SHAPE,
        # Whatever a person can dial, without room for the names that may follow it in the signed text.
        "to": r"(?!.*(X-PH-|X-Ph-|TotalCost))[^\x00-\x1f]{0,256}",
        "callstatus": WORD_SHAPE,
        "direction": r"inbound|outbound",
        "event": WORD_SHAPE,
        "authid": r"(MA|SA)[A-Z0-9]{18}",
        "parentauthid": r"(MA|SA)[A-Z0-9]{18}",
        "sessionstart": r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|\+00:00)?",
        "dialstatus": WORD_SHAPE,
        "dialaction": WORD_SHAPE,
        "dialhangupcause": WORD_SHAPE,
        "dialringstatus": r"true|false",
        "dialaleguuid": UUID_SHAPE,
        "dialbleguuid": UUID_SHAPE,
        "dialblegto": PARTY_SHAPE,
        "digits": r"[0-9*#]{0,32}",
        "dialblegduration": COUNT_SHAPE,
        "dialblegbillduration": COUNT_SHAPE,
        "dialbleghangupcause": WORD_SHAPE,
        "dialbleghangupcausecode": COUNT_SHAPE,
        "dialbleghangupsource": WORD_SHAPE,
        "duration": COUNT_SHAPE,
        "hangupcause": WORD_SHAPE,
        "hangupcausecode": COUNT_SHAPE,
        "hangupsource": WORD_SHAPE,
        "sipauthtype": r".{0,64}",
        "sipsourceip": r".{0,64}",
        "x-ph-ref": r"[^\x00-\x1f]{0,256}",
        "recordingid": r"[0-9A-Za-z-]{1,64}",
        "recordurl": r"https?://[!-~]{1,1024}",
        "recordingduration": NUMBER_SHAPE,
        "recordingdurationms": NUMBER_SHAPE,
    }.items()
}
"""Names we use, in lower case (`wire.md` 4.1: the spelling varies). An empty value counts as absent, but for `to`."""
PAGE_REF = re.compile(r"[0-9a-f]{16}")
ANONYMOUS = frozenset({"", "anonymous", "restricted", "unavailable", "unknown"})


class UnusableCallback(Exception):
    """Signed, but not in a shape that Plivo sends. Names the field, never its value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedCallback:
    """Proof that Plivo sent this for this connection: guards make it, and everything deeper asks for it.

    `fields` has the known names in lower case, each once and in shape; empty ones but `to` are left out. `digest` tells
    two requests with one nonce apart.
    """

    connection: Connection
    fields: Mapping[str, str]
    nonce: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """An endpoint has started a call. `username` is None where the caller is no endpoint of this account."""

    call_uuid: CallUUID
    username: EndpointUsername | None
    dialled: str
    page_ref: str | None
    hangup: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CallNews:
    """Something has happened to a call."""

    call_uuid: CallUUID
    fact: Fact | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What Plivo tells of a message. `recording_id` is None where nothing was recorded, `seconds` where it does not
    say yet how long it is. `url` is where Plivo says the file is: material to judge (threat model, TM-D7).
    """

    call_uuid: CallUUID
    caller: str
    recording_id: str | None
    seconds: int | None
    url: str | None


def read_fields(pairs: Pairs) -> dict[str, str]:
    """The known fields of a form.

    Raises: UnusableCallback if there are too many, one stands twice, or one has the wrong shape.
    """
    if len(pairs) > MAX_FIELDS:
        raise UnusableCallback("too many fields")
    fields: dict[str, str] = {}
    for raw_name, raw_value in pairs:
        name = raw_name.decode("utf-8", "replace").lower()
        if name not in SHAPES:
            continue
        if name in fields:
            raise UnusableCallback(f"{name} stands twice")
        fields[name] = raw_value.decode("utf-8", "replace")
    for name, value in fields.items():
        if value and SHAPES[name].fullmatch(value) is None:
            raise UnusableCallback(f"{name} has the wrong shape")
    # An empty `to` is kept: it was signed as such, and whoever dialled nothing hears a sentence like anybody else.
    return {name: value for name, value in fields.items() if value or name == "to"}


def read_session_start(fields: Mapping[str, str]) -> datetime | None:
    """When the call began, in UTC, if Plivo says so."""
    text = fields.get("sessionstart")
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text.removesuffix("Z").removesuffix("+00:00")).replace(tzinfo=UTC)
    except ValueError as error:
        raise UnusableCallback("sessionstart is no time") from error


def belongs_to(fields: Mapping[str, str], connection: Connection) -> bool:
    """True if the account that the fields name is the connection's (TM-W5)."""
    own = {connection.auth_id, connection.main_auth_id}
    parent = fields.get("parentauthid")
    unknown_main = connection.auth_id.startswith("SA") and connection.main_auth_id is None
    return fields.get("authid", connection.auth_id) in own and (parent is None or parent in own or unknown_main)


def read_outgoing(callback: VerifiedCallback) -> Outgoing:
    """Who calls, and what was dialled.

    Raises: UnusableCallback if a required field is missing.
    """
    fields = callback.fields
    for name in ("callstatus", "direction"):
        if name not in fields:
            raise UnusableCallback(f"{name} is missing")
    ref = fields.get("x-ph-ref", "")
    return Outgoing(
        call_uuid=_call_uuid(fields),
        username=_username(fields, callback.connection.auth_id),
        dialled=_dialled(fields.get("to", "")),
        page_ref=ref if PAGE_REF.fullmatch(ref) else None,
        hangup=fields.get("event", "").lower() == "hangup",
    )


def read_leg(callback: VerifiedCallback, *, rung: int = 1, now: datetime) -> CallNews:
    """What the Dial's callback URL tells (`wire.md` 3.5).

    Of several phones that were `rung` at once, the end of one that nobody talked on is not the call's: another may
    still ring, or have the call.
    """
    fields = callback.fields
    word = fields.get("dialaction", "").lower()
    leg = fields.get("dialbleguuid", "")
    if word not in {"answer", "connected", "hangup"}:
        return CallNews(call_uuid=_call_uuid(fields), fact=None)
    seconds = _count(fields.get("dialblegduration"))
    joined = word != "hangup" or (seconds or 0) > 0
    word = "left" if rung > 1 and not joined else word
    fact = Fact(
        kind=FactKind.LEG,
        key=f"{leg}:{word}",
        word=word,
        joined=joined,
        seconds=seconds,
        code=_count(fields.get("dialbleghangupcausecode")),
        cause=fields.get("dialbleghangupcause", "").upper(),
        source=fields.get("dialbleghangupsource", ""),
        at=now,
    )
    return CallNews(call_uuid=_call_uuid(fields), fact=fact)


def read_dialled(callback: VerifiedCallback, *, now: datetime) -> CallNews:
    """What the Dial's action URL tells: the Dial has ended (`wire.md` 3.5)."""
    fields = callback.fields
    word = fields.get("dialstatus", "").lower()
    fact = Fact(
        kind=FactKind.DIALLED,
        key="",
        word=word,
        joined=word == "completed",
        seconds=None,
        code=None,
        cause=fields.get("dialhangupcause", "").upper(),
        source="",
        at=now,
    )
    return CallNews(call_uuid=_call_uuid(fields), fact=fact if word else None)


def read_hangup(callback: VerifiedCallback, *, now: datetime) -> CallNews:
    """What the hangup URL tells: the call has ended (`wire.md` 4.5)."""
    fields = callback.fields
    fact = Fact(
        kind=FactKind.HANGUP,
        key="",
        word=fields.get("callstatus", "").lower(),
        joined=False,
        seconds=_count(fields.get("duration")),
        code=_count(fields.get("hangupcausecode")),
        cause=fields.get("hangupcause", "").upper(),
        source=fields.get("hangupsource", ""),
        at=now,
    )
    return CallNews(call_uuid=_call_uuid(fields), fact=fact)


def read_pressed(callback: VerifiedCallback) -> str:
    """The keys that GetDigits collected; "" where none was pressed (`wire.md` 3.4)."""
    return callback.fields.get("digits", "")


def read_recorded(callback: VerifiedCallback) -> Recorded:
    """What Record's action URL and its callback URL tell (`wire.md` 3.6), both alike.

    Raises: UnusableCallback if the call is not named.
    """
    fields = callback.fields
    return Recorded(
        call_uuid=_call_uuid(fields),
        caller=fields.get("from", ""),
        recording_id=fields.get("recordingid"),
        seconds=_recorded_seconds(fields),
        url=fields.get("recordurl"),
    )


def _recorded_seconds(fields: Mapping[str, str]) -> int | None:
    for name, unit in (("recordingdurationms", 1000), ("recordingduration", 1)):
        # -1 stands for "not known yet" (`wire.md` 3.6).
        if name in fields and (count := float(fields[name])) >= 0:
            return round(count / unit)
    return None


def _call_uuid(fields: Mapping[str, str]) -> CallUUID:
    if "calluuid" not in fields:
        raise UnusableCallback("calluuid is missing")
    return CallUUID(fields["calluuid"])


def _username(fields: Mapping[str, str], auth_id: AuthId) -> EndpointUsername | None:
    if "from" not in fields or "to" not in fields:
        raise UnusableCallback("from or to is missing")
    if "sipauthtype" in fields or "sipsourceip" in fields:
        # Direct SIP from outside: whoever calls writes the From (`wire.md` 4.3 c), so it proves no endpoint.
        return None
    user, _, host = fields["from"].removeprefix("sip:").partition("@")
    if host.partition(":")[0] != "phone.plivo.com":
        return None
    return EndpointUsername(user.removesuffix(f"_{auth_id}"))


def _dialled(to: str) -> str:
    return "" if to.strip().lower() in ANONYMOUS else to.strip()


def _count(text: str | None) -> int | None:
    return int(text) if text else None
