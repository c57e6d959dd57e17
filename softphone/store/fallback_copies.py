"""What the last written fallback document of each hotline said, as a hash: to tell when it is out of date."""

from softphone.domain.ids import HotlineId
from softphone.store.database import Connection


async def upsert_fallback_digest(db: Connection, hotline_id: HotlineId, digest: str) -> None:
    """Keep what the document says that was written just now."""
    await db.execute(
        "INSERT INTO fallback_copies (hotline_id, digest) VALUES ($1, $2)"
        " ON CONFLICT (hotline_id) DO UPDATE SET digest = $2",
        hotline_id,
        digest,
    )


async def select_fallback_digest(db: Connection, hotline_id: HotlineId) -> str | None:
    """What the last written document said; None if none was written."""
    row = await db.fetch_one("SELECT digest FROM fallback_copies WHERE hotline_id = $1", hotline_id)
    return str(row[0]) if row else None
