"""People to play with: the ones that `softphone demo` starts with."""

from dataclasses import dataclass

from softphone.actions.change_volunteer import Wanted, add_volunteer
from softphone.actions.world import World
from softphone.domain.volunteers import Dialling, Role, Volunteer
from softphone.store.audit import Actor
from softphone.store.setup import close_setup

CAST = (
    Wanted(name="Ana", login="ana", role=Role.ADMIN, languages=("en", "es"), dialling=Dialling.NUMBERS),
    Wanted(name="Ben", login="ben", languages=("en",), dialling=Dialling.NUMBERS),
    Wanted(name="Chloe", login="chloe", languages=("en", "fr")),
    Wanted(name="Dai", login="dai", languages=("en", "cy")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """Somebody, and the link with which they choose a password."""

    volunteer: Volunteer
    link: str


async def seed(world: World) -> list[Invited]:
    """Add an administrator and three volunteers to an empty database, and close set-up.

    Raises: Conflict if one of them is there already.
    """
    seeder = Actor(id=None, name="demo")
    invited = []
    for wanted in CAST:
        volunteer, link = await add_volunteer(world, seeder, wanted)
        invited.append(Invited(volunteer=volunteer, link=link))
    await world.database.write(lambda c: close_setup(c, now=world.clock()))
    return invited
