"""The door of the event stream: whose pages may listen, and how many."""

from contextlib import ExitStack

import pytest
from quart import Quart

from softphone.domain.sessions import SignedIn
from softphone.web.deps import Deps
from softphone.web.events import STREAMS_PER_VOLUNTEER
from tests.clock import NOON
from tests.web.conftest import ORIGIN, Browser

SHAPES = [
    {"Origin": "https://evil.example"},
    {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
    {"Origin": ORIGIN, "Sec-Fetch-Site": "cross-site"},
    {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"},
    {"Origin": "null"},
    {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
    {"Origin": ""},
    {"Origin": "https://127.0.0.1:8000"},
    {"Origin": "http://127.0.0.1"},
    {"Origin": "http://127.0.0.1:8001", "Sec-Fetch-Site": "same-site"},
    {"Origin": "http://localhost:8000"},
    {"Origin": "http://127.0.0.1:8000.evil.example"},
    {"Origin": "http://127.0.0.1:8000@evil.example"},
    {"Origin": "http://sub.127.0.0.1:8000", "Sec-Fetch-Site": "same-site"},
    {"Origin": ORIGIN + "/"},
    {"Origin": ORIGIN.upper()},
    {"Origin": f"{ORIGIN}, https://evil.example"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
]


@pytest.mark.tm("TM-L1")
async def test_no_other_sites_page_opens_a_stream(app: Quart, ana: Browser) -> None:
    """Twenty shapes of a request from elsewhere, each with the cookie that a sibling subdomain would be sent with."""
    client = app.test_client(use_cookies=False)

    answers = []
    for shape in SHAPES:
        response = await client.get("/api/events", headers={"Cookie": ana.headers()["Cookie"], **shape})
        answers.append(response.status_code)

    assert answers == [403] * 20


@pytest.mark.tm("TM-L1")
async def test_who_is_not_signed_in_hears_nothing(visitor: Browser) -> None:
    """There is no stream for visitors."""
    response = await visitor.get("/api/events")

    assert response.status_code == 401


@pytest.mark.tm("TM-L1")
async def test_a_sixth_stream_is_refused(parts: Deps, ana: Browser) -> None:
    """Nobody fills the server with streams; the answer says when to come back."""
    assert ana.person is not None
    proof = SignedIn(volunteer=ana.person, session_hash="h", csrf="c", sign_in="s", stepped_up_until=NOON)

    with ExitStack() as streams:
        for _ in range(STREAMS_PER_VOLUNTEER):
            streams.enter_context(parts.hub.open(proof, drop=bool))
        response = await ana.get("/api/events")

    assert response.status_code == 429
    assert response.headers["Retry-After"] == "15"
