"""Who is there for each hotline now, and about whom there is a doubt: what the board shows and the watch tells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from softphone.actions.explain_ringing import Shift, look_at_shift
from softphone.actions.world import World
from softphone.domain.connections import Connection
from softphone.domain.doubts import Doubt, doubt_about
from softphone.domain.hotline import Hotline
from softphone.domain.ids import ConnectionId, VolunteerId
from softphone.domain.routing import RingRound
from softphone.store.connections import select_connection
from softphone.store.database import Connection as Db
from softphone.store.page_signs import select_last_rings, select_page_signs

MOST_HOTLINES = 500


@dataclass(frozen=True, slots=True)
class HotlineShift:
    """A hotline and who is there for it."""

    hotline: Hotline
    shift: Shift

    @property
    def would_ring(self) -> frozenset[VolunteerId]:
        """Whose phones would ring for a caller now."""
        match self.shift.routed.decision:
            case RingRound(callees=callees):
                return frozenset(one.volunteer_id for one in callees)
            case _:
                return frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shifts:
    """The shifts of some hotlines, and every doubt about their members."""

    shifts: tuple[HotlineShift, ...]
    doubts: Mapping[VolunteerId, Doubt]


async def look_at_shifts(world: World, db: Db, hotlines: Sequence[Hotline], *, now: datetime) -> Shifts:
    """What would happen to a new caller of each hotline, in its first language."""
    connections: dict[ConnectionId, Connection] = {}
    shifts, doubts = [], dict[VolunteerId, Doubt]()
    signs, rings = await select_page_signs(db), await select_last_rings(db, now=now)
    for hotline in hotlines:
        if hotline.connection_id not in connections:
            found = await select_connection(db, hotline.connection_id, keyring=world.keyring)
            if found is None:
                continue
            connections[hotline.connection_id] = found
        connection = connections[hotline.connection_id]
        language = hotline.default_language
        shift = await look_at_shift(
            world, db, hotline, connection=connection, language=language, strangers=False, now=now
        )
        shifts.append(HotlineShift(hotline, shift))
        for known in shift.known:
            person = known.volunteer.id
            doubt = doubt_about(known, connection, sign=signs.get(person), last=rings.get(person), now=now)
            if doubt is not None:
                doubts.setdefault(person, doubt)
    return Shifts(shifts=tuple(shifts), doubts=doubts)
