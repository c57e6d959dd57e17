"""A browser for the tests of the doors: signed in as somebody, it sends what our own page would send."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest
from quart import Quart, Response

from softphone.actions.resume_session import csrf_token
from softphone.domain.volunteers import Role, Volunteer
from softphone.store.purges import PurgeRun, select_runs
from softphone.web.deps import Deps
from tests import people
from tests.conftest import STANDSTILL

ORIGIN = "http://127.0.0.1:8000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Browser:
    """Our page in somebody's browser. `person` is None for a visitor."""

    app: Quart
    person: Volunteer | None = None
    session_id: str | None = None
    csrf: str | None = None

    def headers(self) -> dict[str, str]:
        """What our page sends with a change."""
        headers = {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin", "Content-Type": "application/json"}
        if self.session_id is not None:
            headers["Cookie"] = f"sp={self.session_id}"
        if self.csrf is not None:
            headers["X-CSRF-Token"] = self.csrf
        return headers

    async def get(self, path: str) -> Response:
        """GET as our page does."""
        return await self.send("GET", path)

    async def send(self, method: str, path: str, body: Any = None) -> Response:
        """A request as our page makes it; a change without a body says `{}`."""
        client = self.app.test_client(use_cookies=False)
        if method == "GET":
            return await client.get(path, headers=self.headers())
        return await client.open(path, method=method, headers=self.headers(), json=body or {})

    async def post(self, path: str, body: Any = None) -> Response:
        """POST as our page does."""
        return await self.send("POST", path, body)

    async def put(self, path: str, body: Any = None) -> Response:
        """PUT as our page does."""
        return await self.send("PUT", path, body)

    async def patch(self, path: str, body: Any = None) -> Response:
        """PATCH as our page does."""
        return await self.send("PATCH", path, body)

    async def delete(self, path: str, body: Any = None) -> Response:
        """DELETE as our page does."""
        return await self.send("DELETE", path, body)


SignInAs = Callable[..., Awaitable[Browser]]


@pytest.fixture
def parts(app: Quart) -> Deps:
    """The parts of the app: its world, its database."""
    made: Deps = app.extensions["softphone"]
    return made


@pytest.fixture
def visitor(app: Quart) -> Browser:
    """Our page before anybody has signed in."""
    return Browser(app=app)


@pytest.fixture
def sign_in_as(app: Quart, parts: Deps) -> SignInAs:
    """`await sign_in_as("ana", role=Role.ADMIN, …)`: add a volunteer (the options of `people.volunteer`) and sign them
    in.
    """

    async def signed_in(login: str = "ana", **options: Any) -> Browser:
        person = people.volunteer(login, **options)
        await people.add(parts.world.database, person)
        return await browser_of(app, person)

    return signed_in


async def browser_of(app: Quart, person: Volunteer) -> Browser:
    """Another browser of somebody who is in the database already, signed in."""
    world = app.extensions["softphone"].world
    session_id = await people.open_session(world.database, person, now=world.clock())
    csrf = csrf_token(world.keyring, f"s-{session_id[:8]}")
    return Browser(app=app, person=person, session_id=session_id, csrf=csrf)


@pytest.fixture
async def ana(sign_in_as: SignInAs) -> Browser:
    """A volunteer, signed in."""
    return await sign_in_as("ana")


@pytest.fixture
async def admin(sign_in_as: SignInAs) -> Browser:
    """An administrator, signed in and stepped up."""
    return await sign_in_as("root", role=Role.ADMIN)


@pytest.fixture
async def purged(parts: Deps) -> list[PurgeRun]:
    """The purge that comes with the start of the service is over; a test that moves the clock has it out of its way."""
    async with asyncio.timeout(STANDSTILL):
        while not (runs := await parts.world.database.read(lambda db: select_runs(db, limit=5))):
            pass
    return runs
