"""Write to the audit log and tell the administrators' open pages that there is something new."""

from collections.abc import Mapping
from datetime import datetime

from softphone.domain.volunteers import Volunteer
from softphone.store.audit import Actor, AuditEntry, append_audit
from softphone.store.database import Connection
from softphone.store.events import ADMINS, append_event


def actor_of(volunteer: Volunteer) -> Actor:
    """A volunteer as the one who did it."""
    return Actor(id=volunteer.id, name=volunteer.name)


async def record_audit(
    connection: Connection,
    actor: Actor,
    action: str,
    *,
    subject: str,
    now: datetime,
    detail: Mapping[str, object] | None = None,
) -> None:
    """One line of the log, in the unit of the change that it tells of."""
    await append_audit(
        connection, AuditEntry(actor=actor, action=action, subject=subject, detail=detail or {}), now=now
    )
    await append_event(connection, ADMINS, "audit", body={}, now=now)
