"""The administrator's doors to callers and to how long things are kept."""

from datetime import timedelta
from typing import Any

import pytest

from softphone.actions.block_caller import block_caller
from softphone.actions.know_caller import know_caller
from softphone.actions.purge import purge
from softphone.domain.admission import BlockReason
from softphone.domain.callers import KnownCaller
from softphone.store.audit import verify_audit
from softphone.store.database import Connection
from softphone.store.purges import PurgeRun
from softphone.web.deps import Deps
from tests.clock import NOON, Clock
from tests.people import volunteer
from tests.telephony import Caller, connection, set_up
from tests.web.conftest import Browser, browser_of

NUMBER = "+14155550147"
USUAL = {
    "pseudonym_days": 30,
    "pseudonym_keep_days": 1,
    "calls_days": 90,
    "voicemail_days": 30,
    "logs_days": 14,
    "audit_days": 730,
}
LIMITS = {
    "voicemail_enabled": True,
    "caller_calls_per_hour": 12,
    "all_calls_per_hour": 0,
    "check_above": 0,
    "messages_per_caller": 5,
    "messages_in_all": 300,
    "block_hours": 8,
}


async def blocked(parts: Deps, ana: Browser) -> KnownCaller:
    """Ana has blocked a caller."""
    world = parts.world
    assert ana.person is not None
    who = ana.person

    async def unit(db: Connection) -> KnownCaller:
        caller = await know_caller(world, db, NUMBER, call_uuid="call-0001", now=world.clock())
        await block_caller(world, db, who, caller.id, hotline_id="line", reason=BlockReason.THREAT)
        return caller

    return await world.database.write(unit)


async def asked(browser: Browser, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    """Status and JSON of an answer."""
    response = await browser.send(method, path, body)
    return response.status_code, await response.get_json()


async def actions(parts: Deps) -> list[str]:
    """What the audit log says was done."""
    rows = await parts.world.database.read(lambda db: db.fetch_all("SELECT action FROM audit ORDER BY seq"))
    return [str(row[0]) for row in rows]


async def test_administrators_see_lengthen_and_lift_blocks(parts: Deps, ana: Browser, admin: Browser) -> None:
    """Who, why, until when and by whom; each change is written down."""
    caller = await blocked(parts, ana)

    _, listed = await asked(admin, "GET", "/api/admin/blocks")
    (block,) = listed["items"]
    _, longer = await asked(admin, "POST", f"/api/admin/blocks/{block['id']}/lengthen", {"hours": 12})
    _, lifted = await asked(admin, "POST", f"/api/admin/blocks/{block['id']}/lift")
    twice = await asked(admin, "POST", f"/api/admin/blocks/{block['id']}/lift")

    assert block["caller"] == {"id": caller.id, "label": caller.label}
    assert (block["reason"], block["made_by"]["name"], block["until"]) == ("threat", "Ana", "2026-11-20T20:00:00.000Z")
    assert (block["in_force"], longer["until"]) == (True, "2026-11-21T08:00:00.000Z")
    assert (lifted["in_force"], lifted["lifted_at"]) == (False, "2026-11-20T12:00:00.000Z")
    assert twice[0] == 409
    assert twice[1]["error"]["code"] == "block_ended"
    assert await actions(parts) == ["caller.blocked", "block.lengthened", "block.lifted"]


@pytest.mark.parametrize("body", [{}, {"hours": 0}, {"hours": -1}, {"hours": "x"}, {"hours": 12, "until": "x"}])
async def test_a_block_is_lengthened_by_hours_alone(
    parts: Deps, ana: Browser, admin: Browser, body: dict[str, object]
) -> None:
    """Anything else is refused, by name where there is one."""
    await blocked(parts, ana)
    _, listed = await asked(admin, "GET", "/api/admin/blocks")

    response = await admin.app.test_client(use_cookies=False).post(
        f"/api/admin/blocks/{listed['items'][0]['id']}/lengthen", headers=admin.headers(), json=body
    )

    assert response.status_code == 400


@pytest.mark.tm("TM-D5")
async def test_the_end_of_a_number_is_for_administrators_who_gave_their_password(
    parts: Deps, ana: Browser, admin: Browser, clock: Clock
) -> None:
    """Four digits, one audit row, and nothing once the password was given too long ago."""
    caller = await blocked(parts, ana)
    path = f"/api/admin/callers/{caller.id}/reveal-masked"

    shown = await asked(admin, "POST", path)
    volunteers = await asked(ana, "POST", path)
    unknown = [await asked(admin, "POST", f"/api/admin/callers/{name}/reveal-masked") for name in ("x", f"c{'0' * 32}")]
    clock.forward(minutes=11)
    late = await asked(admin, "POST", path)

    assert shown == (200, {"id": caller.id, "label": caller.label, "withheld": False, "masked": "…0147"})
    assert volunteers[0] == 403
    assert [status for status, _ in unknown] == [404, 404]
    assert late[1]["error"]["code"] == "step_up_required"
    assert await actions(parts) == ["caller.blocked", "caller.revealed"]


@pytest.mark.tm("TM-D6")
async def test_one_caller_is_forgotten_on_request(parts: Deps, ana: Browser, admin: Browser) -> None:
    """What was kept of them goes at once; a second time there is nothing."""
    caller = await blocked(parts, ana)

    first = await asked(admin, "DELETE", f"/api/admin/callers/{caller.id}")
    second = await asked(admin, "DELETE", f"/api/admin/callers/{caller.id}")

    assert (first[0], second[0]) == (200, 404)
    for table in ("callers", "blocks"):
        rows = await parts.world.database.read(lambda db, t=table: db.fetch_all(f"SELECT 1 FROM {t}"))  # type: ignore[misc]  # noqa: S608  # a test's own
        assert list(rows) == []
    assert await actions(parts) == ["caller.blocked", "caller.forgotten"]


async def test_retention_is_shown_and_chosen(parts: Deps, admin: Browser) -> None:
    """The usual spans until an administrator chooses others; the change is written down once."""
    before = await asked(admin, "GET", "/api/admin/retention")
    chosen = {**USUAL, "calls_days": 30, "voicemail_days": 7}
    changed = await asked(admin, "PUT", "/api/admin/retention", chosen)
    await asked(admin, "PUT", "/api/admin/retention", chosen)

    assert before[1]["settings"] == USUAL
    assert before[1]["waiting_at_plivo"] == {"recordings": 0, "since": None, "problem": None}
    assert changed[1]["settings"] == chosen
    rows = await parts.world.database.read(lambda db: db.fetch_all("SELECT action, detail FROM audit"))
    assert [tuple(row) for row in rows] == [
        ("retention.changed", '{"calls_days":{"from":90,"to":30},"voicemail_days":{"from":30,"to":7}}')
    ]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"calls_days": 0}, "calls_days"),
        ({"pseudonym_days": 367}, "pseudonym_days"),
        ({"pseudonym_keep_days": 8}, "pseudonym_keep_days"),
        ({"audit_days": 30}, "audit_days"),
        ({"logs_days": 91}, "logs_days"),
        ({"voicemail_days": "x"}, "voicemail_days"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_a_span_out_of_range_is_refused_by_name(admin: Browser, change: dict[str, object], field: str) -> None:
    """In a sentence that says what would be right."""
    status, answer = await asked(admin, "PUT", "/api/admin/retention", {**USUAL, **change})

    assert (status, answer["error"]["field"]) == (400, field)
    assert (await asked(admin, "GET", "/api/admin/retention"))[1]["settings"] == USUAL


async def test_a_hotline_has_limits_of_its_own(parts: Deps, admin: Browser) -> None:
    """The usual ones until others are set; out of range is refused."""
    path, odd = "/api/admin/hotlines/line/privacy", "/api/admin/hotlines/a%20b/privacy"
    before = await asked(admin, "GET", path)
    chosen = {**LIMITS, "check_above": 40, "block_hours": 12, "voicemail_enabled": False}
    changed = await asked(admin, "PUT", path, chosen)
    refused = await asked(admin, "PUT", path, {**LIMITS, "block_hours": 0})

    assert before == (200, LIMITS)
    assert changed == (200, chosen)
    assert await asked(admin, "GET", path) == (200, chosen)
    assert (await asked(admin, "GET", "/api/admin/hotlines/other/privacy"))[1] == LIMITS
    assert (refused[0], refused[1]["error"]["field"]) == (400, "block_hours")
    assert [(await asked(admin, *ask))[0] for ask in (("GET", odd), ("PUT", odd, LIMITS))] == [404, 404]
    assert await actions(parts) == ["hotline.limits_changed"]


@pytest.mark.tm("TM-D6")
async def test_the_purge_runs_by_itself(purged: list[PurgeRun]) -> None:
    """From the start of the service on; nobody has to ask for it, and the page shows that it ran."""
    assert [(run.at, dict(run.removed)) for run in purged] == [(NOON, {})]


@pytest.mark.tm("TM-D6")
@pytest.mark.usefixtures("purged")
async def test_calls_and_their_log_go_when_their_time_is_over(
    parts: Deps, ana: Browser, admin: Browser, clock: Clock
) -> None:
    """First what was told of them, then they; administrators see when and how many; the audit log still holds."""
    world = parts.world
    ben = volunteer("ben", extension="22")
    until = world.clock() + timedelta(hours=1)
    await world.database.write(lambda db: set_up(db, [ben], keyring=world.keyring, until=until, to=connection()))
    plivo = Caller(app=ana.app)
    await plivo.dial(ben, "22")
    hangup = {**plivo.outgoing(ben, "22"), "Event": "Hangup", "CallStatus": "completed", "HangupCause": "NORMAL"}
    await plivo.ask("/telephony/main/status", hangup)

    early = await purge(world)
    clock.forward(days=14, seconds=1)
    after_logs = await purge(world)
    clock.forward(days=77)
    after_calls = await purge(world)
    nothing = await purge(world)
    clock.forward(minutes=10)
    await purge(world)
    assert admin.person is not None
    root = await browser_of(admin.app, admin.person)
    _, shown = await asked(root, "GET", "/api/admin/retention")

    assert early == {}
    assert after_logs == {"log_entries": 1}
    assert after_calls == {"calls": 1}
    assert nothing == {}
    assert [run["removed"] for run in shown["runs"]] == [{}, {"calls": 1}]
    assert shown["runs"][0]["at"] == "2027-02-19T12:10:01.000Z"
    assert (await world.database.read(verify_audit))[1] is None
