"""Messages: what Plivo tells, what volunteers do with them, who may not."""

import itertools
import logging
import secrets
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from quart import Quart

from softphone.actions.purge import purge
from softphone.actions.take_message import may_leave_message, message_verbs
from softphone.app import create_app
from softphone.domain.callers import CallerId
from softphone.domain.ids import ConnectionId
from softphone.domain.privacy import HotlinePrivacy
from softphone.domain.voicemails import TAKEN_FOR
from softphone.domain.volunteers import Availability, Role
from softphone.plivo.xml import Speak, render
from softphone.settings import Settings, sqlite_path
from softphone.store.connections import insert_connection
from softphone.store.events import select_events_after
from softphone.store.privacy import upsert_hotline_privacy
from softphone.web.deps import Deps
from tests.clock import Clock
from tests.conftest import MASTER_KEY, PATIENT, serving
from tests.plivo_wire import AUTH_ID, SOUND, PretendPlivo, lost, status
from tests.telephony import AGAIN, Caller, connection
from tests.web.conftest import Browser, SignInAs, browser_of

NUMBER = "14155550147"
RECORDING = "d405c4eb-d562-4399-af32-6ff3c57fa559"
MEDIA = f"https://media.plivo.com/v1/Account/{AUTH_ID}/Recording/{RECORDING}.mp3"
MESSAGE = "/telephony/main/message?hotline=line&language=es"
RECORDED = "/telephony/main/recorded?hotline=line&language=es"


@pytest.fixture
def pretend() -> PretendPlivo:
    """A pretend Plivo that has the recording."""
    return PretendPlivo(recordings={RECORDING: {"recording_id": RECORDING, "recording_duration_ms": "21400.00000"}})


@pytest.fixture
async def app(settings: Settings, clock: Clock, pretend: PretendPlivo) -> AsyncIterator[Quart]:
    """The whole product, open, with a pretend Plivo."""
    made = create_app(
        settings,
        clock=clock,
        chance=secrets.token_bytes,
        master_key=MASTER_KEY,
        transport=pretend.transport(),
        patience=PATIENT,
    )
    async with serving(made):
        yield made


@pytest.fixture
async def plivo(app: Quart, parts: Deps) -> Caller:
    """Plivo, with an account of ours."""
    world = parts.world
    await world.database.write(lambda db: insert_connection(db, connection(), keyring=world.keyring))
    return Caller(app=app)


def told(**changes: str) -> dict[str, str]:
    """What Plivo says of a recording (`wire.md` 3.6)."""
    fields = {
        "CallUUID": "call-0001",
        "From": NUMBER,
        "To": "14155550100",
        "CallStatus": "in-progress",
        "Direction": "inbound",
        "Event": "Record",
        "ParentAuthID": AUTH_ID,
        "RecordUrl": MEDIA,
        "RecordingID": RECORDING,
        "RecordingDuration": "21",
        "RecordingDurationMs": "21400",
        "RecordingStartMs": "1795176000000",
        "RecordingEndMs": "1795176021400",
        "Digits": "#",
    }
    return {name: value for name, value in (fields | changes).items() if value != "(none)"}


def spoken(document: bytes) -> list[str]:
    """The elements of a document."""
    return [child.tag for child in ElementTree.fromstring(document)]  # noqa: S314  # our own bytes


async def the_messages(browser: Browser) -> list[dict[str, Any]]:
    """What the page lists."""
    response = await browser.get("/api/voicemails")
    assert response.status_code == 200
    items: list[dict[str, Any]] = (await response.get_json())["items"]
    return items


async def code_of(browser: Browser, method: str, path: str) -> tuple[int, str, str]:
    """Status, code and sentence of a refusal."""
    response = await browser.send(method, path)
    error = (await response.get_json()).get("error", {})
    return response.status_code, error.get("code", ""), error.get("message", "")


async def leave_one(plivo: Caller, ana: Browser, **changes: str) -> dict[str, Any]:
    """A message is left; how the page lists it."""
    await plivo.ask(MESSAGE, told(**changes))
    return (await the_messages(ana))[0]


async def test_a_message_is_kept_thanked_for_and_listed(plivo: Caller, ana: Browser, parts: Deps) -> None:
    """In the caller's language; open pages are told, and no page sees a number."""
    response = await plivo.ask(MESSAGE, told())
    document = await response.data
    (message,) = await the_messages(ana)
    events = await parts.world.database.read(lambda db: select_events_after(db, 0, limit=50))

    assert spoken(document) == ["Speak", "Hangup"]
    assert b"Gracias" in document
    assert message["caller"].startswith("Caller ")
    assert (message["hotline_id"], message["language"], message["seconds"]) == ("line", "es", 21)
    assert (message["state"], message["taken_by"], message["mine"]) == ("new", None, False)
    assert [dict(event.body) for event in events if event.kind == "voicemail"] == [
        {"id": message["id"], "state": "new"}
    ]


ONCE = [
    (MESSAGE, told()),
    (RECORDED, told(Digits="(none)")),
    (MESSAGE, told(RecordingDuration="-1", RecordingDurationMs="-1")),
    (RECORDED, told(RecordingDuration="(none)", RecordingDurationMs="(none)", RecordUrl="(none)")),
]


@pytest.mark.tm("TM-W9")
@pytest.mark.parametrize("order", list(itertools.permutations(range(4))), ids=str)
async def test_callbacks_of_one_recording_make_one_message(plivo: Caller, ana: Browser, order: tuple[int, ...]) -> None:
    """Repeated, in any order, with and without what they should say."""
    for place in order:
        response = await plivo.ask(*ONCE[place])
        assert response.status_code == 200

    (message,) = await the_messages(ana)
    assert message["seconds"] == 21


@pytest.mark.parametrize("alone", range(4))
@pytest.mark.usefixtures("purged")
async def test_each_callback_alone_keeps_the_message(
    plivo: Caller, ana: Browser, parts: Deps, clock: Clock, alone: int
) -> None:
    """Whatever else is lost; a length that nobody told is asked for later."""
    await plivo.ask(*ONCE[alone])
    clock.forward(minutes=3)
    await purge(parts.world)

    (message,) = await the_messages(ana)
    assert message["seconds"] == 21


@pytest.mark.parametrize(
    "fields",
    [
        told(RecordingID="(none)", RecordUrl="(none)"),
        told(RecordingID="", RecordUrl="", RecordingDuration=""),
        told(RecordingDuration="0", RecordingDurationMs="0"),
        told(RecordingDuration="0", RecordingDurationMs="400"),
    ],
    ids=["no recording", "empty fields", "nothing in it", "less than a second"],
)
@pytest.mark.usefixtures("purged")
async def test_an_empty_message_is_said_and_not_kept(
    plivo: Caller, ana: Browser, parts: Deps, pretend: PretendPlivo, fields: dict[str, str]
) -> None:
    """The caller hears so; an empty file goes at Plivo too, and a later callback brings nothing back."""
    response = await plivo.ask(MESSAGE, fields)
    await plivo.ask(RECORDED, fields)
    await purge(parts.world)

    assert b"ning" in await response.data
    assert await the_messages(ana) == []
    assert pretend.recordings == {} or "RecordingID" not in fields or not fields["RecordingID"]


@pytest.mark.parametrize(
    "url", ["https://evil.example/x.mp3", "https://user@media.plivo.com/x", "https://192.0.2.1/x.mp3", "(none)"]
)
@pytest.mark.tm("TM-D7")
async def test_an_address_in_a_callback_is_never_fetched(
    plivo: Caller, ana: Browser, pretend: PretendPlivo, url: str
) -> None:
    """The message is kept all the same, and its sound comes from the one configured place."""
    message = await leave_one(plivo, ana, RecordUrl=url)

    response = await ana.get(f"/api/voicemails/{message['id']}/audio")

    assert await response.data == SOUND
    assert [path for _, path, _ in pretend.asked] == [f"/v1/Account/{AUTH_ID}/Recording/{RECORDING}.mp3"]


async def test_the_sound_comes_through_our_server(plivo: Caller, ana: Browser) -> None:
    """As mp3 whatever its server says, stored by nobody."""
    message = await leave_one(plivo, ana)

    response = await ana.get(f"/api/voicemails/{message['id']}/audio")

    assert response.status_code == 200
    assert await response.data == SOUND
    assert response.headers["Content-Type"] == "audio/mpeg"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Content-Length"] == str(len(SOUND))


async def test_a_sound_that_plivo_does_not_have_is_said(plivo: Caller, ana: Browser, pretend: PretendPlivo) -> None:
    """In a sentence, and with nothing of Plivo's answer."""
    message = await leave_one(plivo, ana)
    pretend.recordings.clear()

    found = await code_of(ana, "GET", f"/api/voicemails/{message['id']}/audio")

    assert found == (502, "recording_gone", "Plivo does not have this recording any more.")


async def test_one_person_at_a_time_sees_to_a_message(
    plivo: Caller, ana: Browser, sign_in_as: SignInAs, parts: Deps
) -> None:
    """Taken, given back, taken by another, done: whoever comes too late is told by whom."""
    ben = await sign_in_as("ben")
    path = f"/api/voicemails/{(await leave_one(plivo, ana))['id']}"

    untaken = await code_of(ana, "POST", f"{path}/done")
    taken = await (await ana.post(f"{path}/take")).get_json()
    again = await ana.post(f"{path}/take")
    late = [await code_of(ben, "POST", f"{path}/{what}") for what in ("take", "done", "release")]
    released = await (await ana.post(f"{path}/release")).get_json()
    bens = await ben.post(f"{path}/take")
    finished = await (await ben.post(f"{path}/done")).get_json()
    over = await code_of(ana, "POST", f"{path}/take")

    assert untaken == (409, "message_not_taken", "Take the message first.")
    assert (taken["state"], taken["mine"], taken["taken_by"]["name"]) == ("taken", True, "Ana")
    assert again.status_code == bens.status_code == 200
    assert late == [(409, "message_taken", "Ana has taken this message. Choose another one.")] * 3
    assert (released["state"], released["taken_by"]) == ("new", None)
    assert (finished["state"], finished["taken_by"]["name"]) == ("done", "Ben")
    assert over == (409, "message_done", "Ben has marked this message as done already.")
    events = await parts.world.database.read(lambda db: select_events_after(db, 0, limit=50))
    states = [event.body["state"] for event in events if event.kind == "voicemail"]
    assert states == ["new", "taken", "taken", "new", "taken", "done"]


async def test_a_message_that_was_taken_and_left_is_free_again(
    plivo: Caller, ana: Browser, sign_in_as: SignInAs, clock: Clock
) -> None:
    """After half an hour somebody else may take it."""
    ben = await sign_in_as("ben")
    path = f"/api/voicemails/{(await leave_one(plivo, ana))['id']}"
    await ana.post(f"{path}/take")

    clock.forward(seconds=TAKEN_FOR.total_seconds())

    assert (await ben.post(f"{path}/take")).status_code == 200
    assert (await code_of(ana, "POST", f"{path}/done"))[1] == "message_taken"


async def test_messages_are_for_those_on_duty(plivo: Caller, ana: Browser, sign_in_as: SignInAs) -> None:
    """And for administrators; a message that is not there is said to be gone."""
    away = await sign_in_as("eve", availability=Availability.AWAY)
    root = await sign_in_as("root", role=Role.ADMIN, availability=Availability.AWAY)
    message = await leave_one(plivo, ana)
    doors = [
        ("GET", ""),
        ("GET", f"/{message['id']}/audio"),
        *(("POST", f"/{message['id']}/{x}") for x in ("take", "release", "done")),
    ]

    refused = [await code_of(away, method, f"/api/voicemails{path}") for method, path in doors]

    assert {(status, code) for status, code, _ in refused} == {(403, "not_on_duty")}
    assert (await root.get("/api/voicemails")).status_code == 200
    assert (await code_of(ana, "POST", "/api/voicemails/nothing/take"))[0] == 404


@pytest.mark.tm("TM-D6")
@pytest.mark.usefixtures("purged")
@pytest.mark.usefixtures("purged")
async def test_a_message_goes_here_and_at_plivo_when_its_time_is_over(
    plivo: Caller, ana: Browser, admin: Browser, parts: Deps, pretend: PretendPlivo, clock: Clock
) -> None:
    """Plivo is asked until it is gone there; no late callback brings it back; administrators see what is left."""
    await leave_one(plivo, ana)
    await plivo.ask(RECORDED, told(RecordingID="another", RecordUrl="(none)"))
    clock.forward(days=31)
    pretend.fail(f"DELETE /v1/Account/{AUTH_ID}/Recording/{RECORDING}", status(503), times=5)

    first = await purge(parts.world)
    root = await _again(admin, parts)
    waiting = (await (await root.get("/api/admin/retention")).get_json())["waiting_at_plivo"]
    too_early = await purge(parts.world)
    clock.forward(minutes=5)
    second = await purge(parts.world)
    late = await plivo.ask(RECORDED, told(SessionStart="(none)"))

    assert (first["voicemails"], first["recordings"]) == (2, 1)
    assert (waiting["recordings"], waiting["problem"]) == (
        1,
        "Plivo cannot be reached at the moment. Try again in a minute.",
    )
    assert "recordings" not in too_early
    assert second == {"recordings": 1}
    assert pretend.recordings == {}
    assert late.status_code == 200
    rows = await parts.world.database.read(lambda db: db.fetch_all("SELECT id FROM voicemails"))
    assert list(rows) == []


async def _again(person: Browser, parts: Deps) -> Browser:
    """The same person signed in anew: sessions end while the clock moves."""
    assert person.person is not None
    return await browser_of(person.app, person.person)


@pytest.mark.usefixtures("purged")
async def test_an_answer_that_is_lost_deletes_once_more(
    plivo: Caller, ana: Browser, admin: Browser, parts: Deps, pretend: PretendPlivo
) -> None:
    """The recording is gone though nobody said so: 404 counts as gone."""
    message = await leave_one(plivo, ana)
    await admin.delete(f"/api/admin/voicemails/{message['id']}")
    pretend.fail("DELETE", lost, after=True)

    removed = await purge(parts.world)

    assert removed["recordings"] == 1
    assert pretend.recordings == {}
    assert await the_messages(ana) == []


@pytest.mark.tm("TM-F8")
async def test_a_caller_leaves_so_many_messages_a_day(plivo: Caller, parts: Deps, clock: Clock) -> None:
    """Then none is offered until the day is over; nor is one where voicemail is switched off."""
    world = parts.world
    limits = HotlinePrivacy(messages_per_caller=2, messages_in_all=3)
    await world.database.write(lambda db: upsert_hotline_privacy(db, "line", limits))

    async def offered(caller: CallerId, hotline: str = "line") -> bool:
        return await world.database.read(
            lambda db: may_leave_message(db, caller, hotline_id=hotline, now=world.clock())
        )

    stranger, others = CallerId("c" + "0" * 32), []
    for number in range(3):
        row = await world.database.read(lambda db: db.fetch_one("SELECT caller_id FROM voicemails LIMIT 1"))
        caller = CallerId(str(row[0])) if row else stranger
        others.append((await offered(caller), await offered(stranger)))
        call = {"CallUUID": f"call-000{number}", "RecordingID": f"recording-{number}", "RecordUrl": "(none)"}
        await plivo.ask(MESSAGE, told(**call))
    in_all = await offered(stranger)
    elsewhere = await offered(stranger, "other")
    clock.forward(days=1)
    tomorrow = await offered(stranger)
    await world.database.write(lambda db: upsert_hotline_privacy(db, "line", HotlinePrivacy(voicemail_enabled=False)))

    assert others == [(True, True), (True, True), (False, True)]
    assert (in_all, elsewhere, tomorrow, await offered(stranger)) == (False, True, True, False)


@pytest.mark.tm("TM-F8")
def test_a_recording_ends_after_three_minutes() -> None:
    """The cap, the beep and both addresses are always in the document, and no number ever is."""
    verbs = message_verbs(
        Settings(), (Speak("Beep."),), connection_id=ConnectionId("main"), hotline_id="line", language="es"
    )

    record = ElementTree.fromstring(render(verbs))[1]  # noqa: S314  # our own bytes

    assert record.attrib == {
        "action": f"http://127.0.0.1:8000{MESSAGE}{AGAIN}",
        "method": "POST",
        "callbackUrl": f"http://127.0.0.1:8000{RECORDED}{AGAIN}",
        "callbackMethod": "POST",
        "fileFormat": "mp3",
        "timeout": "15",
        "maxLength": "180",
        "finishOnKey": "#",
        "playBeep": "true",
        "redirect": "true",
    }


@pytest.mark.tm("TM-D5")
async def test_a_planted_number_is_found_nowhere(
    plivo: Caller,
    ana: Browser,
    admin: Browser,
    parts: Deps,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Not in an answer of any door, an event, a log line or the database file."""
    caplog.set_level(logging.DEBUG)
    message = await leave_one(plivo, ana)
    answers = [await (await plivo.ask(RECORDED, told())).data]
    for browser, path in (
        (ana, "/api/voicemails"),
        (admin, "/api/voicemails"),
        (admin, "/api/admin/blocks"),
        (admin, "/api/admin/retention"),
        (admin, "/api/admin/audit"),
        (admin, "/api/admin/hotlines/line/privacy"),
    ):
        answers.append(await (await browser.get(path)).data)
    answers.append(await (await ana.post(f"/api/voicemails/{message['id']}/take")).data)
    events = await parts.world.database.read(lambda db: select_events_after(db, 0, limit=100))
    file = sqlite_path(settings.database_url)
    files = b"".join(one.read_bytes() for one in file.parent.glob(f"{file.name}*")) if file else b""

    ends = (NUMBER, NUMBER[1:], NUMBER[-7:], f"…{NUMBER[-4:]}")
    places = {
        "answers": b"".join(answers).decode(),
        "events": str(events),
        "logs": caplog.text,
        "database": files.decode("utf-8", "replace"),
    }
    assert [(place, end) for place, text in places.items() for end in ends if end in text] == []


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        (MESSAGE, told(RecordingID="../../x")),
        (RECORDED, told(RecordingID="a b")),
        (MESSAGE, told(RecordingDuration="21x")),
        (MESSAGE, told(RecordUrl="file:///etc/passwd")),
        (MESSAGE, told(CallUUID="(none)")),
    ],
)
async def test_what_plivo_never_sends_is_refused(
    plivo: Caller, ana: Browser, path: str, fields: dict[str, str]
) -> None:
    """Signed or not: a value that may have shifted is not believed (threat model, TM-W4)."""
    response = await plivo.ask(path, fields)

    assert response.status_code == 400
    assert await the_messages(ana) == []


async def test_an_unsigned_message_is_refused(plivo: Caller, ana: Browser) -> None:
    """No row, no event."""
    response = await plivo.ask(MESSAGE, told(), headers={"X-Plivo-Signature-V3": "AAAA"})

    assert response.status_code == 403
    assert await the_messages(ana) == []


@pytest.mark.usefixtures("purged")
async def test_retention_counts_from_when_a_message_was_left(
    plivo: Caller, ana: Browser, parts: Deps, clock: Clock
) -> None:
    """Not a moment earlier than its thirty days."""
    await leave_one(plivo, ana)
    clock.forward(seconds=timedelta(days=30).total_seconds() - 1)

    assert "voicemails" not in await purge(parts.world)
    clock.forward(seconds=2)
    assert (await purge(parts.world))["voicemails"] == 1
