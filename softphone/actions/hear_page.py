"""What a volunteer's open page says of itself: that it is there, and that it rings for a caller."""

from softphone.actions.record_registration import DEVICE
from softphone.actions.watch_shifts import tell_doubt
from softphone.actions.world import World
from softphone.domain.doubts import Doubt, PageSign
from softphone.domain.errors import InvalidInput, NotFound
from softphone.domain.ids import CallRef, DeviceId, VolunteerId
from softphone.domain.routing import APPS
from softphone.store.database import Connection
from softphone.store.doubts import Told, select_doubts
from softphone.store.hotline_calls import select_hotline_call_by_ref
from softphone.store.page_signs import insert_ring_report, upsert_page_sign
from softphone.store.rounds import select_rounds


async def hear_presence(world: World, volunteer: VolunteerId, device_id: str) -> Told | None:
    """The page is there. Returns the doubt that stands about its volunteer, if there is one.

    Raises: InvalidInput.
    """
    device = read_device(device_id)

    async def unit(db: Connection) -> Told | None:
        now = world.clock()
        await upsert_page_sign(db, PageSign(volunteer_id=volunteer, device_id=device, seen_at=now))
        told = (await select_doubts(db)).get(volunteer)
        if told is not None and told.why is Doubt.PAGE_SILENT:
            # It answers again: nobody waits for the next look to hear that.
            await tell_doubt(db, volunteer, None, now=now)
            return None
        return told

    return await world.database.write(unit)


async def hear_ring(world: World, volunteer: VolunteerId, ref: CallRef, device_id: str) -> None:
    """The page rings for a caller. Saying so twice is the same as once.

    Raises: InvalidInput; NotFound if the caller is not offered to an app of this volunteer's.
    """
    device = read_device(device_id)

    async def unit(db: Connection) -> None:
        now = world.clock()
        call = await select_hotline_call_by_ref(db, ref)
        rounds = await select_rounds(db, call.call_uuid) if call else []
        mine = [
            made for made in rounds if any(one.volunteer_id == volunteer and one.phone in APPS for one in made.rung)
        ]
        if call is None or not mine:
            raise NotFound(message="This call does not ring for you.")
        await upsert_page_sign(db, PageSign(volunteer_id=volunteer, device_id=device, seen_at=now))
        await insert_ring_report(db, call.call_uuid, mine[-1].step, volunteer, now=now)

    await world.database.write(unit)


def read_device(text: str) -> DeviceId:
    """The id of a device, checked.

    Raises: InvalidInput.
    """
    if not DEVICE.fullmatch(text):
        raise InvalidInput("The device id has 8 to 64 letters, digits, _ or -.", field="device_id")
    return DeviceId(text)
