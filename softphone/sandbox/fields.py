"""What the callbacks say: the standard parameters, and those of the end (`wire.md` 4.2 and 4.5)."""

from collections.abc import Mapping
from datetime import datetime
from decimal import ROUND_UP, Decimal

from softphone.sandbox.call import BILL_RATE_NUMBER, BILL_RATE_SIP, Call
from softphone.sandbox.hangups import outbound_status
from softphone.sandbox.ladder import Hangup


def standard(call: Call, event: str) -> dict[str, str]:
    """The parameters that every request about a call has."""
    facts = call.facts
    fields = {
        "CallUUID": facts.uuid,
        "From": facts.caller,
        "To": facts.dialled,
        "CallStatus": call.status,
        "Direction": "outbound" if facts.outbound else "inbound",
        "Event": event,
        "ParentAuthID": call.engine.account.auth_id,
        "BillRate": bill_rate(call),
        "SessionStart": facts.started_at.strftime("%Y-%m-%d %H:%M:%S.%f"),
        **call.headers(),
    }
    if facts.caller_name:
        fields["CallerName"] = facts.caller_name
    if facts.request_uuid is not None:
        fields |= {"RequestUUID": facts.request_uuid, "ALegRequestUUID": facts.request_uuid, "ALegUUID": facts.uuid}
    elif not facts.caller.startswith("sip:"):
        fields["STIRVerification"] = "Not Applicable"
    return fields


def ended(call: Call, end: Hangup) -> Mapping[str, str]:
    """The parameters of hangup_url."""
    seconds = call.record.seconds
    fields = standard(call, "Hangup")
    fields |= {
        # `wire.md` 4.2: an inbound call ends with this, whatever happened.
        "CallStatus": outbound_status(end, answered=call.answered) if call.facts.outbound else "completed",
        "HangupCause": end.cause,
        "HangupCauseCode": str(end.code),
        "HangupCauseName": end.name,
        "HangupSource": end.source,
        "Duration": str(seconds),
        "BillDuration": str(billed(seconds)),
        "TotalCost": str((Decimal(bill_rate(call)) * billed(seconds) / 60).quantize(Decimal("0.00001"))),
        "StartTime": _local(call.facts.started_at),
        "AnswerTime": _local(call.answered_at),
        "EndTime": _local(call.record.ended_at),
    }
    return fields


def bill_rate(call: Call) -> str:
    """US dollars a minute."""
    return BILL_RATE_SIP if call.facts.caller.startswith("sip:") else BILL_RATE_NUMBER


def billed(seconds: int) -> int:
    """Whole minutes, in seconds."""
    return int((Decimal(seconds) / 60).to_integral_value(ROUND_UP)) * 60


def _local(moment: datetime | None) -> str:
    # The account's local time without a zone; this account lives in UTC.
    return moment.strftime("%Y-%m-%d %H:%M:%S") if moment is not None else ""
