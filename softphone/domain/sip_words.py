"""What is said of a SIP phone: where its registration stands, what to look at when it does not register."""

from dataclasses import dataclass
from datetime import datetime

from softphone.domain.registration import Registration
from softphone.domain.sip_phones import SipPhone, is_refused_program
from softphone.domain.sip_readings import in_doubt, sip_reachable

REFUSED_PROGRAM = (
    "Plivo refuses this program (VaxSIPUserAgent or Ozeki). Use another phone, such as Zoiper, Linphone or MicroSIP."
)
NOT_REGISTERED_YET = (
    "The phone has its credentials for over ten minutes and has not signed in. Look at these, in order."
)
DISPLACED = "Another device has signed in with this phone's credentials, or this one from another place: it rings now."


@dataclass(frozen=True, slots=True)
class Cause:
    """Something that may be wrong, with what to do."""

    code: str
    message: str


CAUSES: tuple[Cause, ...] = (
    Cause(
        "user_name", "The user name is not complete: it ends in digits, and all of them belong to it. Copy it whole."
    ),
    Cause("password_typed", "The password was typed. Copy it from the set-up page, or use a new link."),
    Cause("wrong_domain", "The domain or server is wrong. It is the one on the set-up page, without http and path."),
    Cause("sip_alg", "The router changes SIP (SIP ALG), or UDP is blocked. Switch SIP ALG off, or choose TCP."),
    Cause("tls_chosen", "The phone uses TLS. Choose UDP, or else TCP."),
    Cause(
        "other_device", "Another device signed in later with the same user name. Give each device its own phone here."
    ),
    Cause(
        "other_account", "The endpoint belongs to another Plivo account. Ask an administrator to compare with Plivo."
    ),
    Cause("refused_program", REFUSED_PROGRAM),
)
"""In the order in which they are likely."""


@dataclass(frozen=True, slots=True)
class Advice:
    """Something that the phone's owner should do."""

    code: str
    message: str
    causes: tuple[Cause, ...] = ()


def registration_state(phone: SipPhone, newest: Registration | None, *, now: datetime) -> tuple[str, str]:
    """Where the registration stands: a code for pages, a sentence for people."""
    unread = f" {phone.read_problem}" if phone.read_problem else ""
    if newest is not None and in_doubt(newest, now=now):
        return "doubtful", f"{newest.device_label} was signed in when Plivo was last asked. It is still rung.{unread}"
    if newest is not None and sip_reachable(newest, now=now):
        return "registered", f"{newest.device_label} is signed in and rings."
    if phone.read_at is None and newest is None:
        return "unknown", f"Plivo has not been asked yet whether this phone is signed in.{unread}"
    if newest is None:
        return "never", f"No device has signed in with these credentials yet.{unread}"
    return "not_registered", f"{newest.device_label} is not signed in any more.{unread}"


def advice_for(phone: SipPhone, newest: Registration | None, *, now: datetime) -> tuple[Advice, ...]:
    """What the owner should do, most urgent first."""
    found = []
    if newest is not None and is_refused_program(newest.user_agent):
        found.append(Advice("refused_program", REFUSED_PROGRAM))
    if has_not_registered(phone, newest, now=now):
        found.append(Advice("not_registered_yet", NOT_REGISTERED_YET, CAUSES))
    return tuple(found)


def has_not_registered(phone: SipPhone, newest: Registration | None, *, now: datetime) -> bool:
    """True if the phone was given its credentials long enough ago, and Plivo has seen no device since.

    It must have been looked for since: what nobody could read is not held against the phone.
    """
    if phone.given_at is None or not phone.late(now) or phone.read_at is None or phone.read_at < phone.given_at:
        return False
    return newest is None or newest.refreshed_at < phone.given_at
