"""What an administrator chose about callers: retention for all, limits for each hotline. The usual otherwise."""

from softphone.domain.privacy import HotlinePrivacy, Privacy
from softphone.store.database import Connection

_ROW = "installation"


async def select_privacy(db: Connection) -> Privacy:
    """Retention."""
    row = await db.fetch_one(
        "SELECT pseudonym_days, pseudonym_keep_days, calls_days, voicemail_days, logs_days, audit_days"
        " FROM privacy WHERE id = $1",
        _ROW,
    )
    if row is None:
        return Privacy()
    pseudonym, keep, calls, voicemail, logs, audit = (int(str(value)) for value in row)
    return Privacy(
        pseudonym_days=pseudonym,
        pseudonym_keep_days=keep,
        calls_days=calls,
        voicemail_days=voicemail,
        logs_days=logs,
        audit_days=audit,
    )


async def upsert_privacy(db: Connection, chosen: Privacy) -> None:
    """Choose retention."""
    await db.execute(
        "INSERT INTO privacy (id, pseudonym_days, pseudonym_keep_days, calls_days, voicemail_days, logs_days,"
        " audit_days) VALUES ($1, $2, $3, $4, $5, $6, $7)"
        " ON CONFLICT (id) DO UPDATE SET pseudonym_days = excluded.pseudonym_days,"
        " pseudonym_keep_days = excluded.pseudonym_keep_days, calls_days = excluded.calls_days,"
        " voicemail_days = excluded.voicemail_days, logs_days = excluded.logs_days, audit_days = excluded.audit_days",
        _ROW,
        chosen.pseudonym_days,
        chosen.pseudonym_keep_days,
        chosen.calls_days,
        chosen.voicemail_days,
        chosen.logs_days,
        chosen.audit_days,
    )


async def select_hotline_privacy(db: Connection, hotline_id: str) -> HotlinePrivacy:
    """A hotline's limits."""
    row = await db.fetch_one(
        "SELECT voicemail_enabled, caller_calls_per_hour, all_calls_per_hour, check_above, messages_per_caller,"
        " messages_in_all, block_hours FROM hotline_privacy WHERE hotline_id = $1",
        hotline_id,
    )
    if row is None:
        return HotlinePrivacy()
    caller, everybody, check, messages, all_messages, hours = (int(str(value)) for value in row[1:])
    return HotlinePrivacy(
        voicemail_enabled=bool(row[0]),
        caller_calls_per_hour=caller,
        all_calls_per_hour=everybody,
        check_above=check,
        messages_per_caller=messages,
        messages_in_all=all_messages,
        block_hours=hours,
    )


async def upsert_hotline_privacy(db: Connection, hotline_id: str, chosen: HotlinePrivacy) -> None:
    """Choose a hotline's limits."""
    await db.execute(
        "INSERT INTO hotline_privacy (hotline_id, voicemail_enabled, caller_calls_per_hour, all_calls_per_hour,"
        " check_above, messages_per_caller, messages_in_all, block_hours) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
        " ON CONFLICT (hotline_id) DO UPDATE SET voicemail_enabled = excluded.voicemail_enabled,"
        " caller_calls_per_hour = excluded.caller_calls_per_hour, all_calls_per_hour = excluded.all_calls_per_hour,"
        " check_above = excluded.check_above, messages_per_caller = excluded.messages_per_caller,"
        " messages_in_all = excluded.messages_in_all, block_hours = excluded.block_hours",
        hotline_id,
        chosen.voicemail_enabled,
        chosen.caller_calls_per_hour,
        chosen.all_calls_per_hour,
        chosen.check_above,
        chosen.messages_per_caller,
        chosen.messages_in_all,
        chosen.block_hours,
    )
