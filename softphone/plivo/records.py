"""Plivo's objects, as far as we read them. Every field may be missing from an answer (`rest.md` 3.3, 4.2, 5.1)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from softphone.domain.ids import PhoneNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The account behind the credentials. `cash_credits` is a decimal as text, in the account's own currency."""

    name: str
    account_type: str
    billing_mode: str
    cash_credits: str
    auto_recharge: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """An XML application. `kept` is what an update must say again, lest it be cleared (`rest.md` 4.3)."""

    id: str
    name: str
    answer_url: str
    answer_method: str
    hangup_url: str
    hangup_method: str
    enabled: bool | None
    kept: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlivoEndpoint:
    """An endpoint as Plivo knows it. `application_id` is None where it is attached to nothing, `registered` where it
    is not said whether a device is signed in. The last three exist only while one is.
    """

    id: str
    alias: str
    username: str
    application_id: str | None
    registered: bool | None = None
    contact: str = ""
    user_agent: str = ""
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RentedNumber:
    """A number of the account. None where Plivo does not say."""

    number: PhoneNumber
    application_id: str | None
    voice_enabled: bool | None
    active: bool | None


@dataclass(frozen=True, slots=True)
class CallRecord:
    """How an ended call ended; None where the record does not say. Units: `seconds` of talk."""

    seconds: int | None
    hangup_code: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A recording. Units: `seconds`, rounded; None where Plivo does not say. Its numbers are never read."""

    id: str
    seconds: int | None


_DECIMAL = re.compile(r"[0-9]{1,12}(\.[0-9]{1,9})?")
_METHODS = ("answer_method", "hangup_method", "fallback_method", "message_method")


def read_account(found: Mapping[str, object]) -> Account:
    """Read an account."""
    return Account(
        name=text(found, "name"),
        account_type=text(found, "account_type"),
        billing_mode=text(found, "billing_mode"),
        cash_credits=text(found, "cash_credits"),
        auto_recharge=truth(found, "auto_recharge"),
    )


def read_application(found: Mapping[str, object]) -> Application:
    """Read an application; unset fields come as null, "" or not at all, and all become ""."""
    kept: dict[str, object] = {name: found[name] for name in _METHODS if text(found, name) in {"GET", "POST"}}
    flags = {
        "default_number_app": ("default_number_app", "default_app"),
        "default_endpoint_app": ("default_endpoint_app",),
        "log_incoming_messages": ("log_incoming_messages", "log_incoming_message"),
        "public_uri": ("public_uri",),
    }
    for name, spellings in flags.items():
        said = next((value for s in spellings if (value := truth(found, s)) is not None), None)
        if said is not None:
            kept[name] = said
    return Application(
        id=text(found, "app_id"),
        name=text(found, "app_name"),
        answer_url=text(found, "answer_url"),
        answer_method=text(found, "answer_method"),
        hangup_url=text(found, "hangup_url"),
        hangup_method=text(found, "hangup_method"),
        enabled=truth(found, "enabled"),
        kept=kept,
    )


def read_endpoint(found: Mapping[str, object]) -> PlivoEndpoint:
    """Read an endpoint. Its password hash is never read (`rest.md` 3.3)."""
    return PlivoEndpoint(
        id=text(found, "endpoint_id"),
        alias=text(found, "alias"),
        username=text(found, "username"),
        application_id=last_segment(text(found, "application")),
        registered=truth(found, "sip_registered"),
        contact=text(found, "sip_contact"),
        user_agent=text(found, "sip_user_agent"),
        expires_at=_moment(text(found, "sip_expires")),
    )


def _moment(said: str) -> datetime | None:
    # `YYYY-MM-DD HH:MM:SS`, in UTC without saying so (`rest.md` 3.3).
    try:
        return datetime.strptime(said, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def read_number(found: Mapping[str, object]) -> RentedNumber:
    """Read a rented number."""
    return RentedNumber(
        number=PhoneNumber(text(found, "number").removeprefix("+")),
        application_id=last_segment(text(found, "application")) or text(found, "app_id") or None,
        voice_enabled=truth(found, "voice_enabled"),
        active=truth(found, "active"),
    )


def read_call_record(found: Mapping[str, object]) -> CallRecord | None:
    """Read the record of a call; None while it has not ended (`rest.md` 6.5)."""
    if not text(found, "end_time"):
        return None
    seconds, code = text(found, "call_duration"), text(found, "hangup_cause_code")
    return CallRecord(
        seconds=int(seconds) if seconds.isdecimal() else None, hangup_code=int(code) if code.isdecimal() else None
    )


def read_recording(found: Mapping[str, object]) -> Recording:
    """Read a recording; its duration comes as a decimal string of milliseconds (`rest.md` 9)."""
    said = text(found, "recording_duration_ms")
    seconds = round(float(said) / 1000) if _DECIMAL.fullmatch(said) else None
    return Recording(id=text(found, "recording_id"), seconds=seconds)


def text(found: Mapping[str, object], name: str) -> str:
    """A field as text; "" where it is missing, null or no plain value."""
    value = found.get(name)
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def truth(found: Mapping[str, object], name: str) -> bool | None:
    """A field as a boolean, also where Plivo writes it as text (`rest.md` 0.2, fact 7); None where it is not said."""
    value = found.get(name)
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(value.lower()) if isinstance(value, str) else None


def last_segment(uri: str) -> str | None:
    """The id at the end of a resource URI, or a bare id; None where there is none."""
    return uri.rstrip("/").rpartition("/")[2] or None
