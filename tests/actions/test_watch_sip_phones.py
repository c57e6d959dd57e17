"""Looking at SIP phones: who is asked how often, what is kept, who is told. On both engines."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from softphone.actions.change_sip_phone import add_sip_phone
from softphone.actions.change_volunteer import Change, change_volunteer
from softphone.actions.explain_ringing import explain_ringing
from softphone.actions.hand_out_sip_phone import make_link, reveal
from softphone.actions.set_availability import set_availability
from softphone.actions.watch_sip_phones import LEASE_LASTS, watch_sip_phones
from softphone.actions.world import World
from softphone.domain.ids import VolunteerId
from softphone.domain.routing import RingRound
from softphone.domain.sip_phones import SipPhone
from softphone.domain.sip_words import advice_for, registration_state
from softphone.domain.volunteers import Availability
from softphone.store.audit import Actor
from softphone.store.events import select_events_after
from softphone.store.hotlines import insert_hotline, replace_members
from softphone.store.registrations import select_newest_registration, select_registrations
from softphone.store.sip_phones import select_sip_phones_of
from softphone.store.sip_watches import select_watches
from tests import people
from tests.clock import NOON, Clock
from tests.connections import add_connection
from tests.hotlines import hotline
from tests.plivo_wire import AUTH_ID, PretendPlivo, lost, status

ADMIN = Actor(id=None, name="Root")
ANA, BEN = people.volunteer("ana"), people.volunteer("ben", availability=Availability.AWAY)
ONE = f"GET /v1/Account/{AUTH_ID}/Endpoint/"
Look = Callable[..., Awaitable[None]]


@pytest.fixture
async def world(calling: World) -> World:
    """Ana on duty and Ben away, and an account with our application."""
    await people.add(calling.database, ANA, BEN)
    await add_connection(calling.database, calling.keyring, application_id="20468599130939380")
    return calling


@pytest.fixture
async def desk(world: World) -> SipPhone:
    """Ana's desk phone."""
    return await add_sip_phone(world, ADMIN, ANA.id, label="Desk phone")


@pytest.fixture
def look(world: World, clock: Clock) -> Look:
    """`await look(seconds=15)`: so much later, one tick."""

    async def ticked(*, holder: str = "one", **later: float) -> None:
        clock.forward(**later)
        await watch_sip_phones(world, holder=holder)

    return ticked


def sign_in(pretend: PretendPlivo, phone: SipPhone, clock: Clock, **how: Any) -> None:
    """A device registers for two minutes."""
    pretend.sign_in(str(phone.endpoint.plivo_id), clock() + timedelta(seconds=120), **how)


async def told(world: World, volunteer: VolunteerId = ANA.id) -> list[str]:
    """The states that a volunteer's pages were told of their phones, oldest first."""
    found = await world.database.read(lambda db: select_events_after(db, 0, limit=500))
    states = [str(e.body["state"]) for e in found if e.kind == "sip_phone" and e.audience == f"volunteer:{volunteer}"]
    return [state for state in states if state != "changed"]


async def standing(world: World, volunteer: VolunteerId = ANA.id) -> str:
    """Where the registration of a volunteer's only phone stands."""
    (phone,) = await world.database.read(lambda db: select_sip_phones_of(db, volunteer))
    newest = await world.database.read(lambda db: select_newest_registration(db, phone.endpoint.id))
    return registration_state(phone, newest, now=world.clock())[0]


async def test_a_registration_is_kept_as_a_fact(
    world: World, pretend: PretendPlivo, clock: Clock, desk: SipPhone, look: Look
) -> None:
    """The device, since when, until when; one row however often it is read; and the owner is told once."""
    before = await standing(world)
    sign_in(pretend, desk, clock)
    await look()
    for _ in range(8):
        sign_in(pretend, desk, clock)
        await look(seconds=15)

    (only,) = await world.database.read(lambda db: select_registrations(db, desk.endpoint.id, limit=9, offset=0))
    assert (before, await standing(world)) == ("unknown", "registered")
    assert only.registration.device_label == "Zoiper 5.6"
    assert only.registration.registered_at == NOON
    assert only.registration.expires_at > clock()
    assert await told(world) == ["registered"]
    assert "10.0.0.7" not in str(await world.database.read(lambda db: db.fetch_all("SELECT * FROM registrations")))


async def test_a_phone_that_signs_out_is_told_and_does_not_ring(
    world: World, pretend: PretendPlivo, clock: Clock, desk: SipPhone, look: Look
) -> None:
    """The history stays."""
    sign_in(pretend, desk, clock)
    await look()
    pretend.sign_out(str(desk.endpoint.plivo_id))
    await look(seconds=15)

    assert await standing(world) == "not_registered"
    assert await told(world) == ["registered", "gone"]


@pytest.mark.parametrize(
    ("agent", "host", "displaced"),
    [
        ("Z 5.6.4 v2.10", "10.0.0.7", False),
        ("Linphone/5.1.65", "10.0.0.7", True),
        ("Z 5.6.4 v2.10", "192.0.2.9", True),
    ],
    ids=["the same", "another program", "another place"],
)
async def test_another_device_is_announced(
    world: World,
    pretend: PretendPlivo,
    clock: Clock,
    desk: SipPhone,
    look: Look,
    agent: str,
    host: str,
    displaced: bool,
) -> None:
    """Plivo rings the last one only, and tells nobody: we do. A port that a router changed is no other device."""
    sign_in(pretend, desk, clock)
    await look()
    pretend.sign_in(str(desk.endpoint.plivo_id), clock() + timedelta(minutes=2), agent=agent, host=host)
    pretend.endpoints[str(desk.endpoint.plivo_id)]["sip_contact"] = f"sip:y@{host}:1024;ob"
    await look(seconds=15)

    history = await world.database.read(lambda db: select_registrations(db, desk.endpoint.id, limit=9, offset=0))
    assert await told(world) == ["registered", *(["displaced"] if displaced else [])]
    assert [one.registration.end_reason for one in history] == ([None, "displaced"] if displaced else [None])


UNREADABLE: dict[str, Callable[[httpx2.Request], httpx2.Response]] = {
    "401": status(401, text="no"),
    "403": status(403, json={"error": "no"}),
    "409": status(409, json={"error": "no"}),
    "429": status(429, headers={"Retry-After": "3"}),
    "500": status(500),
    "502 HTML": status(502, html="<html>"),
    "200 HTML": status(200, html="<html>"),
    "truncated": lambda _request: httpx2.Response(200, content=b'{"sip_registered": "tr'),
    "empty object": status(200, json={}),
    "another endpoint": status(200, json={"username": "other", "sip_registered": "true"}),
    "an unknown word": status(200, json={"sip_registered": "perhaps"}),
    "lost": lost,
}


@pytest.mark.parametrize("fault", UNREADABLE)
async def test_what_cannot_be_read_makes_no_registration(
    world: World, pretend: PretendPlivo, desk: SipPhone, look: Look, fault: str
) -> None:
    """Not "registered", not "gone": unknown, with the reason in words."""
    pretend.fail(ONE, UNREADABLE[fault], times=5)

    await look()

    (phone,) = await world.database.read(lambda db: select_sip_phones_of(db, ANA.id))
    assert await standing(world) == "unknown"
    assert phone.read_at is None
    assert phone.read_problem
    assert await told(world) == []
    assert desk.endpoint.id == phone.endpoint.id


@pytest.mark.parametrize("fault", UNREADABLE)
async def test_what_cannot_be_read_ends_no_registration(
    world: World, pretend: PretendPlivo, clock: Clock, desk: SipPhone, look: Look, fault: str
) -> None:
    """The phone is in doubt and rings, until it is seen again or ten minutes are over."""
    sign_in(pretend, desk, clock)
    await look()
    pretend.fail(ONE, UNREADABLE[fault], times=1000)

    found = []
    for _ in range(7):
        await look(minutes=2)
        found.append(await standing(world))
    pretend.faults.clear()
    clock.forward(minutes=10)
    sign_in(pretend, desk, clock)
    await look()

    assert found == ["registered", *["doubtful"] * 4, "not_registered", "not_registered"]
    assert await standing(world) == "registered"
    assert "gone" not in await told(world)


async def test_an_endpoint_that_plivo_has_lost_is_said(
    world: World, pretend: PretendPlivo, clock: Clock, desk: SipPhone, look: Look
) -> None:
    """404 is an answer: nothing is signed in there."""
    sign_in(pretend, desk, clock)
    await look()
    pretend.endpoints.clear()
    await look(seconds=15)

    (phone,) = await world.database.read(lambda db: select_sip_phones_of(db, ANA.id))
    assert phone.state == "missing_at_plivo"
    assert await standing(world) == "not_registered"


async def test_plivo_is_left_alone_when_it_asks_for_it(
    world: World, pretend: PretendPlivo, desk: SipPhone, look: Look
) -> None:
    """After 429 nothing is asked for as long as `Retry-After` says, and longer with each failure."""
    pretend.fail(ONE, status(429, headers={"Retry-After": "100"}), times=1)
    await look()
    first = pretend.count(ONE)
    for _ in range(6):
        await look(seconds=15)
    during = pretend.count(ONE)
    await look(seconds=15)

    (watch,) = (await world.database.read(select_watches)).values()
    assert (first, during) == (1, 1)
    assert pretend.count(ONE) == 2
    assert (watch.failures, watch.problem) == (0, None)
    assert desk.endpoint.plivo_id is not None


async def test_phones_of_people_away_are_looked_at_rarely(
    world: World, pretend: PretendPlivo, desk: SipPhone, look: Look
) -> None:
    """Every few minutes; from the moment that they go on duty, every 15 seconds."""
    bens = await add_sip_phone(world, ADMIN, BEN.id, label="Mobile")

    def asked(phone: SipPhone) -> int:
        return pretend.count(f"{ONE}{phone.endpoint.plivo_id}/")

    for _ in range(20):
        await look(seconds=15)
    away = (asked(desk), asked(bens))
    await set_availability(world, BEN.id, Availability.ON_DUTY)
    await look(seconds=5)
    await look(seconds=5)

    assert away[0] >= 20
    assert away[1] in {1, 2}
    assert asked(bens) == away[1] + 1


async def test_nobody_is_looked_at_who_is_switched_off(
    world: World, pretend: PretendPlivo, desk: SipPhone, look: Look
) -> None:
    """Their phones ring no more anyway."""
    await change_volunteer(world, ADMIN, ANA.id, change=Change(active=False), stepped_up=True)
    await look(minutes=10)

    assert pretend.count(f"{ONE}{desk.endpoint.plivo_id}/") == 0


@pytest.mark.parametrize("fails", ["registers", "does not register", "cannot be looked at"])
async def test_a_phone_that_does_not_register_is_followed_up(
    world: World, pretend: PretendPlivo, clock: Clock, desk: SipPhone, look: Look, fails: str
) -> None:
    """Ten minutes after its credentials were shown, once, with the likely causes; not if nobody could look."""
    link = await make_link(world, ADMIN, desk.endpoint.id, owner=None)
    await reveal(world, link.url.partition("#")[2], network="n")
    if fails == "cannot be looked at":
        pretend.fail(ONE, status(500), times=1000)
    for _ in range(50):
        if fails == "registers":
            sign_in(pretend, desk, clock)
        await look(seconds=15)

    (phone,) = await world.database.read(lambda db: select_sip_phones_of(db, ANA.id))
    newest = await world.database.read(lambda db: select_newest_registration(db, desk.endpoint.id))
    advice = advice_for(phone, newest, now=clock())
    expected = ["not_registered_yet"] if fails == "does not register" else []
    assert [state for state in await told(world) if state != "registered"] == expected
    assert [one.code for one in advice] == expected
    for one in advice:
        assert [cause.code for cause in one.causes][:4] == ["user_name", "password_typed", "wrong_domain", "sip_alg"]


async def test_a_program_that_plivo_refuses_is_named(
    world: World, pretend: PretendPlivo, clock: Clock, desk: SipPhone, look: Look
) -> None:
    """With the advice to use another."""
    sign_in(pretend, desk, clock, agent="VaxSIPUserAgent/3.5")
    await look()

    (phone,) = await world.database.read(lambda db: select_sip_phones_of(db, ANA.id))
    newest = await world.database.read(lambda db: select_newest_registration(db, desk.endpoint.id))
    (advice,) = advice_for(phone, newest, now=clock())
    assert await told(world) == ["refused_program"]
    assert "Zoiper" in advice.message


async def test_one_process_looks_at_a_time(
    world: World, pretend: PretendPlivo, clock: Clock, desk: SipPhone, look: Look
) -> None:
    """The second does nothing until the first has been gone for the length of its lease."""
    await look(holder="one")
    once = pretend.count(ONE)
    await look(holder="two", seconds=60)
    still = pretend.count(ONE)
    await look(holder="two", seconds=LEASE_LASTS.total_seconds() - 60)
    then = pretend.count(ONE)
    await look(holder="one", seconds=15)

    assert (once, still, then, pretend.count(ONE)) == (1, 1, 2, 2)
    assert desk.endpoint.plivo_id is not None


async def test_routing_rings_a_phone_by_these_facts(
    world: World, pretend: PretendPlivo, clock: Clock, desk: SipPhone, look: Look
) -> None:
    """At its full user name while it is signed in or in doubt; WebRTC's switch is the browsers' alone."""
    line = hotline()
    await world.database.write(lambda db: insert_hotline(db, line))
    await world.database.write(lambda db: replace_members(db, line.id, [ANA.id], now=NOON))
    await world.database.write(lambda db: db.execute("UPDATE connections SET webrtc_enabled = $1", False))
    await world.database.write(lambda db: db.execute("UPDATE sip_phones SET send_digits = 'ww12#'"))

    async def rung() -> list[tuple[str, str | None]]:
        decision = (await explain_ringing(world, line.id)).routed.decision
        callees = decision.callees if isinstance(decision, RingRound) else ()
        return [(one.address.reveal(), one.send_digits) for one in callees]

    before = await rung()
    sign_in(pretend, desk, clock)
    await look()
    signed_in = await rung()
    pretend.fail(ONE, status(500), times=1000)
    await look(minutes=5)
    doubtful = await rung()
    pretend.faults.clear()
    pretend.sign_out(str(desk.endpoint.plivo_id))
    await look(minutes=10)
    await look(seconds=15)

    address = f"sip:{desk.endpoint.username}@phone.plivo.com"
    assert (before, await rung()) == ([], [])
    assert signed_in == doubtful == [(address, "ww12#")]
