"""SIP phones at Plivo: whatever fails on the way, no endpoint is half made and no password lost. On both engines."""

from datetime import timedelta

import httpx2
import pytest

from softphone.actions.change_sip_phone import (
    PhoneChange,
    add_sip_phone,
    change_sip_phone,
    lead_here,
    recreate_sip_phone,
    remove_sip_phone,
)
from softphone.actions.change_volunteer import Change, change_volunteer
from softphone.actions.compare_endpoints import adopt_endpoint, compare_endpoints, remove_stranger
from softphone.actions.hand_out_sip_phone import LinkUsedUp, change_password, make_link, reveal
from softphone.actions.settle_sip_phone import settle_due
from softphone.actions.world import World
from softphone.domain.errors import Conflict, InvalidInput, NotFound, PlivoFailure
from softphone.domain.ids import EndpointId, VolunteerId
from softphone.domain.sip_phones import LOOKS, SipPhone, Task
from softphone.store.audit import Actor
from softphone.store.endpoints import select_endpoint_password
from softphone.store.sip_phones import select_sip_phone, select_sip_phones_of
from tests import people
from tests.clock import Clock
from tests.connections import add_connection
from tests.plivo_wire import AUTH_ID, Fault, PretendPlivo, lost, status

ADMIN = Actor(id=None, name="Root")
ANA, BEN = people.volunteer("ana"), people.volunteer("ben")
APP = "20468599130939380"


def slow(request: httpx2.Request) -> httpx2.Response:
    """Plivo takes longer than anybody waits."""
    raise httpx2.PoolTimeout("slow", request=request)


def truncated(_request: httpx2.Request) -> httpx2.Response:
    """The answer ends in the middle."""
    return httpx2.Response(201, content=b'{"message": "created", "endpoint_')


REFUSALS: dict[str, tuple[Fault, str]] = {
    "400": (status(400, json={"error": {"alias": ["is taken"]}}), "alias: is taken"),
    "401": (status(401, text="Could not verify"), "Auth ID"),
    "403": (status(403, json={"error": "not verified"}), "does not allow"),
    "404": (status(404, json={"error": "no such account"}), "does not have"),
    "409": (status(409, json={"error": "in use"}), "contradicts"),
    "429": (status(429, headers={"Retry-After": "7"}), "too often"),
}
"""Plivo says no: it has done nothing."""
LOST: dict[str, tuple[Fault, str]] = {
    "500": (status(500, json={"error": "oops"}), "cannot be reached"),
    "502 HTML": (status(502, html="<html>Bad gateway</html>"), "cannot be reached"),
    "200 HTML": (status(200, html="<html>Maintenance</html>"), "could not be understood"),
    "empty object": (status(201, json={}), "could not be understood"),
    "a list": (status(201, json=[]), "could not be understood"),
    "truncated": (truncated, "could not be understood"),
    "slow": (slow, "cannot be reached"),
    "lost": (lost, "cannot be reached"),
}
"""Nobody knows what Plivo has done."""


@pytest.fixture
async def world(calling: World) -> World:
    """Ana and Ben, and an account with our application."""
    await people.add(calling.database, ANA, BEN)
    await add_connection(calling.database, calling.keyring, application_id=APP)
    return calling


async def desk_phone(world: World, label: str = "Desk phone", volunteer: VolunteerId = ANA.id) -> SipPhone:
    """A phone of Ana's."""
    return await add_sip_phone(world, ADMIN, volunteer, label=label)


async def phones(world: World, volunteer: VolunteerId = ANA.id) -> list[SipPhone]:
    """What we know."""
    return await world.database.read(lambda db: select_sip_phones_of(db, volunteer))


async def password(world: World, phone: SipPhone) -> str:
    """The password that we hold for a phone."""
    found = await world.database.read(lambda db: select_endpoint_password(db, phone.endpoint.id, keyring=world.keyring))
    assert found is not None
    return found.reveal()


async def audited(world: World) -> list[str]:
    """What the audit log says, oldest first."""
    rows = await world.database.read(lambda db: db.fetch_all("SELECT action FROM audit ORDER BY seq"))
    return [str(row[0]) for row in rows]


async def test_a_phone_is_made_for_each_device(world: World, pretend: PretendPlivo) -> None:
    """Each with its own user name, as Plivo answered it, a long password, and our application."""
    desk, mobile = await desk_phone(world), await desk_phone(world, "Mobile")

    assert {one.endpoint.username for one in (desk, mobile)} == {one["username"] for one in pretend.endpoints.values()}
    assert [one.state for one in await phones(world)] == ["ready", "ready"]
    for one in pretend.endpoints.values():
        assert len(one["password"]) >= 24
        assert one["password"].isalnum()
        assert one["application"].endswith(f"/{APP}/")
    assert await password(world, desk) == pretend.endpoints[str(desk.endpoint.plivo_id)]["password"]


async def test_two_phones_of_one_volunteer_have_two_names(world: World, pretend: PretendPlivo) -> None:
    """Another volunteer may use the name; capitals make no difference."""
    await desk_phone(world)

    with pytest.raises(Conflict) as refused:
        await desk_phone(world, "DESK phone")
    await desk_phone(world, volunteer=BEN.id)

    assert refused.value.code == "label_taken"
    assert len(pretend.endpoints) == 2


async def test_nobody_gets_any_number_of_phones(world: World, pretend: PretendPlivo) -> None:
    """Five are enough."""
    for number in range(5):
        await desk_phone(world, f"Phone {number}")

    with pytest.raises(Conflict) as refused:
        await desk_phone(world, "One more")

    assert refused.value.code == "too_many_phones"
    assert len(pretend.endpoints) == 5


@pytest.mark.parametrize("fault", REFUSALS)
async def test_a_refused_phone_is_not_kept(world: World, pretend: PretendPlivo, fault: str) -> None:
    """Nothing at Plivo, nothing here, and Plivo's reason in words; the next attempt succeeds."""
    answer, words = REFUSALS[fault]
    pretend.fail("POST /v1/Account/MAXXXXXXXXXXXXXXXXXX/Endpoint/", answer)

    with pytest.raises(PlivoFailure) as failed:
        await desk_phone(world)

    assert words in failed.value.message
    assert (await phones(world), pretend.endpoints) == ([], {})
    assert (await desk_phone(world)).state == "ready"


@pytest.mark.parametrize("fault", LOST)
async def test_an_endpoint_whose_answer_was_lost_is_adopted(world: World, pretend: PretendPlivo, fault: str) -> None:
    """Plivo made it and we did not hear so: it is found by its alias, and there is only one."""
    pretend.fail("POST /v1/Account/MAXXXXXXXXXXXXXXXXXX/Endpoint/", LOST[fault][0], after=True)

    phone = await desk_phone(world)

    (made,) = pretend.endpoints.values()
    assert (phone.endpoint.username, phone.state) == (made["username"], "ready")
    assert await password(world, phone) == made["password"]


@pytest.mark.parametrize("fault", LOST)
async def test_an_endpoint_that_plivo_never_made_is_given_up(
    world: World, pretend: PretendPlivo, clock: Clock, fault: str
) -> None:
    """It is looked for a few times, because a slow Plivo may make it late; then nothing is left of it."""
    answer, words = LOST[fault]
    pretend.fail("POST /v1/Account/MAXXXXXXXXXXXXXXXXXX/Endpoint/", answer)

    with pytest.raises(PlivoFailure) as failed:
        await desk_phone(world)
    (waiting,) = await phones(world)
    for _ in range(LOOKS):
        clock.forward(minutes=10)
        await settle_due(world)

    assert words in failed.value.message
    assert (waiting.state, waiting.problem) == ("being_made", failed.value.message)
    assert (await phones(world), pretend.endpoints) == ([], {})
    assert (await audited(world))[-1] == "sip_phone.given_up"


async def test_an_endpoint_that_appears_late_is_adopted_by_itself(
    world: World, pretend: PretendPlivo, clock: Clock
) -> None:
    """Plivo could not even be looked at; the next look finds it."""
    pretend.fail("POST /v1/Account/MAXXXXXXXXXXXXXXXXXX/Endpoint/", lost, after=True)
    pretend.fail("GET /v1/Account/MAXXXXXXXXXXXXXXXXXX/Endpoint/", status(500), times=5)

    with pytest.raises(PlivoFailure):
        await desk_phone(world)
    before = [one.state for one in await phones(world)]
    clock.forward(seconds=15)
    await settle_due(world)

    assert before == ["being_made"]
    assert [one.state for one in await phones(world)] == ["ready"]
    assert len(pretend.endpoints) == 1


async def test_asking_again_goes_on_where_it_stopped(world: World, pretend: PretendPlivo) -> None:
    """The same name is the same phone: no second endpoint is made."""
    pretend.fail("POST /v1/Account/MAXXXXXXXXXXXXXXXXXX/Endpoint/", lost, after=True)
    pretend.fail("GET /v1/Account/MAXXXXXXXXXXXXXXXXXX/Endpoint/", status(500), times=5)
    with pytest.raises(PlivoFailure):
        await desk_phone(world)

    phone = await desk_phone(world)

    assert phone.state == "ready"
    assert len(pretend.endpoints) == 1


@pytest.mark.parametrize("fault", [*REFUSALS, *LOST])
async def test_a_password_is_never_lost(world: World, pretend: PretendPlivo, clock: Clock, fault: str) -> None:
    """Whatever the answer to a change, in the end the password that we hold is the one that Plivo has."""
    phone = await desk_phone(world)
    before = await password(world, phone)
    answer = {**REFUSALS, **LOST}[fault][0]
    pretend.fail(
        f"POST /v1/Account/{AUTH_ID}/Endpoint/{phone.endpoint.plivo_id}/", answer, times=5, after=fault in LOST
    )

    if fault == "empty object":
        await change_password(world, ADMIN, phone.endpoint.id, owner=None)  # An object with 2xx is a yes.
    else:
        with pytest.raises(PlivoFailure) as failed:
            await change_password(world, ADMIN, phone.endpoint.id, owner=None)
        assert {**REFUSALS, **LOST}[fault][1] in failed.value.message
    (between,) = await phones(world)
    pretend.faults.clear()
    clock.forward(minutes=1)
    await settle_due(world)

    assert await password(world, phone) == pretend.endpoints[str(phone.endpoint.plivo_id)]["password"]
    assert (await password(world, phone) == before) is (fault in REFUSALS)
    assert between.state in {"ready", "password_pending", "missing_at_plivo"}
    assert [one.task for one in await phones(world)] == [None]


@pytest.mark.parametrize("fault", [*REFUSALS, *LOST])
async def test_a_failed_rename_changes_nothing_here(world: World, pretend: PretendPlivo, fault: str) -> None:
    """The name here is the name at Plivo, or it is said that it is not."""
    phone = await desk_phone(world)
    answer = {**REFUSALS, **LOST}[fault][0]
    if fault in {"empty object"}:
        answer = status(500)  # An update that answers 2xx has been made, whatever else it says.
    pretend.fail(f"POST /v1/Account/{AUTH_ID}/Endpoint/{phone.endpoint.plivo_id}/", answer, times=5)

    with pytest.raises(PlivoFailure):
        await change_sip_phone(world, ADMIN, phone.endpoint.id, owner=None, change=PhoneChange(label="Kitchen"))

    (after,) = await phones(world)
    assert (after.label, after.endpoint.alias) == ("Desk phone", phone.endpoint.alias)


async def test_a_phone_is_renamed_on_both_sides(world: World, pretend: PretendPlivo) -> None:
    """Its user name stays: the device notices nothing."""
    phone = await desk_phone(world)

    change = PhoneChange(label="Kitchen phone", send_digits="ww12#")
    after = await change_sip_phone(world, ADMIN, phone.endpoint.id, owner=ANA.id, change=change)

    (at_plivo,) = pretend.endpoints.values()
    assert (after.label, after.send_digits) == ("Kitchen phone", "ww12#")
    assert at_plivo["alias"] == after.endpoint.alias
    assert "Kitchenphone" in at_plivo["alias"]
    assert after.endpoint.username == phone.endpoint.username
    cleared = await change_sip_phone(world, ADMIN, phone.endpoint.id, owner=ANA.id, change=PhoneChange(send_digits=""))
    assert (cleared.label, cleared.send_digits) == ("Kitchen phone", None)


@pytest.mark.parametrize("fault", [one for one in (*REFUSALS, *LOST) if one != "empty object"])  # That is a yes.
async def test_a_phone_is_removed_however_often_it_must_be_tried(
    world: World, pretend: PretendPlivo, clock: Clock, fault: str
) -> None:
    """At once it is none of ours any more; at Plivo it goes as soon as Plivo lets it."""
    phone = await desk_phone(world)
    pretend.fail(f"DELETE /v1/Account/{AUTH_ID}/Endpoint/", {**REFUSALS, **LOST}[fault][0], times=5)

    to_come = await remove_sip_phone(world, ADMIN, phone.endpoint.id, owner=ANA.id)
    between = [one.state for one in await phones(world)]
    pretend.faults.clear()
    clock.forward(minutes=1)
    await settle_due(world)

    known_gone = fault == "404" or to_come is None
    assert between == ([] if known_gone else ["being_removed"])
    assert await phones(world) == []
    # Plivo said that it has no such endpoint: there is nothing more to delete.
    assert (pretend.endpoints == {}) is (fault != "404")


async def test_removing_somebody_elses_phone_is_not_found(world: World, pretend: PretendPlivo) -> None:
    """Nor renaming it, nor a link to it."""
    phone = await desk_phone(world)
    end = phone.endpoint.id

    with pytest.raises(NotFound):
        await remove_sip_phone(world, ADMIN, end, owner=BEN.id)
    with pytest.raises(NotFound):
        await change_sip_phone(world, ADMIN, end, owner=BEN.id, change=PhoneChange(label="Mine"))
    with pytest.raises(NotFound):
        await make_link(world, ADMIN, end, owner=BEN.id)
    assert len(pretend.endpoints) == 1


@pytest.mark.parametrize("fault", ["401", "404", "429", "500", "lost"])
async def test_a_disabled_volunteer_loses_their_phones_at_once(
    world: World, pretend: PretendPlivo, clock: Clock, fault: str
) -> None:
    """The password that a device knows is replaced, also if Plivo cannot be reached for a while; links open nothing."""
    phone = await desk_phone(world)
    link = await make_link(world, ADMIN, phone.endpoint.id, owner=None)
    known_to_device = await password(world, phone)
    pretend.fail(f"POST /v1/Account/{AUTH_ID}/Endpoint/", {**REFUSALS, **LOST}[fault][0], times=5)

    await change_volunteer(world, ADMIN, ANA.id, change=Change(active=False), stepped_up=True)
    await settle_due(world)
    pretend.faults.clear()
    clock.forward(minutes=1)
    await settle_due(world)

    with pytest.raises(LinkUsedUp):
        await reveal(world, link.url.partition("#")[2], network="n")
    with pytest.raises(Conflict):
        await make_link(world, ADMIN, phone.endpoint.id, owner=None)
    (at_plivo,) = pretend.endpoints.values()
    if fault == "404":
        assert [one.missing for one in await phones(world)] == [True]
    else:
        assert at_plivo["password"] != known_to_device
        assert await password(world, phone) == at_plivo["password"]
    assert [one.task for one in await phones(world)] == [None]


async def test_what_is_on_one_side_only_is_listed(world: World, pretend: PretendPlivo) -> None:
    """A stranger at Plivo, a phone that Plivo lost, and one on both sides."""
    desk, mobile = await desk_phone(world), await desk_phone(world, "Mobile")
    pretend.endpoints["999"] = {"endpoint_id": "999", "alias": "old phone", "username": "old1234", "application": None}
    del pretend.endpoints[str(mobile.endpoint.plivo_id)]

    compared = await compare_endpoints(world)

    by_name = {(one.theirs.username if one.theirs else str(one.ours and one.ours.username)): one for one in compared}
    assert by_name[str(desk.endpoint.username)].application == "ours"
    assert by_name[str(mobile.endpoint.username)].theirs is None
    assert by_name["old1234"].ours is None
    assert by_name["old1234"].application == "none"
    assert len(compared) == 3


async def test_a_stranger_becomes_a_volunteers_phone(world: World, pretend: PretendPlivo) -> None:
    """With our application and a password that nobody else knows."""
    pretend.endpoints["999"] = {
        "endpoint_id": "999", "alias": "old phone", "username": "old1234", "application": None, "password": "known"
    }  # fmt: skip

    phone = await adopt_endpoint(world, ADMIN, "999", volunteer=ANA.id, label="Old phone")

    assert (phone.endpoint.username, phone.state, phone.given_at) == ("old1234", "ready", None)
    assert pretend.endpoints["999"]["password"] == await password(world, phone) != "known"
    assert pretend.endpoints["999"]["application"].endswith(f"/{APP}/")
    with pytest.raises(Conflict) as refused:
        await adopt_endpoint(world, ADMIN, "999", volunteer=BEN.id, label="Mine")
    assert refused.value.code == "endpoint_is_ours"


async def test_an_adoption_that_fails_half_way_goes_on(world: World, pretend: PretendPlivo, clock: Clock) -> None:
    """The phone is there, without credentials to give, until Plivo has the new password."""
    pretend.endpoints["999"] = {"endpoint_id": "999", "alias": "old", "username": "old1234", "password": "known"}
    pretend.fail(f"POST /v1/Account/{AUTH_ID}/Endpoint/999/", status(500), times=5)

    with pytest.raises(PlivoFailure):
        await adopt_endpoint(world, ADMIN, "999", volunteer=ANA.id, label="Old phone")
    (between,) = await phones(world)
    with pytest.raises(Conflict):
        await make_link(world, ADMIN, between.endpoint.id, owner=None)
    clock.forward(minutes=1)
    await settle_due(world)

    assert between.task is Task.PASSWORD
    assert [one.state for one in await phones(world)] == ["ready"]
    assert pretend.endpoints["999"]["password"] != "known"


async def test_a_stranger_is_deleted_and_one_of_ours_is_not(world: World, pretend: PretendPlivo) -> None:
    """Only what nobody here uses may go this way."""
    phone = await desk_phone(world)
    pretend.endpoints["999"] = {"endpoint_id": "999", "alias": "old", "username": "old1234"}

    await remove_stranger(world, ADMIN, "999")
    with pytest.raises(Conflict):
        await remove_stranger(world, ADMIN, str(phone.endpoint.plivo_id))

    assert list(pretend.endpoints) == [phone.endpoint.plivo_id]


async def test_a_phone_that_plivo_lost_is_made_again(world: World, pretend: PretendPlivo) -> None:
    """With another user name and password; one that is there is left alone."""
    phone = await desk_phone(world)
    before = await password(world, phone)
    with pytest.raises(Conflict) as refused:
        await recreate_sip_phone(world, ADMIN, phone.endpoint.id)
    pretend.endpoints.clear()

    made = await recreate_sip_phone(world, ADMIN, phone.endpoint.id)

    (at_plivo,) = pretend.endpoints.values()
    assert refused.value.code == "phone_is_there"
    assert (made.endpoint.username, made.state) == (at_plivo["username"], "ready")
    assert await password(world, made) == at_plivo["password"] != before


async def test_a_phone_is_led_to_our_application(world: World, pretend: PretendPlivo) -> None:
    """Somebody attached it elsewhere in Plivo's console."""
    phone = await desk_phone(world)
    (at_plivo,) = pretend.endpoints.values()
    pretend.applications[APP] = {"app_id": APP, "app_name": "softphone-main"}
    at_plivo["application"] = None

    await lead_here(world, ADMIN, phone.endpoint.id)

    assert at_plivo["application"].endswith(f"/{APP}/")
    assert "sip_phone.moved" in await audited(world)


async def test_a_phone_that_is_being_changed_is_not_changed_again(world: World, pretend: PretendPlivo) -> None:
    """The second is told to wait; a removal need not."""
    phone = await desk_phone(world)
    pretend.fail(f"POST /v1/Account/{AUTH_ID}/Endpoint/{phone.endpoint.plivo_id}/", lost, times=5)
    with pytest.raises(PlivoFailure):
        await change_password(world, ADMIN, phone.endpoint.id, owner=None)

    with pytest.raises(Conflict) as refused:
        await change_password(world, ADMIN, phone.endpoint.id, owner=None)
    await remove_sip_phone(world, ADMIN, phone.endpoint.id, owner=None)

    assert refused.value.code == "phone_busy"
    assert pretend.endpoints == {}
    assert await world.database.read(lambda db: select_sip_phone(db, EndpointId(phone.endpoint.id))) is None


async def test_keys_that_are_none_change_nothing(world: World) -> None:
    """The phone keeps what it had."""
    phone = await desk_phone(world)

    with pytest.raises(InvalidInput):
        await change_sip_phone(
            world, ADMIN, phone.endpoint.id, owner=None, change=PhoneChange(label="New", send_digits="abc")
        )

    assert [(one.label, one.send_digits) for one in await phones(world)] == [("Desk phone", None)]


async def test_a_task_whose_process_died_is_taken_up_by_another(
    world: World, pretend: PretendPlivo, clock: Clock
) -> None:
    """After its claim has run out, and not before."""
    phone = await desk_phone(world)
    at = world.clock() + timedelta(seconds=60)
    await world.database.write(
        lambda db: db.execute(
            "UPDATE sip_phones SET task = 'remove', task_at = $2 WHERE endpoint_id = $1",
            phone.endpoint.id,
            int(at.timestamp() * 1_000_000),
        )
    )

    clock.forward(seconds=59)
    await settle_due(world)
    before = len(pretend.endpoints)
    clock.forward(seconds=1)
    await settle_due(world)

    assert (before, len(pretend.endpoints)) == (1, 0)
