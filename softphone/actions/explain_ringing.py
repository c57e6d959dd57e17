"""Who would ring now, and why not the others: the very function that routes calls, asked without a call."""

from dataclasses import dataclass
from datetime import datetime

from softphone.actions.world import World
from softphone.domain.candidates import Known, candidate
from softphone.domain.connections import Connection
from softphone.domain.errors import InvalidInput, NotFound
from softphone.domain.hotline import Hotline
from softphone.domain.hours import open_at
from softphone.domain.ids import HotlineId
from softphone.domain.routing import Candidate, Last, Routed, Situation, route
from softphone.store.connections import select_connection
from softphone.store.database import Connection as Db
from softphone.store.hotlines import select_hotline
from softphone.store.privacy import select_hotline_privacy
from softphone.store.roster import select_known


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """The answer for a caller who would call at `at` and choose `language`."""

    hotline: Hotline
    language: str
    at: datetime
    is_open: bool
    routed: Routed


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """Who is there for a hotline at a moment, in the same order three times: as known, as candidates, as routed."""

    known: tuple[Known, ...]
    candidates: tuple[Candidate, ...]
    routed: Routed


async def explain_ringing(
    world: World, hotline_id: HotlineId, *, language: str | None = None, at: datetime | None = None
) -> Explained:
    """What would happen to a new caller. Of another time, hours and holidays are known; who is on duty, in a call or
    reachable is taken as it is now, with registrations and pauses that have run out by then.

    Raises: NotFound; InvalidInput for a language that the hotline has not.
    """
    now = at or world.clock()

    async def unit(db: Db) -> Explained:
        hotline = await select_hotline(db, hotline_id)
        connection = await select_connection(db, hotline.connection_id, keyring=world.keyring) if hotline else None
        if hotline is None or connection is None:
            raise NotFound(message="There is no such hotline.")
        chosen = language or hotline.default_language
        if chosen not in hotline.languages:
            raise InvalidInput("This hotline does not have this language.", field="language")
        shift = await look_at_shift(world, db, hotline, connection=connection, language=chosen, strangers=True, now=now)
        return Explained(hotline=hotline, language=chosen, at=now, is_open=open_at(hotline, now), routed=shift.routed)

    return await world.database.read(unit)


async def look_at_shift(
    world: World,
    db: Db,
    hotline: Hotline,
    *,
    connection: Connection,
    language: str,
    strangers: bool,
    now: datetime,
) -> Shift:
    """What would happen to a new caller who speaks `language`; with `strangers`, why those who are no members do not
    ring either.
    """
    situation = Situation(
        hotline=hotline,
        language=language,
        waiting_since=now,
        round=0,
        last=Last.NOTHING,
        halves=(),
        reconnect_to=None,
        takes_messages=(await select_hotline_privacy(db, hotline.id)).voicemail_enabled,
    )
    keyring = world.keyring
    known = await select_known(db, hotline, call=None, history=((), ()), strangers=strangers, keyring=keyring, now=now)
    candidates = [candidate(one, connection, now=now) for one in known]
    return Shift(known=tuple(known), candidates=tuple(candidates), routed=route(situation, candidates, now=now))
