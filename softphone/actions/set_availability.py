"""Say whether a volunteer is on duty, and in which languages."""

from collections.abc import Sequence
from dataclasses import replace

from softphone.actions.tell_hotline import BOARD
from softphone.actions.world import World
from softphone.domain.errors import NotSignedIn
from softphone.domain.ids import VolunteerId
from softphone.domain.times import iso
from softphone.domain.volunteer_rules import read_languages
from softphone.domain.volunteers import Availability, Volunteer
from softphone.store.database import Connection
from softphone.store.events import ADMINS, append_event, only
from softphone.store.volunteers import select_volunteer, update_availability, update_languages


async def set_availability(
    world: World, volunteer: VolunteerId, availability: Availability, *, languages: Sequence[str] | None = None
) -> Volunteer:
    """The volunteer as they are now. Saying the same twice does not begin a new time on duty.

    Raises: InvalidInput for languages that are none.
    """
    wanted = read_languages(languages) if languages is not None else None

    async def unit(connection: Connection) -> Volunteer:
        now = world.clock()
        person = await select_volunteer(connection, volunteer, lock=True)
        if person is None or not person.active:
            raise NotSignedIn
        if wanted is not None and wanted != person.languages:
            await update_languages(connection, volunteer, wanted)
            person = replace(person, languages=wanted)
        if availability is not person.availability:
            await update_availability(connection, volunteer, availability, since=now)
            person = replace(person, availability=availability, availability_since=now)
            body = {"availability": availability.value, "since": iso(now)}
            await append_event(connection, only(volunteer), "availability", body=body, now=now)
            await append_event(connection, ADMINS, BOARD, body={}, now=now)
        return person

    return await world.database.write(unit)
