"""`…/Recording/`: what was recorded (`rest.md` 9)."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from softphone.sandbox.recordings import Recording
from softphone.sandbox.rest.desk import Answer, Desk, RestRequest, not_found, page, read_time, text, wrong_method

RATE = 0.0004
"""US dollars a minute and month, as the samples show it."""


def answer(desk: Desk, request: RestRequest) -> Answer:
    """List, read and delete recordings."""
    match request.method, request.path[1:]:
        case "GET", ():
            found = [_read(desk, one) for one in desk.account.recordings.all() if _fits(one, request)]
            return page(desk, request, found)
        case "GET", (recording_id,):
            found_one = desk.account.recordings.get(recording_id)
            if found_one is None:
                raise not_found()
            return Answer(200, _read(desk, found_one))
        case "DELETE", (recording_id,):
            if not desk.account.recordings.drop(recording_id):
                raise not_found()
            return Answer(204)
        case _, (() | (_,)):
            raise wrong_method()
        case _:
            raise not_found()


def _fits(one: Recording, request: RestRequest) -> bool:
    added = one.ended_at
    checks: Mapping[str, Callable[[str], bool]] = {
        "call_uuid": lambda wanted: one.call_uuid == wanted,
        "from_number": lambda wanted: one.from_number == wanted.removeprefix("+"),
        "to_number": lambda wanted: one.to_number == wanted.removeprefix("+"),
        "conference_name": lambda wanted: not wanted,
        "conference_uuid": lambda wanted: not wanted,
        "mpc_name": lambda wanted: not wanted,
        "mpc_uuid": lambda wanted: not wanted,
        "add_time__gte": lambda wanted: added >= read_time(wanted),
        "add_time__gt": lambda wanted: added > read_time(wanted),
        "add_time__lte": lambda wanted: added <= read_time(wanted),
        "add_time__lt": lambda wanted: added < read_time(wanted),
    }
    return all(check(wanted) for name, check in checks.items() if (wanted := text(request, name)))


def _read(desk: Desk, one: Recording) -> dict[str, object]:
    minutes = -(-one.ms // 60_000)
    return {
        "add_time": one.ended_at.astimezone(UTC).isoformat(sep=" ", timespec="microseconds"),
        "call_uuid": one.call_uuid,
        "conference_name": "",
        "from_number": one.from_number,
        "monthly_recording_storage_amount": round(minutes * RATE, 4),
        "recording_duration_ms": f"{one.ms:.5f}",
        "recording_end_ms": _epoch_ms(one.ended_at),
        "recording_format": one.file_format,
        "recording_id": one.recording_id,
        "recording_start_ms": _epoch_ms(one.started_at),
        "recording_storage_duration": (desk.clock() - one.ended_at).days,
        "recording_storage_rate": RATE,
        "recording_type": "call",
        "recording_url": desk.account.recordings.url(one.recording_id, one.file_format),
        "resource_uri": desk.uri("Recording", one.recording_id),
        "rounded_recording_duration": minutes * 60,
        "to_number": one.to_number,
    }


def _epoch_ms(moment: datetime) -> str:
    return f"{round(moment.timestamp() * 1000):.5f}"
