"""Remove what has been kept long enough, here and at Plivo (threat model, TM-D6), and say what was removed."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from softphone.actions.ensure_application import credentials_of
from softphone.actions.know_caller import renew_key
from softphone.actions.world import World
from softphone.domain.errors import PlivoFailure, SoftphoneError
from softphone.domain.privacy import Privacy
from softphone.plivo.transport import Credentials
from softphone.store.admissions import delete_admissions_before
from softphone.store.audit import delete_audit_before
from softphone.store.blocks import delete_blocks_before
from softphone.store.call_log import delete_logged_calls_before
from softphone.store.callers import delete_spent_keys
from softphone.store.calls import delete_calls_before, delete_facts_before
from softphone.store.connections import select_connection
from softphone.store.database import Connection
from softphone.store.doubts import delete_alerts_before
from softphone.store.nonces import KEEP_NONCES
from softphone.store.page_signs import delete_ring_reports_before
from softphone.store.privacy import select_privacy
from softphone.store.purges import PurgeRun, delete_runs_before, insert_run
from softphone.store.voicemails import (
    Deletion,
    delete_deletions_before,
    delete_voicemails_before,
    select_due_deletions,
    select_unmeasured,
    update_deletion_failed,
    update_deletion_gone,
    update_seconds,
)

PURGE_EVERY = timedelta(minutes=10)
BATCH = 500
"""Rows of one unit: no unit holds the database for long."""
ADMISSION_LIFE = timedelta(days=1)
FIRST_PAUSE = timedelta(minutes=5)
LONGEST_PAUSE = timedelta(hours=6)
MOST_REQUESTS = 100
"""To Plivo, in one run."""
UNMEASURED_AFTER = timedelta(minutes=2)
UNMEASURED_UNTIL = timedelta(days=1)

log = logging.getLogger("softphone.purge")


@dataclass(frozen=True, slots=True)
class _Kind:
    """Something that is kept for a time: its name for administrators, since when it is too old, how a batch goes."""

    name: str
    too_old: datetime
    delete: Callable[[Connection, datetime], Awaitable[int]]


async def purge(world: World) -> Mapping[str, int]:
    """One run; how many of each kind were removed. `recordings` are those that Plivo has deleted for good."""
    now = world.clock()
    chosen = await world.database.read(select_privacy)
    removed: dict[str, int] = {}
    for kind in _kinds(chosen, now=now):
        removed[kind.name] = await _all(world, kind)
    removed["pseudonym_keys"] = await world.database.write(lambda db: _destroy_keys(world, db, chosen, now=now))
    await measure(world)
    removed["recordings"] = await delete_at_plivo(world)
    run = PurgeRun(at=now, removed={name: count for name, count in removed.items() if count})
    await world.database.write(lambda db: _write_down(db, run, chosen))
    if run.removed:
        await world.database.scrub()
        log.info("removed what was kept long enough: %s", ", ".join(f"{n} {name}" for name, n in run.removed.items()))
    return run.removed


def _kinds(chosen: Privacy, *, now: datetime) -> tuple[_Kind, ...]:
    logs = now - timedelta(days=chosen.logs_days)
    return (
        _Kind(
            "voicemails",
            now - timedelta(days=chosen.voicemail_days),
            lambda db, too_old: delete_voicemails_before(db, too_old, limit=BATCH, now=now),
        ),
        _Kind(
            "calls",
            now - timedelta(days=chosen.calls_days),
            lambda db, too_old: delete_calls_before(db, too_old, limit=BATCH),
        ),
        _Kind(
            "hotline_calls",
            now - timedelta(days=chosen.calls_days),
            lambda db, too_old: delete_logged_calls_before(db, too_old, limit=BATCH),
        ),
        _Kind("log_entries", logs, lambda db, too_old: delete_facts_before(db, too_old, limit=BATCH)),
        _Kind("ring_reports", logs, lambda db, too_old: delete_ring_reports_before(db, too_old, limit=BATCH)),
        _Kind("alerts", logs, lambda db, too_old: delete_alerts_before(db, too_old, limit=BATCH)),
        _Kind("blocks", logs, lambda db, too_old: delete_blocks_before(db, too_old, limit=BATCH)),
        _Kind(
            "admissions", now - ADMISSION_LIFE, lambda db, too_old: delete_admissions_before(db, too_old, limit=BATCH)
        ),
        # A callback may come again for as long as its nonce is known: until then the mark keeps the message away.
        _Kind("marks", now - KEEP_NONCES, lambda db, too_old: delete_deletions_before(db, too_old, limit=BATCH)),
        _Kind(
            "audit_rows",
            now - timedelta(days=chosen.audit_days),
            lambda db, too_old: delete_audit_before(db, too_old, limit=BATCH),
        ),
    )


async def _all(world: World, kind: _Kind) -> int:
    total = 0
    while count := await world.database.write(lambda db: kind.delete(db, kind.too_old)):
        total += count
    return total


async def _destroy_keys(world: World, db: Connection, chosen: Privacy, *, now: datetime) -> int:
    # A key must be succeeded even where nobody calls, or it would be kept for ever.
    await renew_key(world, db, now=now)
    return await delete_spent_keys(db, made_before=now - chosen.pseudonym_keep)


async def _write_down(db: Connection, run: PurgeRun, chosen: Privacy) -> None:
    await delete_runs_before(db, run.at - timedelta(days=chosen.logs_days))
    await insert_run(db, run)


async def delete_at_plivo(world: World) -> int:
    """Have Plivo delete what it should; how many are gone. What fails is tried again later, for as long as it takes."""
    now = world.clock()
    due = await world.database.read(lambda db: select_due_deletions(db, now=now, limit=MOST_REQUESTS))
    gone = 0
    for deletion in due:
        problem = await _delete_one(world, deletion)
        await world.database.write(partial(_note, deletion=deletion, problem=problem, now=now))
        gone += problem is None
    return gone


async def _delete_one(world: World, deletion: Deletion) -> str | None:
    credentials = await _credentials(world, deletion)
    if credentials is None:
        return "There is no connection to this account any more."
    try:
        await world.plivo.delete_recording(credentials, deletion.recording_id)
    except SoftphoneError as failure:
        log.warning("A recording is not deleted at Plivo yet: %s", failure.code)
        return failure.message
    return None


async def _note(db: Connection, *, deletion: Deletion, problem: str | None, now: datetime) -> None:
    if problem is None:
        await update_deletion_gone(db, deletion, now=now)
        return
    pause = min(FIRST_PAUSE * 2 ** min(deletion.tries, 10), LONGEST_PAUSE)
    await update_deletion_failed(db, deletion, problem=problem, next_at=now + pause)


async def measure(world: World) -> None:
    """Ask Plivo how long those messages are of which no callback has told it."""
    now = world.clock()
    before, after = now - UNMEASURED_AFTER, now - UNMEASURED_UNTIL
    found = await world.database.read(lambda db: select_unmeasured(db, before=before, after=after, limit=MOST_REQUESTS))
    for message in found:
        deletion = Deletion(connection_id=message.connection_id, recording_id=message.recording_id, tries=0)
        credentials = await _credentials(world, deletion)
        if credentials is None:
            continue
        try:
            recording = await world.plivo.get_recording(credentials, message.recording_id)
        except PlivoFailure as failure:
            log.warning("The length of a message is not known yet: %s", failure.code)
            continue
        if recording.seconds is not None:
            await world.database.write(partial(update_seconds, voicemail_id=message.id, seconds=recording.seconds))


async def _credentials(world: World, deletion: Deletion) -> Credentials | None:
    connection = await world.database.read(
        lambda db: select_connection(db, deletion.connection_id, keyring=world.keyring)
    )
    return credentials_of(connection) if connection else None
