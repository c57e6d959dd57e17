"""Administrators add people, change what they may do, and switch them off."""

import pytest
from quart import Quart

from softphone.actions.seed import seed
from softphone.actions.set_up import ensure_setup_code
from softphone.domain.volunteers import Role, Volunteer
from softphone.store.audit import AuditRow, select_audit
from softphone.store.events import only, select_events_after
from softphone.web.deps import Deps
from tests.clock import Clock
from tests.web.conftest import Browser, SignInAs, browser_of

URL = "/api/admin/volunteers"


def person_of(browser: Browser) -> Volunteer:
    """Whose browser it is."""
    assert browser.person is not None
    return browser.person


async def newest_rows(parts: Deps, number: int = 1) -> list[AuditRow]:
    """The newest rows of the audit log."""
    return await parts.world.database.read(lambda c: select_audit(c, limit=number, offset=0))


async def kinds_for(parts: Deps, person: Volunteer) -> list[str]:
    """What the pages of a volunteer were told."""
    events = await parts.world.database.read(lambda c: select_events_after(c, 0, limit=99))
    return [event.kind for event in events if event.audience == only(person.id)]


async def test_a_new_volunteer_comes_with_a_link_and_an_extension(admin: Browser, parts: Deps) -> None:
    """The next free extension, the least right to dial, an invite in the fragment, a line in the log."""
    response = await admin.post(URL, {"name": "Ben", "login": "Ben", "languages": ["en", "es"]})

    answer = await response.get_json()
    assert response.status_code == 201
    assert answer["invite_link"].startswith("http://127.0.0.1:8000/join#")
    assert answer["volunteer"]["login"] == "ben"
    assert answer["volunteer"]["extension"] == "101"
    assert answer["volunteer"]["dialling"] == "colleagues"
    assert answer["volunteer"]["invite_pending"] is True
    assert answer["volunteer"]["has_password"] is False
    row = (await newest_rows(parts))[0]
    assert (row.action, row.actor.name) == ("volunteer.invited", "Root")
    assert answer["invite_link"].partition("#")[2] not in str(row.detail)


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"name": "Ben"}, 400, "login"),
        ({"name": "Ben", "login": "b n"}, 400, "login"),
        ({"name": "Ben", "login": "ben", "extension": "9"}, 400, "extension"),
        ({"name": "Ben", "login": "ben", "role": "owner"}, 400, "role"),
        ({"name": "Ben", "login": "ben", "active": True}, 400, "active"),
        ({"name": "Ben", "login": "ben", "password": "x"}, 400, "password"),
        ({"name": "Ben", "login": "root"}, 409, None),
    ],
    ids=["no login", "bad login", "short extension", "role", "mass assignment", "password", "taken"],
)
async def test_what_cannot_be_is_refused(
    admin: Browser, body: dict[str, object], status: int, field: str | None
) -> None:
    """By field, so that the page can show where (TM-A1: nothing is assigned that is not listed)."""
    response = await admin.post(URL, body)

    assert response.status_code == status
    assert (await response.get_json())["error"].get("field") == field


async def test_making_administrators_wants_the_password_again(admin: Browser, clock: Clock) -> None:
    """A forgotten open page makes no new administrators."""
    clock.forward(minutes=11)

    new = await admin.post(URL, {"name": "Eve", "login": "eve", "role": "admin"})
    raised = await admin.patch(f"{URL}/{person_of(admin).id}", {"role": "volunteer"})
    plain = await admin.post(URL, {"name": "Ben", "login": "ben"})

    assert (new.status_code, raised.status_code, plain.status_code) == (403, 403, 201)
    assert (await new.get_json())["error"]["code"] == "step_up_required"


@pytest.mark.tm("TM-A8")
async def test_acts_on_an_administrator_want_the_password_again(
    admin: Browser, ana: Browser, sign_in_as: SignInAs, clock: Clock
) -> None:
    """Whoever opens an administrator's new invite becomes that administrator: an open page alone gives none."""
    eve = f"{URL}/{person_of(await sign_in_as('eve', role=Role.ADMIN)).id}"
    clock.forward(minutes=11)

    refused = [await admin.post(f"{eve}/invite"), await admin.patch(eve, {"active": False})]
    plain = [
        await admin.post(f"{URL}/{person_of(ana).id}/invite"),
        await admin.patch(f"{URL}/{person_of(ana).id}", {"active": False}),
        await admin.patch(eve, {"name": "Eve Two"}),
    ]

    assert [(await answer.get_json())["error"]["code"] for answer in refused] == ["step_up_required"] * 2
    assert [answer.status_code for answer in plain] == [201, 200, 200]


@pytest.mark.tm("TM-A4")
async def test_a_disabled_volunteer_is_out_at_once(admin: Browser, ana: Browser, parts: Deps) -> None:
    """Sessions, streams and invites end in the same unit; the phone's rights are asked on every call."""
    response = await admin.patch(f"{URL}/{person_of(ana).id}", {"active": False})

    assert (await response.get_json())["active"] is False
    assert (await ana.get("/api/me")).status_code == 401
    assert await kinds_for(parts, person_of(ana)) == ["session_ended"]
    row = (await newest_rows(parts))[0]
    assert (row.action, row.detail["active"]) == ("volunteer.disabled", {"from": True, "to": False})


@pytest.mark.tm("TM-A4")
async def test_a_new_role_ends_every_session(app: Quart, admin: Browser, ana: Browser) -> None:
    """Also when rights are taken away."""
    other = await browser_of(app, person_of(ana))

    await admin.patch(f"{URL}/{person_of(ana).id}", {"role": "admin"})

    assert (await ana.get("/api/me")).status_code == 401
    assert (await other.get("/api/me")).status_code == 401


@pytest.mark.parametrize("change", [{"active": False}, {"role": "volunteer"}], ids=["disabled", "demoted"])
async def test_the_last_administrator_stays(admin: Browser, ana: Browser, change: dict[str, object]) -> None:
    """Somebody must be able to let the others in."""
    response = await admin.patch(f"{URL}/{person_of(admin).id}", change)

    assert response.status_code == 409
    assert (await response.get_json())["error"]["code"] == "last_admin"


async def test_of_two_administrators_one_may_go(admin: Browser, sign_in_as: SignInAs) -> None:
    """The other is there."""
    second = await sign_in_as("eve", role=Role.ADMIN)

    response = await second.patch(f"{URL}/{person_of(admin).id}", {"active": False})

    assert response.status_code == 200


async def test_rights_reach_the_page_of_whom_they_concern(admin: Browser, ana: Browser, parts: Deps) -> None:
    """Dialling and the browser phone change while the page is open; what stays the same is not told."""
    path = f"{URL}/{person_of(ana).id}"

    await admin.patch(path, {"dialling": "numbers"})
    await admin.patch(path, {"dialling": "numbers"})
    await admin.patch(path, {"webrtc_enabled": False})

    assert await kinds_for(parts, person_of(ana)) == ["rights", "webrtc"]
    assert [row.action for row in await newest_rows(parts, 9)] == ["volunteer.webrtc_off", "volunteer.changed"]
    me = await (await ana.get("/api/me")).get_json()
    assert me["dialling"] == "numbers"


@pytest.mark.tm("TM-A8")
async def test_a_new_invite_kills_the_older_one(admin: Browser, visitor: Browser) -> None:
    """One way in at a time."""
    made = await (await admin.post(URL, {"name": "Ben", "login": "ben"})).get_json()
    again = await (await admin.post(f"{URL}/{made['volunteer']['id']}/invite")).get_json()

    older = await visitor.post("/api/invite", {"invite": made["invite_link"].partition("#")[2]})
    newer = await visitor.post("/api/invite", {"invite": again["invite_link"].partition("#")[2]})

    assert (older.status_code, newer.status_code) == (404, 200)


async def test_lists_come_in_pages(admin: Browser, ana: Browser, sign_in_as: SignInAs) -> None:
    """By name, with how many there are."""
    await sign_in_as("ben", active=False)

    page = await (await admin.get(f"{URL}?limit=2&offset=1")).get_json()
    log = await (await admin.get("/api/admin/audit?limit=5")).get_json()

    assert [item["name"] for item in page["items"]] == ["Ben", "Root"]
    assert page["total"] == 3
    assert log == {"items": [], "total": 0, "limit": 5, "offset": 0}


async def test_nobody_is_changed_who_is_not_there(admin: Browser) -> None:
    """404 for both doors."""
    assert (await admin.patch(f"{URL}/nobody", {"name": "X"})).status_code == 404
    assert (await admin.post(f"{URL}/nobody/invite")).status_code == 404


async def test_the_demo_has_people_to_play_with(parts: Deps, visitor: Browser) -> None:
    """An administrator and three volunteers, each with a link that works; set-up is closed."""
    invited = await seed(parts.world)

    assert [(one.volunteer.login, one.volunteer.role.value) for one in invited] == [
        ("ana", "admin"),
        ("ben", "volunteer"),
        ("chloe", "volunteer"),
        ("dai", "volunteer"),
    ]
    body = {"invite": invited[0].link.partition("#")[2], "password": "seven small boats sail"}
    assert (await visitor.post("/api/session", body)).status_code == 200
    assert await ensure_setup_code(parts.world) is None
