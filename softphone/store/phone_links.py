"""One-time links to a phone's credentials: a hash, a kind, an end. The secret itself is kept nowhere (TM-P1)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from softphone.domain.ids import EndpointId
from softphone.store.database import Connection, to_micros


class LinkKind(StrEnum):
    """What a link opens: the page with the fields, or the file that Linphone fetches."""

    PAGE = "page"
    LINPHONE = "linphone"


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneLink:
    """A link that has been made."""

    id: str
    kind: LinkKind
    secret_hash: str
    endpoint_id: EndpointId
    created_at: datetime
    expires_at: datetime


async def insert_link(db: Connection, link: PhoneLink) -> None:
    """Add a link."""
    await db.execute(
        "INSERT INTO phone_links (id, kind, secret_hash, endpoint_id, created_at, expires_at)"
        " VALUES ($1, $2, $3, $4, $5, $6)",
        link.id,
        link.kind,
        link.secret_hash,
        link.endpoint_id,
        to_micros(link.created_at),
        to_micros(link.expires_at),
    )


async def update_link_used(db: Connection, secret_hash: str, kind: LinkKind, *, now: datetime) -> EndpointId | None:
    """Use a link up: whose credentials it opens, for exactly one of any number who try; None for all others."""
    row = await db.fetch_one(
        "UPDATE phone_links SET used_at = $3 WHERE secret_hash = $1 AND kind = $2 AND used_at IS NULL"
        " AND expires_at > $3 RETURNING endpoint_id",
        secret_hash,
        kind,
        to_micros(now),
    )
    return EndpointId(str(row[0])) if row else None


async def select_open_link(db: Connection, secret_hash: str, kind: LinkKind, *, now: datetime) -> bool:
    """Whether a link would still open something. Looking does not use it."""
    row = await db.fetch_one(
        "SELECT 1 FROM phone_links WHERE secret_hash = $1 AND kind = $2 AND used_at IS NULL AND expires_at > $3",
        secret_hash,
        kind,
        to_micros(now),
    )
    return row is not None


async def delete_links(db: Connection, endpoint_id: EndpointId) -> None:
    """Have every link of a phone open nothing any more."""
    await db.execute("DELETE FROM phone_links WHERE endpoint_id = $1", endpoint_id)


async def delete_links_before(db: Connection, moment: datetime) -> int:
    """Forget links that ended before a moment; how many there were."""
    return await db.execute("DELETE FROM phone_links WHERE expires_at < $1", to_micros(moment))
