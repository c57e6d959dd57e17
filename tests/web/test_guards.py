"""The guards let in whom they should, and nobody else."""

import pytest
from quart import Quart, Response
from quart.typing import ResponseReturnValue

from softphone.domain.sessions import SignedIn
from softphone.web.guards import GUARD, admin_only, require_step_up, volunteer_only
from tests.clock import Clock
from tests.web.conftest import Browser, SignInAs


@pytest.fixture
def doors(app: Quart) -> Quart:
    """The app with a door for volunteers, one for administrators and one for those who stepped up."""

    @volunteer_only
    async def own(signed_in: SignedIn) -> ResponseReturnValue:
        return {"login": signed_in.volunteer.login}

    @admin_only
    async def theirs(signed_in: SignedIn, number: int) -> ResponseReturnValue:
        return {"login": signed_in.volunteer.login, "number": number}

    @admin_only
    async def grave(signed_in: SignedIn) -> ResponseReturnValue:
        require_step_up(signed_in)
        return {}

    app.add_url_rule("/t/own", view_func=own, methods=["GET", "POST"])
    app.add_url_rule("/t/admin/<int:number>", view_func=theirs, methods=["GET", "POST"])
    app.add_url_rule("/t/grave", view_func=grave, methods=["POST"])
    return app


async def code(response: Response) -> str:
    """The code of an error."""
    return str((await response.get_json())["error"]["code"])


async def test_a_route_is_handed_who_asks(doors: Quart, ana: Browser, admin: Browser) -> None:
    """The guard is the one source of identity."""
    own = await ana.post("/t/own")
    theirs = await admin.get("/t/admin/7")

    assert await own.get_json() == {"login": "ana"}
    assert await theirs.get_json() == {"login": "root", "number": 7}


async def test_a_visitor_is_asked_to_sign_in(doors: Quart, visitor: Browser) -> None:
    """Without a session there is nothing to see."""
    for path in ("/t/own", "/t/admin/7"):
        response = await visitor.get(path)

        assert response.status_code == 401
        assert await code(response) == "not_signed_in"


async def test_a_volunteer_is_no_administrator(doors: Quart, ana: Browser) -> None:
    """TM-A1 in one door; the matrix over all of them is in `tests/rules`."""
    response = await ana.get("/t/admin/7")

    assert response.status_code == 403


@pytest.mark.parametrize("token", ["", "0" * 64, "é"], ids=["none", "wrong", "not ascii"])
async def test_a_change_needs_the_token_of_its_session(doors: Quart, ana: Browser, token: str) -> None:
    """Another site's page cannot know the token, even where it can make the browser send the cookie."""
    headers = {**ana.headers(), "X-CSRF-Token": token}

    response = await doors.test_client(use_cookies=False).post("/t/own", headers=headers, json={})

    assert response.status_code == 403
    assert await code(response) == "cross_site"


async def test_a_session_ends_when_idle_and_at_last(doors: Quart, ana: Browser, clock: Clock) -> None:
    """60 minutes idle, 12 hours in all."""
    for _ in range(12):
        clock.forward(minutes=59)
        assert (await ana.get("/t/own")).status_code == 200

    clock.forward(minutes=13)
    after_twelve_hours = await ana.get("/t/own")

    assert after_twelve_hours.status_code == 401


async def test_an_idle_session_is_over(doors: Quart, ana: Browser, clock: Clock) -> None:
    """A forgotten browser is closed after an hour."""
    clock.forward(minutes=60)

    assert (await ana.get("/t/own")).status_code == 401


async def test_a_disabled_volunteer_has_no_session(doors: Quart, sign_in_as: SignInAs) -> None:
    """Even a session that somebody forgot to end opens nothing."""
    gone = await sign_in_as("ben", active=False)

    assert (await gone.get("/t/own")).status_code == 401


async def test_a_grave_change_wants_the_password_again(doors: Quart, admin: Browser, clock: Clock) -> None:
    """Ten minutes after the password was given it must be given again."""
    assert (await admin.post("/t/grave")).status_code == 200

    clock.forward(minutes=10)
    response = await admin.post("/t/grave")

    assert response.status_code == 403
    assert await code(response) == "step_up_required"


async def test_guards_name_themselves(doors: Quart) -> None:
    """The rules over all routes read this name."""
    assert getattr(doors.view_functions["own"], GUARD) == "volunteer_only"
    assert getattr(doors.view_functions["theirs"], GUARD) == "admin_only"
