"""People come in by the right door, once, and go out at once."""

import asyncio
from collections import Counter

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import VerifyMismatchError
from quart import Quart

from softphone.actions.invite import create_invite
from softphone.actions.password_hashing import NOBODYS, Passwords
from softphone.actions.set_up import ensure_setup_code
from softphone.domain.volunteers import Role
from softphone.store.audit import select_audit
from softphone.store.database import Connection
from softphone.store.events import select_events_after
from softphone.store.volunteers import count_volunteers, update_password
from softphone.web.deps import Deps
from tests import people
from tests.clock import Clock
from tests.web.conftest import Browser, SignInAs, browser_of

PASSWORD = "seven small boats sail"
ADMIN = {"name": "Ana", "login": "ana", "password": "a lamp, a hill and a harbour"}


async def invite_of(parts: Deps, login: str = "ben", **options: object) -> str:
    """An invite for somebody new: the part of the link behind the `#`."""
    person = people.volunteer(login, **options)  # type: ignore[arg-type]  # the options of a volunteer
    await people.add(parts.world.database, person)
    link = await parts.world.database.write(lambda c: create_invite(c, parts.world, person.id))
    return link.partition("#")[2]


async def with_password(parts: Deps, browser: Browser) -> Browser:
    """Give a signed-in volunteer the password, as if they had joined."""
    hashed = await parts.world.passwords.hash(people.secret(PASSWORD))
    person = browser.person
    assert person is not None
    await parts.world.database.write(lambda c: update_password(c, person.id, hashed))
    return browser


def cookie_of(set_cookie: str) -> str:
    """The session id in a Set-Cookie header."""
    return set_cookie.partition("=")[2].partition(";")[0]


@pytest.mark.tm("TM-A9")
async def test_the_first_administrator_needs_the_code_of_the_console(parts: Deps, visitor: Browser) -> None:
    """A stranger who is faster than the owner gets nothing; afterwards the door is gone for ever."""
    code = await ensure_setup_code(parts.world)
    assert (await (await visitor.get("/api/setup")).get_json()) == {"open": True}

    guessed = await visitor.post("/api/setup", {**ADMIN, "code": "aaaa-bbbb"})
    right = await visitor.post("/api/setup", {**ADMIN, "code": str(code).upper()})
    again = await visitor.post("/api/setup", {**ADMIN, "login": "eve", "code": code})

    assert (guessed.status_code, right.status_code, again.status_code) == (403, 201, 404)
    assert (await guessed.get_json())["error"]["code"] == "wrong_code"
    assert (await right.get_json())["role"] == "admin"
    assert (await visitor.get("/api/setup")).status_code == 404
    assert await ensure_setup_code(parts.world) is None


@pytest.mark.tm("TM-A9")
async def test_twenty_set_ups_at_once_make_one_administrator(parts: Deps, visitor: Browser) -> None:
    """The code is used by one atomic statement."""
    code = await ensure_setup_code(parts.world)

    answers = await asyncio.gather(
        *(visitor.post("/api/setup", {**ADMIN, "login": f"ana{n}", "code": code}) for n in range(20))
    )

    # 503: a slow machine's database refuses to wait longer than callers may be kept.
    seen = Counter(a.status_code for a in answers)
    assert seen[201] == 1
    assert set(seen) <= {201, 404, 503}
    assert await parts.world.database.read(count_volunteers) == 1


@pytest.mark.tm("TM-A9")
async def test_a_new_start_kills_the_older_code(parts: Deps, visitor: Browser) -> None:
    """Only the newest code on the console opens."""
    old = await ensure_setup_code(parts.world)
    await ensure_setup_code(parts.world)

    response = await visitor.post("/api/setup", {**ADMIN, "code": old})

    assert response.status_code == 403


async def test_an_invited_person_chooses_a_password_and_is_in(parts: Deps, visitor: Browser) -> None:
    """From the link to a session, and back with login and password."""
    invite = await invite_of(parts)

    looked = await visitor.post("/api/invite", {"invite": invite})
    joined = await visitor.post("/api/session", {"invite": invite, "password": PASSWORD})
    returned = await visitor.post("/api/session", {"login": " BEN ", "password": PASSWORD})

    assert await looked.get_json() == {"name": "Ben", "login": "ben", "min_password_length": 12}
    assert (joined.status_code, returned.status_code) == (200, 200)
    assert (await returned.get_json())["login"] == "ben"
    cookie = returned.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie


@pytest.mark.tm("TM-A8")
async def test_an_invite_opens_once_though_fifty_try(parts: Deps, app: Quart) -> None:
    """The first use wins, the rest find nothing."""
    invite = await invite_of(parts)

    async def redeem(number: int) -> int:
        client = app.test_client(use_cookies=False)
        headers = Browser(app=app).headers()
        base = {"client": (f"10.0.{number}.1", 1000)}
        response = await client.post(
            "/api/session", headers=headers, json={"invite": invite, "password": PASSWORD}, scope_base=base
        )
        return response.status_code

    seen = Counter([*await asyncio.gather(*(redeem(n) for n in range(50)))])

    assert seen[200] == 1
    assert set(seen) <= {200, 404, 503}


@pytest.mark.tm("TM-A8")
async def test_an_invite_cannot_be_forged_outlived_or_raised(parts: Deps, visitor: Browser, clock: Clock) -> None:
    """Signed, 72 hours, and with the role that the administrator gave."""
    invite = await invite_of(parts)
    forged = invite[:-2] + ("aa" if not invite.endswith("aa") else "bb")

    answers = [
        await visitor.post("/api/session", {"invite": forged, "password": PASSWORD}),
        await visitor.post("/api/session", {"invite": "", "password": PASSWORD}),
        await visitor.post("/api/session", {"invite": invite, "password": PASSWORD, "role": "admin"}),
    ]
    clock.forward(hours=72)
    answers.append(await visitor.post("/api/session", {"invite": invite, "password": PASSWORD}))

    assert [a.status_code for a in answers] == [404, 404, 400, 404]
    assert (await answers[0].get_json())["error"]["code"] == "invite_unusable"
    assert (await answers[2].get_json())["error"]["field"] == "role"


async def test_a_weak_password_leaves_the_invite_usable(parts: Deps, visitor: Browser) -> None:
    """Whoever chooses badly may choose again."""
    invite = await invite_of(parts, role=Role.ADMIN)

    weak = await visitor.post("/api/session", {"invite": invite, "password": "fourteen chars"})
    strong = await visitor.post("/api/session", {"invite": invite, "password": PASSWORD})

    assert (weak.status_code, strong.status_code) == (400, 200)
    assert (await weak.get_json())["error"]["code"] == "weak_password"


@pytest.mark.tm("TM-A2")
async def test_guessing_ends_after_five_and_opens_again(parts: Deps, ana: Browser, clock: Clock) -> None:
    """Five wrong in a quarter of an hour, whoever forwards what; then the right password works again."""
    await with_password(parts, ana)
    visitor = Browser(app=ana.app)
    for _ in range(5):
        clock.forward(seconds=15)
        assert (await visitor.post("/api/session", {"login": "ana", "password": "wrong"})).status_code == 401

    clock.forward(seconds=30)
    refused = await visitor.post("/api/session", {"login": "ana", "password": PASSWORD})
    clock.forward(minutes=15)
    later = await visitor.post("/api/session", {"login": "ana", "password": PASSWORD})

    assert (refused.status_code, later.status_code) == (429, 200)
    assert refused.headers["Retry-After"] == "810"


@pytest.mark.tm("TM-A2")
@pytest.mark.parametrize("login", ["ana", "nobody"])
async def test_each_wrong_password_makes_the_next_wait_longer(
    parts: Deps, ana: Browser, clock: Clock, login: str
) -> None:
    """A slip costs nothing; who goes on guessing waits 1, 4 and 15 seconds, and no hash is spent on the impatient. Who
    does not exist waits as long. Somebody at another address, with the right password, does not wait at all.
    """
    await with_password(parts, ana)
    client, headers = ana.app.test_client(use_cookies=False), Browser(app=ana.app).headers()
    before = parts.world.passwords.hashed

    async def guess(password: str = "wrong", *, at: str = "192.0.2.7") -> tuple[int, str | None]:
        body = {"login": login, "password": password}
        answer = await client.post("/api/session", headers=headers, json=body, scope_base={"client": (at, 1)})
        return answer.status_code, answer.headers.get("Retry-After")

    seen = [await guess(), await guess(), await guess()]
    for wait in (1, 4, 15):
        clock.forward(seconds=wait)
        seen += [await guess(), await guess()]
    elsewhere = await guess(PASSWORD, at="198.51.100.9")

    assert seen[:3] == [(401, None), (401, None), (429, "1")]
    assert seen[3:] == [(401, None), (429, "4"), (401, None), (429, "15"), (401, None), (429, "880")]
    assert elsewhere[0] == (200 if login == "ana" else 401)
    assert parts.world.passwords.hashed - before == 6


@pytest.mark.tm("TM-A2")
async def test_two_hundred_guesses_with_forged_addresses_reach_twenty_hashes(parts: Deps, app: Quart) -> None:
    """Forwarded headers of strangers count for nothing; other logins do not help."""
    before = parts.world.passwords.hashed
    client, headers = app.test_client(use_cookies=False), Browser(app=app).headers()

    async def guess(number: int) -> int:
        forged = {**headers, "X-Forwarded-For": f"10.1.{number // 250}.{number % 250}"}
        body = {"login": f"user{number}", "password": "wrong"}
        return (await client.post("/api/session", headers=forged, json=body)).status_code

    for start in range(0, 200, 20):
        await asyncio.gather(*(guess(n) for n in range(start, start + 20)))

    assert 0 < parts.world.passwords.hashed - before <= 20


@pytest.mark.tm("TM-A3")
async def test_who_is_unknown_or_disabled_is_told_the_same(parts: Deps, sign_in_as: SignInAs, visitor: Browser) -> None:
    """Never which of the two was wrong (TM-A3)."""
    await with_password(parts, await sign_in_as("ana"))
    await with_password(parts, await sign_in_as("ben", active=False))

    answers = [
        await visitor.post("/api/session", {"login": login, "password": password})
        for login, password in (("ana", "wrong"), ("nobody", PASSWORD), ("ben", PASSWORD))
    ]

    assert {a.status_code for a in answers} == {401}
    assert len({await a.get_data(as_text=True) for a in answers}) == 1


@pytest.mark.tm("TM-A3")
async def test_whoever_is_named_one_hash_is_computed(parts: Deps, sign_in_as: SignInAs, visitor: Browser) -> None:
    """A wrong password, a stranger, a disabled person and one without a password cost the same work: none is answered
    without it.
    """
    await with_password(parts, await sign_in_as("ana"))
    await with_password(parts, await sign_in_as("ben", active=False))
    await sign_in_as("chloe")
    spent = []

    for login in ("ana", "nobody", "ben", "chloe"):
        before = parts.world.passwords.hashed
        answer = await visitor.post("/api/session", {"login": login, "password": "not the right one"})
        spent.append((answer.status_code, parts.world.passwords.hashed - before))

    assert spent == [(401, 1)] * 4


@pytest.mark.tm("TM-A3")
async def test_the_hash_that_stands_for_nobody_is_as_dear_as_a_real_one() -> None:
    """Same algorithm, memory, passes and lanes, and whole: one that cannot be read would be refused in no time."""
    real = await Passwords().hash(people.secret(PASSWORD))

    assert extract_parameters(NOBODYS) == extract_parameters(real)
    with pytest.raises(VerifyMismatchError):
        PasswordHasher().verify(NOBODYS, PASSWORD)


@pytest.mark.tm("TM-A4")
async def test_a_planted_session_is_dead_after_sign_in(parts: Deps, ana: Browser) -> None:
    """Each sign-in has a new id; the cookie that was there opens nothing any more."""
    await with_password(parts, ana)

    response = await ana.post("/api/session", {"login": "ana", "password": PASSWORD})

    assert cookie_of(response.headers["Set-Cookie"]) != ana.session_id
    assert (await ana.get("/api/me")).status_code == 401


@pytest.mark.tm("TM-A4")
async def test_stepping_up_changes_the_id_and_keeps_the_token(parts: Deps, ana: Browser, clock: Clock) -> None:
    """The old id is dead, other tabs go on with the token they have."""
    await with_password(parts, ana)
    clock.forward(minutes=30)

    wrong = await ana.post("/api/session/step-up", {"password": "wrong"})
    right = await ana.post("/api/session/step-up", {"password": PASSWORD})

    renewed = Browser(app=ana.app, session_id=cookie_of(right.headers["Set-Cookie"]), csrf=ana.csrf)
    assert (wrong.status_code, right.status_code) == (401, 200)
    assert await right.get_json() == {"stepped_up_until": "2026-11-20T12:40:00.000Z"}
    assert (await ana.get("/api/me")).status_code == 401
    assert (await renewed.put("/api/availability", {"availability": "away"})).status_code == 200


@pytest.mark.tm("TM-A4")
async def test_signing_out_ends_this_browser_alone(app: Quart, parts: Deps, ana: Browser) -> None:
    """Its cookie and storage go, its stream is told; another browser stays."""
    assert ana.person is not None
    other = await browser_of(app, ana.person)

    response = await ana.delete("/api/session")

    assert response.status_code == 204
    assert response.headers["Clear-Site-Data"] == '"cookies", "storage"'
    assert (await ana.get("/api/me")).status_code == 401
    assert (await other.get("/api/me")).status_code == 200
    events = await parts.world.database.read(lambda c: select_events_after(c, 0, limit=9))
    ended = next(e for e in events if e.kind == "session_ended")
    assert ended.audience == f"sign-in:s-{str(ana.session_id)[:8]}"


async def test_me_says_what_the_page_needs(ana: Browser) -> None:
    """The contract of the page, whole."""
    me = await (await ana.get("/api/me")).get_json()

    assert me == {
        "id": "v-ana",
        "name": "Ana",
        "login": "ana",
        "role": "volunteer",
        "extension": ana.person.extension if ana.person else None,
        "languages": ["en"],
        "availability": "on_duty",
        "availability_since": "2026-11-20T12:00:00.000Z",
        "dialling": "colleagues",
        "csrf": ana.csrf,
        "webrtc": {
            "available": False,
            "provider": "plivo",
            "reason": "no_connection",
            "message": "No phone connection is set up yet. Ask an administrator to add one.",
        },
        "connection": None,
        "signalling": ["wss://client.plivo.com/signalling", "wss://client-fb.plivo.com/signalling"],
        "server_time": "2026-11-20T12:00:00.000Z",
        "stepped_up_until": "2026-11-20T12:10:00.000Z",
    }


async def test_duty_begins_when_it_is_said(parts: Deps, ana: Browser, clock: Clock) -> None:
    """Saying it twice begins nothing new, and the volunteer's other pages hear of the change."""
    clock.forward(minutes=1)

    first = await ana.put("/api/availability", {"availability": "away", "languages": ["es", "pt-BR"]})
    clock.forward(minutes=1)
    second = await ana.put("/api/availability", {"availability": "away"})
    bad = await ana.put("/api/availability", {"availability": "asleep"})

    expected = {"availability": "away", "since": "2026-11-20T12:01:00.000Z", "languages": ["es", "pt-BR"]}
    assert await first.get_json() == await second.get_json() == expected
    assert (await bad.get_json())["error"]["field"] == "availability"
    events = await parts.world.database.read(lambda c: select_events_after(c, 0, limit=9))
    assert [(e.audience, e.kind) for e in events] == [("volunteer:v-ana", "availability"), ("admins", "board")]


async def test_colleagues_are_the_others_who_are_active(sign_in_as: SignInAs, ana: Browser) -> None:
    """By name, in pages, without oneself."""
    for login in ("dai", "ben", "chloe"):
        await sign_in_as(login)
    await sign_in_as("eve", active=False)

    page = await (await ana.get("/api/people?limit=2&offset=1")).get_json()

    assert [item["name"] for item in page["items"]] == ["Chloe", "Dai"]
    assert (page["total"], page["limit"], page["offset"]) == (3, 2, 1)
    assert page["items"][0]["reachable"] is False
    assert page["items"][0]["on_call"] is False


async def test_sessions_are_kept_as_hashes_and_signing_in_is_logged(parts: Deps, ana: Browser) -> None:
    """Whoever reads the database can sign in as nobody."""
    await with_password(parts, ana)
    response = await Browser(app=ana.app).post("/api/session", {"login": "ana", "password": PASSWORD})
    session_id = cookie_of(response.headers["Set-Cookie"])

    async def all_of(connection: Connection) -> str:
        return str(await connection.fetch_all("SELECT * FROM sessions"))

    stored = await parts.world.database.read(all_of)
    log = await parts.world.database.read(lambda c: select_audit(c, limit=1, offset=0))

    assert session_id not in stored
    assert log[0].action == "session.started"
