"""SIP phones with all that is shown of them, read in one view."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from softphone.actions.change_sip_phone import own_phone
from softphone.actions.world import World
from softphone.domain.ids import ConnectionId, EndpointId, VolunteerId
from softphone.domain.registration import Registration
from softphone.domain.sip_phones import SipPhone
from softphone.store.connections import select_connections
from softphone.store.database import Connection as Db
from softphone.store.registrations import select_newest_registration
from softphone.store.sip_phones import count_sip_phones, select_sip_phones, select_sip_phones_of
from softphone.store.sip_watches import SipWatch, select_watches

MOST_CONNECTIONS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPhones:
    """Phones with their newest registrations, the names of connections, and how the watch over each goes."""

    phones: Sequence[tuple[SipPhone, Registration | None]]
    total: int
    connections: Mapping[ConnectionId, str]
    watches: Mapping[ConnectionId, SipWatch]


async def show_phones(world: World, *, owner: VolunteerId | None, limit: int = 200, offset: int = 0) -> ShownPhones:
    """A volunteer's phones, or everybody's."""

    async def read(db: Db) -> ShownPhones:
        if owner is not None:
            found = await select_sip_phones_of(db, owner)
            return await _shown(world, db, found, total=len(found))
        found = await select_sip_phones(db, limit=limit, offset=offset)
        return await _shown(world, db, found, total=await count_sip_phones(db))

    return await world.database.read(read)


async def show_phone(world: World, endpoint_id: EndpointId, *, owner: VolunteerId | None) -> ShownPhones:
    """One phone.

    Raises: NotFound.
    """

    async def read(db: Db) -> ShownPhones:
        return await _shown(world, db, [await own_phone(db, endpoint_id, owner=owner)], total=1)

    return await world.database.read(read)


async def _shown(world: World, db: Db, phones: Sequence[SipPhone], *, total: int) -> ShownPhones:
    return ShownPhones(
        phones=[(phone, await select_newest_registration(db, phone.endpoint.id)) for phone in phones],
        total=total,
        connections={
            one.id: one.name
            for one in await select_connections(db, limit=MOST_CONNECTIONS, offset=0, keyring=world.keyring)
        },
        watches=await select_watches(db),
    )
