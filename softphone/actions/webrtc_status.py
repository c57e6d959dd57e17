"""Say whether a volunteer may use the browser phone now."""

from softphone.actions.world import World
from softphone.domain.errors import NotFound
from softphone.domain.ids import VolunteerId
from softphone.domain.policy import WebRTCAllowed, WebRTCDecision, WebRTCOff, webrtc_decision
from softphone.store.connections import select_default_connection
from softphone.store.database import Connection
from softphone.store.volunteers import select_volunteer

PROVIDER = "plivo"


async def webrtc_status(world: World, volunteer_id: VolunteerId) -> WebRTCDecision:
    """The decision as of this moment: nothing of it is remembered."""
    return await world.database.read(lambda db: decide_now(db, world, volunteer_id))


async def decide_now(db: Connection, world: World, volunteer_id: VolunteerId) -> WebRTCDecision:
    """The decision inside a read or a unit.

    Raises: NotFound if there is no such volunteer.
    """
    volunteer = await select_volunteer(db, volunteer_id)
    if volunteer is None:
        raise NotFound
    return webrtc_decision(volunteer, await select_default_connection(db, keyring=world.keyring))


def webrtc_body(decision: WebRTCDecision) -> dict[str, object]:
    """A decision as pages are told it."""
    match decision:
        case WebRTCAllowed():
            return {"available": True, "reason": None, "message": None}
        case WebRTCOff(reason, message):
            return {"available": False, "reason": reason.value, "message": message}
