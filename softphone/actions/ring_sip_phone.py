"""Ring one SIP phone to see whether it works, and say what came of it."""

from collections.abc import Callable
from datetime import timedelta

from softphone.actions.answer_once import answer_once
from softphone.actions.change_sip_phone import connection_of, own_phone
from softphone.actions.ensure_application import RETRY_RULES, credentials_of
from softphone.actions.hand_out_sip_phone import check_ready
from softphone.actions.limit import limit
from softphone.actions.world import World
from softphone.domain.connections import Connection
from softphone.domain.dialling import own_caller_id
from softphone.domain.endpoints import sip_uri
from softphone.domain.errors import Conflict, NotFound, PlivoFailure
from softphone.domain.ids import EndpointId, EndpointUsername, PhoneNumber, VolunteerId
from softphone.domain.registration import Registration
from softphone.domain.ring_tests import (
    RING_FOR,
    TALK_FOR,
    RingState,
    RingTest,
    answered,
    confirmed,
    ended,
    refused,
    ring_body,
    without_news,
)
from softphone.domain.sip_phones import SipPhone, was_refused
from softphone.domain.sip_readings import sip_reachable
from softphone.domain.volunteers import Volunteer
from softphone.plivo.answers import NOTHING_MORE
from softphone.plivo.callbacks import VerifiedCallback, read_hangup, read_pressed
from softphone.plivo.rest import NewCall
from softphone.plivo.ring_answers import ask_for_key, thank, without_key
from softphone.store.database import Connection as Db
from softphone.store.events import append_event, only
from softphone.store.registrations import select_newest_registration
from softphone.store.ring_tests import insert_ring_test, select_ring_test, update_ring_test
from softphone.store.volunteers import select_volunteer

TURNS = 3
WINDOW = timedelta(minutes=1)
CALLER_NAME = "Softphone test"


async def ring_me(world: World, asking: Volunteer, endpoint_id: EndpointId, *, owner: VolunteerId | None) -> RingTest:
    """Have Plivo call exactly this phone.

    Raises: NotFound; Conflict if it cannot be rung; TooMany. What Plivo says against it is in the test's words.
    """
    phone = await world.database.read(lambda db: own_phone(db, endpoint_id, owner=owner))
    check_ready(phone)
    connection = await connection_of(world, phone)
    caller_id = own_caller_id(connection)
    if caller_id is None or phone.endpoint.username is None:
        raise Conflict(code="no_caller_id", message="No number is set up to call from. Ask an administrator.")
    await limit(world, f"ring-me:{endpoint_id}", turns=TURNS, window=WINDOW)
    test = await world.database.write(lambda db: _begin(db, world, asking, phone, connection))
    call = _call(world, connection, test, caller_id=caller_id, username=phone.endpoint.username)
    try:
        await world.plivo.create_call(credentials_of(connection), call)
    except PlivoFailure as error:
        # A lost answer says nothing: the phone may ring all the same, and then Plivo will tell.
        if was_refused(error):
            problem = error.message
            changed = await _change(world, test.id, lambda one: refused(one, problem=problem, now=world.clock()))
            return changed or test
    return test


async def look_at_ring(world: World, endpoint_id: EndpointId, test_id: str, *, owner: VolunteerId | None) -> RingTest:
    """How it stands.

    Raises: NotFound.
    """

    async def read(db: Db) -> RingTest:
        await own_phone(db, endpoint_id, owner=owner)
        test = await select_ring_test(db, test_id)
        if test is None or test.endpoint_id != endpoint_id:
            raise NotFound
        return without_news(test, now=world.clock())

    return await world.database.read(read)


async def hear_answered(world: World, callback: VerifiedCallback, test_id: str) -> bytes:
    """The phone was picked up: a key is asked for."""
    action = f"{ring_url(world, callback.connection)}/pressed?ring={test_id}"
    if callback.fields.get("event", "").lower() == "hangup":
        return await hear_ended(world, callback, test_id)

    async def unit(db: Db) -> bytes:
        test = await _keep(db, world, callback, test_id, lambda one: answered(one, now=world.clock()))
        if test is None:
            return without_key(())
        owner = await _languages(db, test)
        return ask_for_key(action, owner)

    return await answer_once(world, callback, unit)


async def hear_pressed(world: World, callback: VerifiedCallback, test_id: str) -> bytes:
    """A key was pressed, or not."""
    pressed = read_pressed(callback)

    async def unit(db: Db) -> bytes:
        test = await _keep(db, world, callback, test_id, confirmed if pressed == "1" else lambda one: one)
        languages = await _languages(db, test) if test else ()
        return thank(languages) if pressed == "1" else without_key(languages)

    return await answer_once(world, callback, unit)


async def hear_ended(world: World, callback: VerifiedCallback, test_id: str) -> bytes:
    """The test call has ended."""
    fact = read_hangup(callback, now=world.clock()).fact
    code = fact.code if fact else None

    async def unit(db: Db) -> bytes:
        await _keep(db, world, callback, test_id, lambda one: ended(one, code=code, now=world.clock()))
        return NOTHING_MORE

    return await answer_once(world, callback, unit)


def ring_url(world: World, connection: Connection) -> str:
    """Where Plivo asks about test calls."""
    return f"{world.settings.public_url}/telephony/{connection.id}/ring-me"


async def _begin(db: Db, world: World, asking: Volunteer, phone: SipPhone, connection: Connection) -> RingTest:
    newest: Registration | None = await select_newest_registration(db, phone.endpoint.id)
    now = world.clock()
    known = newest.device_label if newest is not None and sip_reachable(newest, now=now) else None
    test = RingTest(
        id=world.chance(10).hex(),
        endpoint_id=phone.endpoint.id,
        asked_by=asking.id,
        state=RingState.CALLING,
        device=known,
        started_at=now,
    )
    await insert_ring_test(db, test, connection_id=connection.id)
    return test


def _call(
    world: World, connection: Connection, test: RingTest, *, caller_id: PhoneNumber, username: EndpointUsername
) -> NewCall:
    base = ring_url(world, connection)
    return NewCall(
        caller_id=caller_id,
        caller_name=CALLER_NAME,
        to=sip_uri(username),
        answer_url=f"{base}?ring={test.id}{RETRY_RULES}",
        hangup_url=f"{base}/ended?ring={test.id}{RETRY_RULES}",
        ring_seconds=int(RING_FOR.total_seconds()),
        longest_seconds=int(TALK_FOR.total_seconds()),
    )


async def _change(world: World, test_id: str, change: Callable[[RingTest], RingTest]) -> RingTest | None:
    async def unit(db: Db) -> RingTest | None:
        return await _apply(db, world, await select_ring_test(db, test_id, lock=True), change)

    return await world.database.write(unit)


async def _keep(
    db: Db, world: World, callback: VerifiedCallback, test_id: str, change: Callable[[RingTest], RingTest]
) -> RingTest | None:
    test = await select_ring_test(db, test_id, connection_id=callback.connection.id, lock=True)
    return await _apply(db, world, test, change)


async def _apply(
    db: Db, world: World, test: RingTest | None, change: Callable[[RingTest], RingTest]
) -> RingTest | None:
    if test is None:
        return None
    after = change(test)
    if after == test:
        return test
    await update_ring_test(db, after)
    phone = await own_phone(db, after.endpoint_id, owner=None)
    for volunteer in dict.fromkeys((phone.endpoint.volunteer_id, after.asked_by)):
        await append_event(db, only(volunteer), "ring_me", body=ring_body(after), now=world.clock())
    return after


async def _languages(db: Db, test: RingTest) -> tuple[str, ...]:
    phone = await own_phone(db, test.endpoint_id, owner=None)
    person = await select_volunteer(db, phone.endpoint.volunteer_id)
    return person.languages if person else ()
