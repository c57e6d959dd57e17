"""`…/Call/`: live calls and the records of ended ones (`rest.md` 6)."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from softphone.sandbox.accounts import CallRecord
from softphone.sandbox.rest.desk import Answer, Desk, RestRequest, not_found, page, read_time, text, wrong_method
from softphone.sandbox.rest.placing import place, transfer

_RATE = "0.00850"
LIVE = ("live", "queued")


def answer(desk: Desk, request: RestRequest) -> Answer:
    """List and read live calls and call records; hang up."""
    status = text(request, "status")
    match request.method, request.path[1:]:
        case "GET", ():
            return _list(desk, request, status)
        case "GET", (call_uuid,):
            return Answer(200, _read_live(desk, call_uuid, status) if status in LIVE else _read(desk, call_uuid))
        case "DELETE", (call_uuid,):
            if not desk.calls.hang_up_call(call_uuid):
                raise not_found()
            return Answer(204)
        case "DELETE", ():
            # Without an id Plivo hangs up everything (`rest.md` 0.2, fact 3). Counted, so a test can assert none.
            desk.hung_up_everything += 1
            for call in desk.account.live_calls():
                desk.calls.hang_up_call(call.call_uuid)
            return Answer(204)
        case "POST", ():
            return place(desk, request)
        case "POST", (call_uuid,):
            return transfer(desk, request, call_uuid)
        case _, (() | (_,)):
            raise wrong_method()
        case _:
            raise not_found()


def _list(desk: Desk, request: RestRequest, status: str | None) -> Answer:
    if status in LIVE:
        found = [call for call in desk.account.live_calls() if _fits(call, request)]
        return Answer(200, {"calls": [call.call_uuid for call in found if _is_queued(call) == (status == "queued")]})
    return page(desk, request, [_record(desk, call) for call in desk.account.ended_calls() if _fits(call, request)])


def _is_queued(call: CallRecord) -> bool:
    return call.status == "queued"


def _fits(call: CallRecord, request: RestRequest) -> bool:
    checks: Mapping[str, Callable[[str], bool]] = {
        "call_direction": lambda wanted: call.direction == wanted,
        "from_number": lambda wanted: wanted.removeprefix("+") in call.from_number,
        "to_number": lambda wanted: wanted.removeprefix("+") in call.to_number,
        "parent_call_uuid": lambda wanted: call.parent_call_uuid == wanted,
        "hangup_cause_code": lambda wanted: str(call.hangup_code) == wanted,
        "hangup_source": lambda wanted: call.hangup_source == wanted,
        "end_time__gte": lambda wanted: _ended(call) >= read_time(wanted),
        "end_time__gt": lambda wanted: _ended(call) > read_time(wanted),
        "end_time__lte": lambda wanted: _ended(call) <= read_time(wanted),
        "end_time__lt": lambda wanted: _ended(call) < read_time(wanted),
    }
    return all(check(wanted) for name, check in checks.items() if (wanted := text(request, name)))


def _ended(call: CallRecord) -> datetime:
    return call.ended_at or datetime.max.replace(tzinfo=UTC)


def _read_live(desk: Desk, call_uuid: str, status: str) -> dict[str, object]:
    call = desk.account.calls.get(call_uuid)
    if call is None or call.ended_at is not None or _is_queued(call) != (status == "queued"):
        raise not_found()
    return {
        "call_status": call.status,
        "call_uuid": call.call_uuid,
        "caller_name": call.caller_name,
        "direction": call.direction,
        "from": call.from_number,
        "request_uuid": call.request_uuid or call.call_uuid,
        "session_start": call.started_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f"),
        "stir_attestation": "",
        "stir_verification": "Not Applicable",
        "to": call.to_number,
    }


def _read(desk: Desk, call_uuid: str) -> dict[str, object]:
    call = desk.account.calls.get(call_uuid)
    if call is None or call.ended_at is None:
        raise not_found()
    return _record(desk, call)


def _record(desk: Desk, call: CallRecord) -> dict[str, object]:
    billed = -(-call.seconds // 60) * 60
    return {
        "answer_time": _time(call.answered_at),
        "bill_duration": call.seconds,
        "billed_duration": billed,
        "call_direction": call.direction,
        "call_duration": call.seconds,
        "call_state": "ANSWER",
        "call_uuid": call.call_uuid,
        "cnam_lookup": "",
        "conference_uuid": None,
        "end_time": _time(call.ended_at),
        "from_number": call.from_number,
        "hangup_cause_code": call.hangup_code,
        "hangup_cause_name": call.hangup_name,
        "hangup_source": call.hangup_source,
        "initiation_time": _time(call.started_at),
        "parent_call_uuid": call.parent_call_uuid,
        "resource_uri": desk.uri("Call", call.call_uuid),
        "source_ip": "127.0.0.1",
        "stir_attestation": "",
        "stir_verification": "Not Applicable",
        "to_number": call.to_number,
        "total_amount": f"{billed / 60 * float(_RATE):.5f}",
        "total_rate": _RATE,
        "voice_network_group": "Sandbox",
    }


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat(sep=" ", timespec="seconds")
