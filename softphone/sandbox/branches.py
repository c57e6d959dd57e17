"""The called legs of one `<Dial>`: whom it rings, with what, and what became of each."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from softphone.sandbox.accounts import CallRecord
from softphone.sandbox.bridging import offer_for
from softphone.sandbox.call import Call
from softphone.sandbox.fields import standard
from softphone.sandbox.hangups import hangup
from softphone.sandbox.ladder import Hangup, Kind
from softphone.sandbox.legs import Leg, RingRequest
from softphone.sandbox.sip.address import read_uri
from softphone.sandbox.verbs import Callee, Dial, NumberCallee, UserCallee

DOMAIN = "phone.plivo.com"


@dataclass(slots=True, kw_only=True)
class Branch:
    """One called leg. `leg` is None when there is nobody to ring; `end` says why then, and later how it ended."""

    uuid: str
    to: str
    caller_id: str
    headers: Mapping[str, str]
    started_at: datetime
    leg: Leg | None = None
    rang: bool = False
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    end: Hangup | None = None
    sdp: str = ""
    send_digits: str = ""
    send_early: bool = False
    sound: "asyncio.Task[None] | None" = None

    @property
    def open(self) -> bool:
        """Does it ring or talk?"""
        return self.end is None


def open_branches(call: Call, dial: Dial) -> list[Branch]:
    """A branch for every callee. Those that cannot be rung have ended already."""
    return [_open_branch(call, dial, callee) for callee in dial.callees]


async def ring(call: Call, dial: Dial, branch: Branch, *, offer: str) -> None:
    """Ring one callee with the caller's offer."""
    if branch.leg is None:
        return
    call.listen(branch.leg)
    call.note(Kind.TO_PHONE, f"Ring {branch.to}", detail=f"callerId {branch.caller_id}")
    record_branch(call, branch)
    await branch.leg.ring(
        RingRequest(
            leg_uuid=branch.uuid,
            offer=offer_for(call, branch.leg, offer),
            caller_id=branch.caller_id,
            caller_name=call.facts.caller_name if dial.caller_name is None else dial.caller_name,
            headers=branch.headers,
        )
    )


def close_branch(call: Call, branch: Branch, end: Hangup) -> None:
    """Write down how a branch ended. The first end counts."""
    if branch.open:
        branch.end = end
        branch.ended_at = call.engine.clock()
        if branch.sound is not None:
            branch.sound.cancel()
        record_branch(call, branch)


def record_branch(call: Call, branch: Branch) -> None:
    """Keep the branch as a call record, below its parent."""
    end = branch.end
    status = "completed" if end is not None else "in-progress" if branch.answered_at else "ringing"
    call.engine.account.record(
        CallRecord(
            call_uuid=branch.uuid,
            direction="outbound",
            from_number=branch.caller_id,
            to_number=branch.to,
            started_at=branch.started_at,
            status=status,
            parent_call_uuid=call.facts.uuid,
            answered_at=branch.answered_at,
            ended_at=branch.ended_at,
            hangup_code=end.code if end else None,
            hangup_name=end.name if end else None,
            hangup_source=end.source if end else None,
        )
    )


def tell_callback(call: Call, dial: Dial, branch: Branch, action: str, extra: Mapping[str, str] | None = None) -> None:
    """Tell the Dial's callbackUrl, in the background: `answer`, `connected`, `hangup` or `digits` (`wire.md` 3.5)."""
    if dial.callback_url is None:
        return
    event = {"answer": "DialAnswer", "connected": "DialConnected", "hangup": "DialHangup"}.get(
        action, "DialDigitsMatch"
    )
    fields = standard(call, event) | {
        "DialAction": action,
        "DialBLegStatus": action,
        "DialALegUUID": call.facts.uuid,
        "DialBLegUUID": branch.uuid,
        "DialBLegFrom": branch.caller_id,
        "DialBLegTo": branch.to,
        "STIRVerification": "Not Applicable",
        **branch.headers,
        **(extra or {}),
    }
    if action == "hangup" and branch.end is not None:
        fields |= _how_it_ended(branch, branch.end)
    call.engine.callbacks.tell(dial.callback_url, method=dial.callback_method, fields=fields, ladder=call.ladder)


def _how_it_ended(branch: Branch, end: Hangup) -> Mapping[str, str]:
    talked = 0
    if branch.answered_at is not None and branch.ended_at is not None:
        talked = round((branch.ended_at - branch.answered_at).total_seconds())
    return {
        "DialBLegDuration": str(talked),
        "DialBLegBillDuration": str(-(-talked // 60) * 60),
        "DialBLegHangupCause": end.cause,
        "DialBLegHangupCauseName": end.name,
        "DialBLegHangupCauseCode": str(end.code),
        "DialBLegHangupSource": end.source,
    }


def _open_branch(call: Call, dial: Dial, callee: Callee) -> Branch:
    caller_id = dial.caller_id or call.facts.caller
    pairs = (*dial.sip_headers, *(callee.sip_headers if isinstance(callee, UserCallee) else ()))
    branch = Branch(
        uuid=call.engine.ids.uuid(),
        to=callee.number if isinstance(callee, NumberCallee) else callee.uri,
        caller_id=caller_id,
        headers={f"X-PH-{name}": value for name, value in pairs},
        started_at=call.engine.clock(),
        send_digits=callee.send_digits or "",
        send_early=callee.send_on_preanswer,
    )
    found = _find_number(call, callee, caller_id) if isinstance(callee, NumberCallee) else _find_user(call, callee)
    if isinstance(found, Hangup):
        call.note(Kind.ERROR, f"{branch.to} cannot be rung", detail=f"{found.code} {found.name}")
        close_branch(call, branch, found)
    else:
        branch.leg = found
    return branch


def _find_number(call: Call, callee: NumberCallee, caller_id: str) -> Leg | Hangup:
    digits = caller_id.removeprefix("+")
    if not digits.isdigit():
        # `wire.md` 3.5: without a callerId the caller's SIP address stands in, and the carrier says busy at once.
        call.note(Kind.ERROR, "No callerId for a <Number>", detail="calls from an endpoint need callerId")
        return hangup(3010, source="Carrier")
    if call.engine.account.number(digits) is None and digits != call.facts.caller.removeprefix("+"):
        return hangup(3030, source="Carrier")
    leg = call.engine.exchange.number(callee.number)
    if leg is None:
        call.note(Kind.PLIVO, "Nobody has this number here", detail=callee.number)
        return hangup(2010, source="Carrier")
    return leg


def _find_user(call: Call, callee: UserCallee) -> Leg | Hangup:
    uri = read_uri(callee.uri)
    if uri is None or uri.host != DOMAIN or not uri.user:
        return hangup(2000, source="Plivo")
    return call.engine.exchange.user(uri.user) or hangup(2020, source="Plivo")
