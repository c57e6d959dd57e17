"""Leases: of any number of processes, one does a thing at a time, and another takes over when it is gone."""

from datetime import datetime, timedelta

from softphone.store.database import Connection, to_micros


async def take_lease(db: Connection, name: str, holder: str, *, lasts: timedelta, now: datetime) -> bool:
    """Take or renew a lease; False while another holds it. The row decides, so two can never both have it."""
    taken = await db.execute(
        "INSERT INTO leases (name, holder, until) VALUES ($1, $2, $3)"
        " ON CONFLICT (name) DO UPDATE SET holder = $2, until = $3 WHERE leases.holder = $2 OR leases.until <= $4",
        name,
        holder,
        to_micros(now + lasts),
        to_micros(now),
    )
    return taken == 1
