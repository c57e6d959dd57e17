"""SIP phones as JSON."""

from collections.abc import Mapping
from datetime import datetime

from softphone.actions.compare_endpoints import Compared
from softphone.actions.hand_out_sip_phone import HandOut, Revealed
from softphone.domain import provisioning
from softphone.domain.endpoints import SIP_DOMAIN, EndpointKind, sip_uri
from softphone.domain.ids import ConnectionId
from softphone.domain.registration import Registration
from softphone.domain.sip_phones import SipPhone
from softphone.domain.sip_words import advice_for, registration_state
from softphone.domain.times import iso


def render_phone(
    phone: SipPhone, newest: Registration | None, *, connections: Mapping[ConnectionId, str], now: datetime
) -> dict[str, object]:
    """A phone, for its owner and for administrators alike. It has no secret in it."""
    end = phone.endpoint
    return {
        "id": end.id,
        "label": phone.label,
        "username": end.username,
        "sip_uri": sip_uri(end.username) if end.username else None,
        "volunteer": {"id": end.volunteer_id, "name": phone.volunteer_name},
        "connection": {"id": end.connection_id, "name": connections.get(end.connection_id, "")},
        "state": phone.state,
        "problem": phone.problem,
        "credentials_given_at": _time(phone.given_at),
        "send_digits": phone.send_digits,
        "registration": _registration(phone, newest, now=now),
        "advice": [
            {
                "code": one.code,
                "message": one.message,
                "causes": [{"code": cause.code, "message": cause.message} for cause in one.causes],
            }
            for one in advice_for(phone, newest, now=now)
        ],
        "created_at": iso(end.created_at),
    }


def render_link(made: HandOut) -> dict[str, object]:
    """A link to a phone's credentials."""
    return {"link": made.url, "expires_at": iso(made.expires_at), "rotated": made.rotated}


def render_revealed(revealed: Revealed) -> dict[str, object]:
    """The credentials, and everything that a phone is set up with. This is the one answer with a password in it."""
    account, phone = revealed.account, revealed.phone
    return {
        "phone": {"label": phone.label},
        "volunteer": {"name": phone.volunteer_name},
        "account": {
            "username": account.username,
            "auth_username": account.username,
            "password": account.password.reveal(),
            "domain": SIP_DOMAIN,
            "display_name": account.display_name,
            "sip_uri": sip_uri(account.username),
        },
        "server": {
            "host": account.host,
            "port": account.port,
            "outbound_proxy": account.proxy,
            "transports": list(provisioning.TRANSPORTS),
        },
        "expiry_seconds": int(provisioning.EXPIRY.total_seconds()),
        "codecs": list(provisioning.CODECS),
        "dtmf": "rfc2833",
        "stun": account.stun or None,
        "keep_alive_seconds": int(provisioning.KEEP_ALIVE.total_seconds()),
        "linphone": {
            "xml_url": revealed.linphone_url,
            "link": f"linphone-config:{revealed.linphone_url}",
            "expires_at": iso(revealed.linphone_until),
        },
        "qr": [{"program": "linphone", "payload": revealed.linphone_url}],
        "microsip_ini": provisioning.microsip_ini(account),
        "baresip_account": provisioning.baresip_account(account),
    }


def render_compared(one: Compared) -> dict[str, object]:
    """An endpoint on our side, on Plivo's, or on both."""
    ours, theirs = one.ours, one.theirs
    both = "both" if ours and theirs else "only_here" if ours else "only_at_plivo"
    return {
        "where": both,
        "kind": ours.kind.value if ours else None,
        "phone": ours.id if ours and ours.kind is EndpointKind.SIP else None,
        "volunteer": {"id": ours.volunteer_id, "name": one.volunteer_name} if ours else None,
        "plivo_id": theirs.id if theirs else ours.plivo_id if ours else None,
        "alias": theirs.alias if theirs else ours.alias if ours else "",
        "username": theirs.username if theirs else ours.username if ours else None,
        "application": one.application,
        "registered": theirs.registered if theirs else None,
        "user_agent": (theirs.user_agent or None) if theirs else None,
    }


def _registration(phone: SipPhone, newest: Registration | None, *, now: datetime) -> dict[str, object]:
    state, message = registration_state(phone, newest, now=now)
    return {
        "state": state,
        "device": newest.device_label if newest else None,
        "user_agent": newest.user_agent if newest else None,
        "since": _time(newest.registered_at if newest else None),
        "until": _time((newest.ended_at or newest.expires_at) if newest else None),
        "read_at": _time(phone.read_at),
        "message": message,
    }


def _time(moment: datetime | None) -> str | None:
    return iso(moment) if moment is not None else None
