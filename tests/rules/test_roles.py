"""Who may enter where, for every route there is: a new route must fit one of these rules, or this fails."""

import re
from collections.abc import Iterator

import pytest
from quart import Quart, Response

from softphone.domain.volunteers import Role
from softphone.web.guards import GUARD, SAFE_METHODS
from tests import people
from tests.web.conftest import ORIGIN, Browser, browser_of

ENTRANCES = frozenset({"/api/setup", "/api/invite", "/api/phone-link"})
"""Doors for people who are not signed in, besides `POST /api/session`."""

STREAMS = frozenset({"/api/events"})
"""Doors that do not close by themselves: a test asks them only where it must be refused."""

REFUSALS = frozenset({"not_signed_in", "not_allowed", "cross_site"})


def routes(app: Quart) -> Iterator[tuple[str, str, str]]:
    """Every route as path, method and the name of its guard."""
    for rule in app.url_map.iter_rules():
        guard = getattr(app.view_functions[rule.endpoint], GUARD, "none")
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"} if rule.methods else ()):
            yield rule.rule, method, guard


def expected_guard(path: str, method: str) -> str:
    """The guard that a route must have, from where it lies."""
    if path.startswith("/api/admin"):
        return "admin_only"
    if path in ENTRANCES or (path, method) == ("/api/session", "POST"):
        return "our_page"
    if path.startswith("/api"):
        return "volunteer_only"
    if path.startswith("/telephony") and (path, method) != ("/telephony/prompts/<name>", "GET"):
        return "signed_by_plivo"
    return "public" if method in SAFE_METHODS else "unlisted"


def filled(path: str) -> str:
    """A path with something in each of its places."""
    return re.sub(r"<[^>]+>", "1", path)


async def refusal(response: Response) -> str | None:
    """The code of a refusal; None if the guard let the request through."""
    answer = await response.get_json(silent=True)
    code = answer.get("error", {}).get("code") if isinstance(answer, dict) else None
    return code if code in REFUSALS else None


@pytest.fixture
async def cast(app: Quart) -> dict[str, Browser]:
    """A visitor, a volunteer and an administrator, each with a page of ours."""
    database = app.extensions["softphone"].world.database
    ben, root = people.volunteer("ben"), people.volunteer("root", role=Role.ADMIN)
    await people.add(database, ben, root)
    return {
        "visitor": Browser(app=app),
        "volunteer": await browser_of(app, ben),
        "admin": await browser_of(app, root),
    }


@pytest.mark.tm("TM-A1")
async def test_every_route_has_the_guard_of_its_place(app: Quart) -> None:
    """Deny by default: a route without the guard that its path asks for does not pass."""
    wrong = [(path, method, guard) for path, method, guard in routes(app) if guard != expected_guard(path, method)]

    assert wrong == []


@pytest.mark.tm("TM-A1")
async def test_every_route_lets_in_its_own_people_only(app: Quart, cast: dict[str, Browser]) -> None:
    """Every route as visitor, volunteer and administrator: who may not is told so, who may gets past the guard."""
    rights: dict[str, dict[str, str | None]] = {
        "our_page": {"visitor": None, "volunteer": None, "admin": None},
        "volunteer_only": {"visitor": "not_signed_in", "volunteer": None, "admin": None},
        "admin_only": {"visitor": "not_signed_in", "volunteer": "not_allowed", "admin": None},
    }
    wrong = []
    for path, method, guard in routes(app):
        for who, expected in rights.get(guard, {}).items():
            if path in STREAMS and expected is None:
                continue
            if (path, method) == ("/api/session", "DELETE") and expected is None:
                continue  # It would end the session that the rest of the walk needs; `test_account` has it.
            got = await refusal(await cast[who].send(method, filled(path)))
            if got != expected:
                wrong.append((path, method, who, got))

    assert wrong == []


SHAPES: dict[str, dict[str, str | None]] = {
    "no mark at all": {"Origin": None, "Sec-Fetch-Site": None},
    "another site": {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
    "another site, old browser": {"Origin": "https://evil.example", "Sec-Fetch-Site": None},
    "a sandboxed frame": {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
    "null origin alone": {"Origin": "null", "Sec-Fetch-Site": None},
    "a sibling subdomain": {"Origin": "http://other.127.0.0.1:8000", "Sec-Fetch-Site": "same-site"},
    "the other scheme": {"Origin": "https://127.0.0.1:8000"},
    "another port": {"Origin": "http://127.0.0.1:8001", "Sec-Fetch-Site": "same-site"},
    "our name as a prefix": {"Origin": "http://127.0.0.1:8000.evil.example"},
    "our name as a user": {"Origin": "http://127.0.0.1:8000@evil.example"},
    "an origin with a path": {"Origin": ORIGIN + "/"},
    "two origins": {"Origin": f"{ORIGIN}, https://evil.example"},
    "cross-site by fetch metadata": {"Origin": None, "Sec-Fetch-Site": "cross-site"},
    "same-site by fetch metadata": {"Origin": None, "Sec-Fetch-Site": "same-site"},
    "typed into the address bar": {"Origin": None, "Sec-Fetch-Site": "none"},
    "the two marks disagree": {"Origin": ORIGIN, "Sec-Fetch-Site": "cross-site"},
    "a form": {"Origin": "https://evil.example", "Content-Type": "application/x-www-form-urlencoded"},
    "JSON as plain text": {"Origin": "https://evil.example", "Content-Type": "text/plain"},
    "a form with files": {"Origin": "null", "Content-Type": "multipart/form-data; boundary=x"},
    "another method in disguise": {"X-HTTP-Method-Override": "GET"},
}


@pytest.mark.tm("TM-A5")
@pytest.mark.parametrize("shape", SHAPES, ids=str)
async def test_no_change_is_made_for_another_site(app: Quart, cast: dict[str, Browser], shape: str) -> None:
    """Twenty shapes of a request that another site could cause, with the cookie, on every route that changes things."""
    headers = {**cast["admin"].headers(), **SHAPES[shape]}
    sent = {name: value for name, value in headers.items() if value is not None}
    client = app.test_client(use_cookies=False)

    let_in = []
    for path, method, guard in routes(app):
        if method in SAFE_METHODS or guard == "signed_by_plivo":
            continue
        response = await client.open(filled(path), method=method, headers=sent, json={})
        if response.status_code != 403:
            let_in.append((path, method, response.status_code))

    assert len(SHAPES) == 20
    assert let_in == []


@pytest.mark.tm("TM-A5")
async def test_no_change_is_made_without_the_token_of_the_session(app: Quart, cast: dict[str, Browser]) -> None:
    """Where there is a session, its cookie alone changes nothing, and another session's token neither."""
    client = app.test_client(use_cookies=False)
    own, foreign = cast["admin"].headers(), cast["volunteer"].csrf

    let_in = []
    for path, method, guard in routes(app):
        if method in SAFE_METHODS or guard not in {"volunteer_only", "admin_only"}:
            continue
        for token in ("", str(foreign)):
            headers = {**own, "X-CSRF-Token": token}
            response = await client.open(filled(path), method=method, headers=headers, json={})
            if response.status_code != 403:
                let_in.append((path, method, token))

    assert let_in == []
