"""Whether the published copy of a hotline's fallback document still says what it should."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from softphone.actions.world import World
from softphone.actions.write_fallback import digest_of
from softphone.domain.dialling import own_caller_id
from softphone.domain.errors import NotFound
from softphone.domain.ids import HotlineId
from softphone.store.connections import select_connection
from softphone.store.database import Connection
from softphone.store.fallback_copies import select_fallback_digest
from softphone.store.hotlines import select_hotline
from softphone.store.private_phones import select_fallback_phones


class Stale(StrEnum):
    """Why the copy is not to be relied on."""

    NEVER_MADE = "never_made"
    CHANGED = "changed"


WORDS = {
    Stale.NEVER_MADE: "No fallback document was made yet. Without it, callers hear nothing useful when we are down.",
    Stale.CHANGED: "The telephones, languages or times have changed since. Make the document anew and publish it.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fallback:
    """Where the document stands. `phones` is how many telephones it would ring if it were made now."""

    made_at: datetime | None
    why: Stale | None
    phones: int
    languages: tuple[str, ...]


async def see_fallback(world: World, hotline_id: HotlineId) -> Fallback:
    """Where a hotline's document stands.

    Raises: NotFound.
    """

    async def unit(db: Connection) -> Fallback:
        hotline = await select_hotline(db, hotline_id)
        connection = await select_connection(db, hotline.connection_id, keyring=world.keyring) if hotline else None
        if hotline is None or connection is None:
            raise NotFound(message="There is no such hotline.")
        phones = await select_fallback_phones(db, hotline_id, keyring=world.keyring)
        kept = await select_fallback_digest(db, hotline_id)
        same = kept == digest_of(hotline, phones, caller_id=own_caller_id(connection))
        made = hotline.fallback_made_at
        why = Stale.NEVER_MADE if made is None or kept is None else None if same else Stale.CHANGED
        return Fallback(made_at=made, why=why, phones=len(phones), languages=hotline.languages)

    return await world.database.read(unit)
