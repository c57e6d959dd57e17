"""How long things are kept, what the last purges removed, and the limits of each hotline.

GET, PUT /api/admin/retention
GET, PUT /api/admin/hotlines/{id}/privacy
"""

from dataclasses import asdict

from quart import Blueprint
from quart.typing import ResponseReturnValue

from softphone.actions.change_privacy import change_hotline_privacy, change_privacy, read_hotline_privacy
from softphone.domain.privacy import HotlinePrivacy, Privacy
from softphone.domain.sessions import SignedIn
from softphone.domain.times import iso
from softphone.store.database import Connection
from softphone.store.privacy import select_privacy
from softphone.store.purges import PurgeRun, select_runs
from softphone.store.voicemails import Waiting, select_waiting_deletions
from softphone.web.bodies import Body, read_body
from softphone.web.deps import deps
from softphone.web.guards import admin_only, require_step_up

retention = Blueprint("retention", __name__)

SHOWN_RUNS = 50


class RetentionBody(Body, frozen=True):
    """Days."""

    pseudonym_days: int
    pseudonym_keep_days: int
    calls_days: int
    voicemail_days: int
    logs_days: int
    audit_days: int


class HotlinePrivacyBody(Body, frozen=True):
    """A hotline's limits; 0 is none."""

    voicemail_enabled: bool
    caller_calls_per_hour: int
    all_calls_per_hour: int
    check_above: int
    messages_per_caller: int
    messages_in_all: int
    block_hours: int


@retention.get("/api/admin/retention")
@admin_only
async def get_retention(_signed_in: SignedIn) -> ResponseReturnValue:
    """What is kept how long, what was removed lately, and what Plivo has still to delete."""
    return await _shown()


@retention.put("/api/admin/retention")
@admin_only
async def put_retention(signed_in: SignedIn) -> ResponseReturnValue:
    """Keep things for other spans. A shorter one deletes, so the password is asked for."""
    require_step_up(signed_in)
    body = await read_body(RetentionBody)
    chosen = Privacy(
        pseudonym_days=body.pseudonym_days,
        pseudonym_keep_days=body.pseudonym_keep_days,
        calls_days=body.calls_days,
        voicemail_days=body.voicemail_days,
        logs_days=body.logs_days,
        audit_days=body.audit_days,
    )
    await change_privacy(deps().world, signed_in.volunteer, chosen)
    return await _shown()


@retention.get("/api/admin/hotlines/<hotline_id>/privacy")
@admin_only
async def get_hotline_privacy(_signed_in: SignedIn, hotline_id: str) -> ResponseReturnValue:
    """A hotline's limits."""
    return asdict(await read_hotline_privacy(deps().world, hotline_id))


@retention.put("/api/admin/hotlines/<hotline_id>/privacy")
@admin_only
async def put_hotline_privacy(signed_in: SignedIn, hotline_id: str) -> ResponseReturnValue:
    """Set a hotline's limits."""
    body = await read_body(HotlinePrivacyBody)
    chosen = HotlinePrivacy(
        voicemail_enabled=body.voicemail_enabled,
        caller_calls_per_hour=body.caller_calls_per_hour,
        all_calls_per_hour=body.all_calls_per_hour,
        check_above=body.check_above,
        messages_per_caller=body.messages_per_caller,
        messages_in_all=body.messages_in_all,
        block_hours=body.block_hours,
    )
    return asdict(await change_hotline_privacy(deps().world, signed_in.volunteer, hotline_id, chosen))


async def _shown() -> dict[str, object]:
    async def unit(db: Connection) -> tuple[Privacy, list[PurgeRun], Waiting]:
        return await select_privacy(db), await select_runs(db, limit=SHOWN_RUNS), await select_waiting_deletions(db)

    chosen, runs, waiting = await deps().world.database.read(unit)
    return {
        "settings": asdict(chosen),
        "runs": [{"at": iso(run.at), "removed": dict(run.removed)} for run in runs],
        "waiting_at_plivo": {
            "recordings": waiting.count,
            "since": iso(waiting.since) if waiting.since else None,
            "problem": waiting.problem,
        },
    }
