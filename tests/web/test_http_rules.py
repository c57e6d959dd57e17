"""Every answer carries the security headers; every request is bounded; every error is JSON without a trace."""

import pytest
from quart import Quart, request
from quart.typing import ResponseReturnValue

from softphone.settings import Settings
from softphone.web.http_rules import (
    API_BODY_BYTES,
    FORM_FIELDS,
    HEADER_BYTES,
    WEBHOOK_BODY_BYTES,
    BoundedRequest,
    set_http_rules,
)

SETTINGS = Settings(
    public_url="https://phone.example.org", signalling_urls=("wss://a.example.org/x", "wss://b.example")
)
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
}


@pytest.fixture
def small() -> Quart:
    """An app with one route of each kind."""
    app = Quart("small", static_folder=None)
    set_http_rules(app, SETTINGS)

    @app.post("/api/echo")
    @app.post("/telephony/echo")
    async def echo() -> ResponseReturnValue:
        return {"length": len(await request.get_data(as_text=False))}

    @app.post("/api/form")
    async def form() -> ResponseReturnValue:
        assert isinstance(request._get_current_object(), BoundedRequest)  # type: ignore[attr-defined]  # a proxy
        return {"fields": len(await request.bounded_form())}  # type: ignore[attr-defined]  # the proxy's class is fixed

    @app.get("/api/broken")
    async def broken() -> ResponseReturnValue:
        raise RuntimeError("a detail that nobody outside may read")

    return app


@pytest.mark.tm("TM-A10")
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/api/echo", 200),
        ("GET", "/nowhere", 404),
        ("GET", "/api/echo", 405),
        ("OPTIONS", "/api/echo", 405),
        ("GET", "/api/broken", 500),
        ("POST", "/api//echo", 404),
    ],
    ids=["answer", "not found", "wrong method", "options", "fault", "doubled slash"],
)
async def test_every_answer_carries_the_security_headers(small: Quart, method: str, path: str, status: int) -> None:
    """No answer can be framed, sniffed or referred from, errors included."""
    answer = await getattr(small.test_client(), method.lower())(path)

    assert answer.status_code == status
    assert {name: answer.headers[name] for name in ALWAYS} == ALWAYS
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert "microphone=(self)" in answer.headers["Permissions-Policy"]


async def test_the_policy_names_the_configured_sockets_and_no_other_host(small: Quart) -> None:
    """The page may connect to us and to the signalling sockets, nowhere else."""
    policy = (await small.test_client().get("/")).headers["Content-Security-Policy"]

    parts = dict(part.split(" ", 1) for part in policy.split("; "))
    assert parts["connect-src"] == "'self' wss://a.example.org wss://b.example"
    assert parts["default-src"] == "'none'"
    assert parts["script-src"] == parts["style-src"] == "'self'"


@pytest.mark.tm("TM-D9")
@pytest.mark.parametrize(("path", "kept"), [("/api/x", False), ("/telephony/x", False), ("/x", True)])
async def test_answers_about_people_and_calls_are_never_stored(small: Quart, path: str, kept: bool) -> None:
    """Neither a proxy nor the back button may show them again."""
    answer = await small.test_client().get(path)

    assert (answer.headers.get("Cache-Control") != "no-store") is kept


@pytest.mark.tm("TM-C2")
async def test_a_fault_tells_nothing_about_itself(small: Quart) -> None:
    """No trace, no exception text."""
    answer = await small.test_client().get("/api/broken")

    body = await answer.get_data(as_text=True)
    assert (await answer.get_json())["error"]["code"] == "fault"
    assert "detail" not in body
    assert "Traceback" not in body


@pytest.mark.parametrize(
    ("path", "limit"), [("/api/echo", API_BODY_BYTES), ("/telephony/echo", WEBHOOK_BODY_BYTES)], ids=["api", "webhook"]
)
async def test_a_body_above_its_limit_is_refused(small: Quart, path: str, limit: int) -> None:
    """The limit itself passes; one byte more does not."""
    client = small.test_client()

    fits = await client.post(path, data=b"a" * limit)
    too_large = await client.post(path, data=b"a" * (limit + 1))

    assert (fits.status_code, await fits.get_json()) == (200, {"length": limit})
    assert too_large.status_code == 413
    assert (await too_large.get_json())["error"]["code"] == "too_large"


async def test_a_body_that_hides_its_length_is_refused_all_the_same(small: Quart) -> None:
    """A chunked body is counted as it comes."""
    async with small.test_client().request("/telephony/echo", method="POST") as connection:
        for _ in range(5):
            await connection.send(b"a" * (WEBHOOK_BODY_BYTES // 4))
        await connection.send_complete()

    answer = await connection.as_response()
    assert answer.status_code == 413


@pytest.mark.parametrize(("fields", "status"), [(FORM_FIELDS, 200), (FORM_FIELDS + 1, 413)])
async def test_a_form_has_so_many_fields_and_no_more(small: Quart, fields: int, status: int) -> None:
    """Fields are counted before they are decoded."""
    form = "&".join(f"f{number}=1" for number in range(fields))
    headers = {"Content-Type": "application/x-www-form-urlencoded"}

    answer = await small.test_client().post("/api/form", data=form, headers=headers)

    assert answer.status_code == status


async def test_headers_above_their_limit_are_refused(small: Quart) -> None:
    """The answer is JSON and carries the security headers."""
    answer = await small.test_client().post("/api/echo", headers={"X-Long": "a" * HEADER_BYTES})

    assert answer.status_code == 431
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert (await answer.get_json())["error"]["code"] == "too_large"
