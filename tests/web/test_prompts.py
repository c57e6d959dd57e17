"""Administrators replace what callers hear; Plivo fetches the recordings."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from quart import Quart, Response

from softphone.actions.own_prompts import load_own_prompts
from softphone.domain.prompts import NEEDED_RECORDINGS, Prompt, SaidRecording, say
from softphone.domain.sound import LARGEST
from softphone.store.audit import AuditRow, select_audit
from softphone.web.deps import Deps
from tests.sounds import id3, mp3, wav
from tests.web.conftest import ORIGIN, Browser

HOTLINE = "night"
URL = f"/api/admin/hotlines/{HOTLINE}/prompts"
BLOCKED = f"{URL}/blocked/es"


async def upload(browser: Browser, path: str, raw: bytes, content_type: str = "audio/wav") -> Response:
    """A recording as our page sends it."""
    headers = {**browser.headers(), "Content-Type": content_type}
    return await browser.app.test_client(use_cookies=False).put(path, headers=headers, data=raw)


async def fetch(app: Quart, url: str, method: str = "GET") -> Response:
    """A recording as Plivo fetches it: without a cookie, without a signature."""
    client, path = app.test_client(use_cookies=False), url.removeprefix(ORIGIN)
    match method:
        case "POST":
            return await client.post(path)
        case "HEAD":
            return await client.head(path)
        case _:
            return await client.get(path)


async def listed(admin: Browser) -> dict[str, Any]:
    """Every language by its code."""
    answer = await (await admin.get(URL)).get_json()
    return {language["code"]: language for language in answer["languages"]}


async def shown(admin: Browser, code: str, prompt: str) -> dict[str, Any]:
    """One prompt in the list."""
    found: dict[str, Any] = next(one for one in (await listed(admin))[code]["prompts"] if one["prompt"] == prompt)
    return found


async def rows(parts: Deps) -> list[AuditRow]:
    """The audit log, oldest first."""
    return (await parts.world.database.read(lambda db: select_audit(db, limit=20, offset=0)))[::-1]


async def problem(response: Response) -> tuple[int, str]:
    """The status and the code of a refusal."""
    return response.status_code, (await response.get_json())["error"]["code"]


async def test_the_list_has_every_prompt_in_every_language(admin: Browser) -> None:
    """With our words, and where a recording is needed before the menu offers the language."""
    languages = await listed(admin)

    assert len(languages) == 13
    assert {len(language["prompts"]) for language in languages.values()} == {len(Prompt)}
    assert [code for code, language in languages.items() if not language["usable_in_menu"]] == ["tl", "vi", "ht"]
    assert languages["vi"]["own_name"] == "Tiếng Việt"
    assert languages["vi"]["missing_recordings"] == [prompt.value for prompt in NEEDED_RECORDINGS]
    assert (languages["es"]["has_voice"], languages["es"]["missing_recordings"]) == (True, [])
    assert await shown(admin, "vi", "menu_choice") == {
        "prompt": "menu_choice",
        "language": "vi",
        "text": "Để chọn tiếng Việt, xin bấm phím {digit}.",
        "text_to_record": "Để chọn tiếng Việt, xin bấm phím",
        "own_text": None,
        "recording": None,
        "recording_needed": True,
    }


async def test_an_own_text_is_put_in_place_and_taken_back(admin: Browser, parts: Deps) -> None:
    """Each change has one line in the log; the same again has none."""
    put = await (await admin.put(f"{BLOCKED}/text", {"text": " Otra \n frase. "})).get_json()
    await admin.put(f"{BLOCKED}/text", {"text": "Otra frase."})
    removed = await (await admin.delete(f"{BLOCKED}/text")).get_json()
    await admin.delete(f"{BLOCKED}/text")

    assert (put["own_text"], put["usable_in_menu"], removed["own_text"]) == ("Otra frase.", True, None)
    assert [(row.action, row.subject, row.detail) for row in await rows(parts)] == [
        ("prompt.text_set", HOTLINE, {"prompt": "blocked", "language": "es"}),
        ("prompt.text_removed", HOTLINE, {"prompt": "blocked", "language": "es"}),
    ]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": 5},
        {"text": None},
        {"text": ""},
        {"text": "a < b"},
        {"text": "{digit}"},
        {"text": "a", "voice": "x"},
    ],
)
async def test_a_text_that_cannot_be_spoken_is_refused(admin: Browser, body: dict[str, object]) -> None:
    """And nothing is changed."""
    response = await admin.put(f"{BLOCKED}/text", body)

    assert await problem(response) == (400, "invalid_input")
    assert (await shown(admin, "es", "blocked"))["own_text"] is None


@pytest.mark.parametrize(
    ("raw", "content_type", "ending", "served"),
    [(wav(1.5), "audio/wav", "wav", "audio/wav"), (id3(b"Ana") + mp3(), "audio/mpeg", "mp3", "audio/mpeg")],
    ids=["wav", "mp3"],
)
async def test_a_recording_is_served_to_plivo(
    app: Quart, admin: Browser, raw: bytes, content_type: str, ending: str, served: str
) -> None:
    """At a path that nobody guesses, under our public URL, to be cached, with its type spelled out."""
    answer = await (await upload(admin, f"{BLOCKED}/recording", raw, content_type)).get_json()

    url = answer["recording"]["url"]
    response = await fetch(app, url)
    assert url.startswith(f"{ORIGIN}/telephony/prompts/")
    assert url.endswith(f".{ending}")
    assert len(url.rpartition("/")[2]) > 27
    assert (response.status_code, response.content_type) == (200, served)
    assert response.headers["Cache-Control"] == "public, max-age=86400, immutable"
    assert "Vary" not in response.headers
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    content = await response.get_data(as_text=False)
    assert content in raw
    assert b"Ana" not in content
    assert answer["recording"]["bytes"] == len(content)
    assert (await fetch(app, url, "HEAD")).status_code == 200


async def test_what_a_file_is_its_content_says(admin: Browser) -> None:
    """Whatever the browser called it."""
    answer = await (await upload(admin, f"{BLOCKED}/recording", mp3(), "audio/wav")).get_json()

    assert answer["recording"]["kind"] == "mp3"


async def test_only_what_is_current_is_served(app: Quart, admin: Browser, parts: Deps) -> None:
    """A voice that was replaced or removed is gone; each change has its line, without a name or a path."""
    urls = []
    for raw in (wav(1), wav(2)):
        answer = await (await upload(admin, f"{BLOCKED}/recording", raw)).get_json()
        urls.append(answer["recording"]["url"])
    before = [(await fetch(app, url)).status_code for url in urls]

    removed = await (await admin.delete(f"{BLOCKED}/recording")).get_json()
    await admin.delete(f"{BLOCKED}/recording")

    where = {"prompt": "blocked", "language": "es"}
    assert before == [404, 200]
    assert removed["recording"] is None
    assert [(await fetch(app, url)).status_code for url in urls] == [404, 404]
    assert [(row.action, row.subject, row.detail) for row in await rows(parts)] == [
        ("prompt.recording_set", HOTLINE, {**where, "kind": "wav", "seconds": 1.0}),
        ("prompt.recording_set", HOTLINE, {**where, "kind": "wav", "seconds": 2.0}),
        ("prompt.recording_removed", HOTLINE, where),
    ]


@pytest.mark.parametrize("name", ["x.wav", "x", "x.exe", ".wav", "x.wav.mp3", "%2e%2e%2fx.wav", "x%00.wav", "'.mp3"])
async def test_a_path_that_is_none_gets_nothing(app: Quart, name: str) -> None:
    """And says as much of every one."""
    assert await problem(await fetch(app, f"/telephony/prompts/{name}")) == (404, "not_found")


async def test_a_connection_called_prompts_still_gets_its_callbacks(app: Quart) -> None:
    """Its paths begin like those of recordings: the signature is asked for, not a file."""
    posted = [(await fetch(app, f"/telephony/prompts/{step}", "POST")).status_code for step in ("outgoing", "status")]

    assert posted == [403, 403]


async def test_a_recorded_language_comes_into_the_menu(admin: Browser, parts: Deps) -> None:
    """With the last recording that is needed; a call is then answered with it."""
    flags = [
        (await (await upload(admin, f"{URL}/{prompt}/vi/recording", wav(0.5))).get_json())["usable_in_menu"]
        for prompt in NEEDED_RECORDINGS
    ]

    world = parts.world
    kept = await world.database.read(lambda db: load_own_prompts(db, world.settings, HOTLINE))
    assert flags == [False] * (len(NEEDED_RECORDINGS) - 1) + [True]
    assert (await listed(admin))["vi"]["missing_recordings"] == []
    assert say(Prompt.PLEASE_HOLD, "vi", kept.own) == (
        SaidRecording((await shown(admin, "vi", "please_hold"))["recording"]["url"]),
    )


@pytest.mark.parametrize(
    ("raw", "content_type", "expected"),
    [
        (b"", "audio/wav", (400, "not_a_recording")),
        (b"{}", "application/json", (400, "not_a_recording")),
        (b"<script>", "audio/mpeg", (400, "not_a_recording")),
        (wav(rate=44100), "audio/wav", (400, "recording_form")),
        (wav(peak=0), "audio/wav", (400, "recording_empty")),
        (wav(61), "audio/wav", (400, "recording_too_long")),
        (wav()[:44] + bytes(LARGEST), "audio/wav", (413, "too_large")),
        (wav(), "text/plain", (415, "not_json")),
        (wav(), "application/x-www-form-urlencoded", (415, "not_json")),
        (wav(), "multipart/form-data; boundary=x", (415, "not_json")),
        (wav(), "application/octet-stream", (415, "not_json")),
    ],
    ids=["empty", "json", "html", "44 kHz", "silence", "too long", "too large", "text", "form", "files", "bytes"],
)
async def test_a_file_that_is_no_recording_is_refused(
    admin: Browser, raw: bytes, content_type: str, expected: tuple[int, str]
) -> None:
    """And nothing is changed."""
    response = await upload(admin, f"{BLOCKED}/recording", raw, content_type)

    assert await problem(response) == expected
    assert (await shown(admin, "es", "blocked"))["recording"] is None


@given(raw=st.one_of(st.binary(max_size=200), st.binary(max_size=40).map(lambda tail: wav(0.3)[:50] + tail)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
async def test_no_upload_breaks_the_door(admin: Browser, raw: bytes) -> None:
    """Every file gets a recording or a sentence."""
    response = await upload(admin, f"{BLOCKED}/recording", raw)

    assert response.status_code in {200, 400}
    assert (await response.get_json()).keys() & {"recording", "error"}


@pytest.mark.parametrize("path", ["nothing/es", "blocked/xx", "blocked/pt-BR", "GREETING/es"])
async def test_a_prompt_or_language_that_is_none_is_not_found(admin: Browser, path: str) -> None:
    """At each of the four doors."""
    answers = [
        await admin.put(f"{URL}/{path}/text", {"text": "a"}),
        await admin.delete(f"{URL}/{path}/text"),
        await upload(admin, f"{URL}/{path}/recording", wav()),
        await admin.delete(f"{URL}/{path}/recording"),
    ]

    assert [await problem(answer) for answer in answers] == [(404, "not_found")] * 4


async def test_a_hotline_that_is_none_is_not_found(admin: Browser) -> None:
    """At each of the five doors."""
    wrong = "/api/admin/hotlines/no%20hotline/prompts"
    answers = [
        await admin.get(wrong),
        await admin.put(f"{wrong}/blocked/es/text", {"text": "a"}),
        await admin.delete(f"{wrong}/blocked/es/text"),
        await upload(admin, f"{wrong}/blocked/es/recording", wav()),
        await admin.delete(f"{wrong}/blocked/es/recording"),
    ]

    assert [await problem(answer) for answer in answers] == [(404, "not_found")] * 5


@pytest.mark.tm("TM-A1")
async def test_only_administrators_change_what_callers_hear(visitor: Browser, ana: Browser, admin: Browser) -> None:
    """Also with a real recording, which the walk over all routes does not send."""
    forged = Browser(app=admin.app, session_id=admin.session_id, csrf="other")

    answers = [await upload(browser, f"{BLOCKED}/recording", wav()) for browser in (visitor, ana, forged)]

    assert [await problem(answer) for answer in answers] == [
        (401, "not_signed_in"),
        (403, "not_allowed"),
        (403, "cross_site"),
    ]


@pytest.mark.tm("TM-A5")
async def test_another_site_cannot_upload(admin: Browser) -> None:
    """Its page is told apart by its marks, whatever it sends."""
    headers = {**admin.headers(), "Content-Type": "audio/wav", "Origin": "https://evil.example"}

    response = await admin.app.test_client(use_cookies=False).put(f"{BLOCKED}/recording", headers=headers, data=wav())

    assert await problem(response) == (403, "cross_site")


async def test_sound_is_taken_at_its_own_door_alone(admin: Browser) -> None:
    """Every other door takes JSON, of the size it had before."""
    sound = await upload(admin, f"{BLOCKED}/text", wav())
    large = await admin.put(f"{BLOCKED}/text", {"text": "a" * 300_000})

    assert await problem(sound) == (415, "not_json")
    assert await problem(large) == (413, "too_large")
