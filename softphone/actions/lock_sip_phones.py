"""A volunteer who is switched off loses their SIP phones at once.

From the same unit on, nothing rings them and nothing that they dial is put through. Their passwords are changed at
Plivo as soon as it can be reached, however often that must be tried, so that no device can sign in again.
"""

from softphone.actions.ensure_endpoint import new_password
from softphone.actions.world import World
from softphone.domain.ids import VolunteerId
from softphone.domain.sip_phones import Task
from softphone.store.database import Connection
from softphone.store.phone_links import delete_links
from softphone.store.sip_phones import select_sip_phones_of, update_next_password, update_task


async def lock_sip_phones(db: Connection, world: World, volunteer: VolunteerId) -> None:
    """Have every password replaced by one that nobody is shown, in the unit that switches the volunteer off."""
    for phone in await select_sip_phones_of(db, volunteer):
        await delete_links(db, phone.endpoint.id)
        if phone.endpoint.plivo_id is None or phone.task is Task.REMOVE:
            continue  # Nobody has its password: it was never given out.
        await update_next_password(db, phone.endpoint.id, new_password(world), keyring=world.keyring)
        await update_task(db, phone.endpoint.id, Task.LOCK, at=world.clock())
