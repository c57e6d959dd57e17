"""Callers from outside, at the doors: who rings, what they hear, what the pages are told."""

from datetime import timedelta
from itertools import permutations
from typing import Any
from xml.etree import ElementTree

import pytest
from quart import Quart, Response

from softphone.actions.settle_calls import settle_calls
from softphone.actions.world import World
from softphone.domain.hotline import Hotline, Strategy
from softphone.domain.hotline_calls import LATE, TALK_FOR
from softphone.domain.ids import CallUUID
from softphone.domain.privacy import HotlinePrivacy
from softphone.domain.volunteers import Volunteer
from softphone.store.database import Connection as Db
from softphone.store.events import select_events_after
from softphone.store.hotline_calls import select_ladder
from softphone.store.hotlines import insert_hotline, replace_members, update_hotline
from softphone.store.presence import select_on_call
from softphone.store.privacy import upsert_hotline_privacy
from softphone.store.private_phones import upsert_private_phone
from softphone.store.volunteers import insert_volunteer
from softphone.web.deps import Deps
from tests.clock import NOON, Clock
from tests.hotlines import hotline, private_phone
from tests.people import volunteer
from tests.telephony import AGAIN, AUTH_ID, Caller, add_endpoint, connection, set_up, username

ANA, BEN, CHLOE = volunteer("ana", languages=("en", "es")), volunteer("ben"), volunteer("chloe")
PEOPLE = [ANA, BEN, CHLOE]
LINE = hotline()
SPOKEN = ("en", "es")


@pytest.fixture
async def plivo(app: Quart, parts: Deps) -> Caller:
    """Plivo, with an account of ours: the hotline rings Ana, Ben and Chloe, whose phones are on."""
    world = parts.world

    async def unit(db: Db) -> None:
        await set_up(db, PEOPLE, keyring=world.keyring, until=NOON + timedelta(hours=9), to=connection())
        await insert_hotline(db, LINE)
        await replace_members(db, LINE.id, [person.id for person in PEOPLE], now=NOON)

    await world.database.write(unit)
    return Caller(app=app)


async def change(parts: Deps, **changes: Any) -> Hotline:
    """The hotline, changed."""
    changed = hotline(**changes)
    await parts.world.database.write(lambda db: update_hotline(db, changed))
    return changed


async def rows(parts: Deps, sql: str) -> list[tuple[Any, ...]]:
    """What a statement finds."""
    return [tuple(row) for row in await parts.world.database.read(lambda db: db.fetch_all(sql))]


async def told(parts: Deps) -> list[tuple[str, str]]:
    """Whom the hotline's events told what, in order."""
    found = await parts.world.database.read(lambda db: select_events_after(db, 0, limit=500))
    return [
        (event.audience.removeprefix("volunteer:v-"), str(event.body["state"]))
        for event in found
        if event.kind == "hotline_call"
    ]


async def verbs(response: Response) -> list[ElementTree.Element]:
    """The verbs of an answer."""
    assert response.status_code == 200
    return list(ElementTree.fromstring(await response.data))  # noqa: S314  # our own bytes


async def tags(response: Response) -> list[str]:
    """The names of the verbs of an answer."""
    return [verb.tag for verb in await verbs(response)]


async def rung(response: Response) -> list[str | None]:
    """Who is dialled by an answer."""
    return [callee.text for verb in await verbs(response) if verb.tag == "Dial" for callee in verb]


def address(login: str) -> str:
    """Where a volunteer's browser is rung."""
    return f"sip:{username(volunteer(login))}_{AUTH_ID}@phone.plivo.com"


async def busy(parts: Deps, clock: Clock) -> set[str]:
    """Who is in a call."""
    return set(await parts.world.database.read(lambda db: select_on_call(db, now=clock())))


async def test_everybody_who_is_ready_rings_at_once(plivo: Caller, parts: Deps) -> None:
    """The greeting, and a Dial with our number and name; the caller's number and Plivo's id go nowhere."""
    response = await plivo.call_in()

    assert await tags(response) == ["Speak", "Speak", "Dial"]
    dial = (await verbs(response))[2]
    ((ref,),) = await rows(parts, "SELECT ref FROM hotline_calls")
    assert dial.attrib == {
        "timeout": "20",
        "timeLimit": "10800",
        "callerId": "14155550100",
        "callerName": "Night line, English",
        "action": f"http://127.0.0.1:8000/telephony/main/incoming/next?step=1{AGAIN}",
        "method": "POST",
        "callbackUrl": f"http://127.0.0.1:8000/telephony/main/incoming/legs?step=1{AGAIN}",
        "callbackMethod": "POST",
        "sipHeaders": f"ref={ref}",
    }
    assert await rung(response) == [address("ana"), address("ben"), address("chloe")]
    assert b"5550123" not in await response.data
    assert await told(parts) == [("ana", "offered"), ("ben", "offered"), ("chloe", "offered")]


async def test_the_page_is_told_what_it_needs_and_no_more(plivo: Caller, parts: Deps) -> None:
    """Hotline, language, wait, label, repeat."""
    await plivo.call_in()

    found = await parts.world.database.read(lambda db: select_events_after(db, 0, limit=500))
    body = dict(next(event.body for event in found if event.kind == "hotline_call"))
    assert len(str(body.pop("id"))) == 16
    assert str(body.pop("label")).startswith("Caller ")
    assert body == {
        "hotline": {"id": "night-line", "name": "Night line"},
        "language": "en",
        "repeat": False,
        "spoke_before": False,
        "waiting_since": "2026-11-20T12:00:00.000Z",
        "waited_seconds": 0,
        "state": "offered",
    }


async def test_the_first_to_answer_has_the_caller(plivo: Caller, parts: Deps, clock: Clock) -> None:
    """The others are told that a colleague answered; after the end there is a pause for the one who talked."""
    await plivo.call_in()
    clock.forward(seconds=5)
    await plivo.leg(1, BEN, "answer")
    assert await busy(parts, clock) == {BEN.id}
    clock.forward(seconds=60)
    await plivo.leg(1, BEN, "hangup", DialBLegDuration="60", DialBLegHangupCauseCode="4000")
    ended = await plivo.next(1, DialStatus="completed", DialBLegUUID="leg-ben-1")
    await plivo.hang_up(Duration="65")

    assert await tags(ended) == ["Hangup"]
    assert (await told(parts))[3:] == [
        ("ben", "answered"),
        ("ana", "answered_by_colleague"),
        ("chloe", "answered_by_colleague"),
        ("ben", "ended"),
    ]
    assert await busy(parts, clock) == set()
    assert await rows(parts, "SELECT state, ending, answered_by, seconds FROM hotline_calls") == [
        ("ended", "answered", "v-ben", 65)
    ]
    assert await rows(parts, "SELECT count(*) FROM hotline_answers") == [(0,)]
    # In the pause Ben does not ring for the next caller.
    assert await rung(await plivo.call_in("14155550124", call="call-0002")) == [address("ana"), address("chloe")]


EVENTS = ("ana answers", "ana loses the race", "ben answers", "ben is joined", "ben hangs up", "the dial ends")


@pytest.mark.tm("TM-W9")
@pytest.mark.parametrize("first", EVENTS)
async def test_in_whatever_order_news_come_one_has_had_the_call(
    plivo: Caller, parts: Deps, clock: Clock, first: str
) -> None:
    """Both click at the same instant; Plivo gives the caller to Ben. Whatever comes first, last or twice, the record
    says so, and nobody is left in a call.
    """
    orders = list(permutations([name for name in EVENTS if name != first]))[:: len(EVENTS) + 1]
    wrong = []
    for number, rest in enumerate(orders):
        call = f"call-{number:04}"
        for table in ("volunteer_pauses", "admissions"):
            await parts.world.database.write(lambda db, t=table: db.execute(f"DELETE FROM {t}"))  # type: ignore[misc]  # noqa: S608
        await plivo.call_in(call=call)
        for name in (first, *rest):
            await _tell(plivo, name, call)
            await _tell(plivo, name, call)
        ended = await rows(parts, "SELECT state, ending, answered_by FROM hotline_calls ORDER BY call_uuid DESC")
        if ended[0] != ("ended", "answered", BEN.id) or await busy(parts, clock):
            wrong.append((rest, ended[0]))

    assert len(orders) > 15
    assert wrong == []


async def _tell(plivo: Caller, name: str, call: str) -> None:
    if name == "the dial ends":
        await plivo.next(1, call=call, DialStatus="completed", DialBLegUUID=f"leg-ben-{call}")
        return
    who, _, what = name.partition(" ")
    person = ANA if who == "ana" else BEN
    more: dict[str, str] = {}
    action = {"answers": "answer", "is joined": "connected"}.get(what, "hangup")
    if what == "loses the race":
        more = {"DialBLegHangupCauseCode": "9000"}
    elif what == "hangs up":
        more = {"DialBLegDuration": "9"}
    await plivo.leg(1, person, action, call=call, leg=f"leg-{who}-{call}", **more)


async def test_nobody_answers_and_the_caller_leaves_a_message(plivo: Caller, parts: Deps, clock: Clock) -> None:
    """Ring, pause with a line, ring again, until the longest wait; then the recorder."""
    heard = [await plivo.call_in()]
    for step in range(1, 30):
        if "Record" in await tags(heard[-1]):
            break
        clock.forward(seconds=20 if "Dial" in await tags(heard[-1]) else 5)
        more = {"DialStatus": "no-answer"} if "Dial" in await tags(heard[-1]) else {}
        heard.append(await plivo.next(step, **more))

    # A round and its pause take 25 s; the longest wait is 180 s.
    assert [(await tags(one))[-1] for one in heard] == [*["Dial", "Redirect"] * 7, "Dial", "Record"]
    assert await rows(parts, "SELECT state FROM hotline_calls") == [("message",)]


async def test_a_question_that_comes_again_has_the_same_answer(plivo: Caller, parts: Deps) -> None:
    """With its nonce or another, at once or after the next one; nothing rings twice and nothing is written twice."""
    first = await plivo.call_in()
    again = await plivo.call_in()
    second = await plivo.next(1, DialStatus="no-answer")
    late = await plivo.next(1, DialStatus="no-answer")
    lost = await plivo.call_in()

    assert await first.data == await again.data == await lost.data
    assert await second.data == await late.data
    assert await rows(parts, "SELECT count(*) FROM hotline_rounds") == [(1,)]
    assert (await told(parts)).count(("ana", "offered")) == 1


@pytest.mark.tm("TM-W3")
async def test_after_the_end_nobody_is_rung(plivo: Caller) -> None:
    """A new nonce for a finished call: the end, without effect."""
    await plivo.call_in()
    await plivo.hang_up()

    assert await tags(await plivo.call_in()) == ["Hangup"]
    assert await tags(await plivo.next(1, DialStatus="no-answer")) == ["Hangup"]


async def test_an_end_that_comes_first_rings_nobody(plivo: Caller, parts: Deps) -> None:
    """The hangup URL is told before the answer URL is asked."""
    await plivo.hang_up()

    assert await tags(await plivo.call_in()) == ["Hangup"]
    assert await told(parts) == []


async def test_a_caller_who_gives_up_stops_the_ringing(plivo: Caller, parts: Deps, clock: Clock) -> None:
    """Every page is told, and everybody is free for the next one."""
    await plivo.call_in()
    await plivo.hang_up()

    assert (await told(parts))[3:] == [("ana", "stopped"), ("ben", "stopped"), ("chloe", "stopped")]
    assert await rows(parts, "SELECT ending FROM hotline_calls") == [("gave_up",)]
    assert len(await rung(await plivo.call_in(call="call-0002"))) == 3


async def test_whoever_declined_is_spared_while_others_can_answer(plivo: Caller, parts: Deps) -> None:
    """Declined by one, offered again to the others; when all have declined they ring all the same."""
    await plivo.call_in()
    await plivo.leg(1, BEN, "hangup", DialBLegHangupCauseCode="3020", DialBLegHangupCause="CALL_REJECTED")
    await plivo.next(1, DialStatus="no-answer")

    assert await rung(await plivo.next(2)) == [address("ana"), address("chloe")]


async def test_a_second_caller_waits_for_whom_the_first_rings(plivo: Caller, clock: Clock) -> None:
    """Nobody's phone rings for two callers; when the first is answered, the others ring for the second."""
    await plivo.call_in()
    second = await plivo.call_in("14155550124", call="call-0002")
    await plivo.leg(1, ANA, "answer")
    clock.forward(seconds=5)
    then = await plivo.next(1, call="call-0002", number="14155550124")

    assert (await tags(second))[-2:] == ["Wait", "Redirect"]
    assert await rung(then) == [address("ben"), address("chloe")]


async def test_a_language_is_asked_for_and_remembered(plivo: Caller, parts: Deps) -> None:
    """Each language in its own voice; the next call needs no menu."""
    await change(parts, languages=SPOKEN)

    menu = await plivo.call_in()
    await plivo.next(1, Digits="2")
    await plivo.hang_up()
    next_call = await plivo.call_in(call="call-0002")

    assert await tags(menu) == ["GetDigits", "Redirect"]
    assert [one.get("language") for one in (await verbs(menu))[0]] == ["en-US", "en-US", "es-US"]
    assert await rows(parts, "SELECT language FROM hotline_calls ORDER BY call_uuid") == [("es",), ("es",)]
    assert "Dial" in await tags(next_call)
    assert (await verbs(next_call))[0].get("language") == "es-US"
    assert (await verbs(next_call))[-1].get("callerName") == "Night line, Spanish"


@pytest.mark.tm("TM-F7")
async def test_any_keys_come_to_an_end(plivo: Caller, parts: Deps) -> None:
    """Three tries, then the hotline's own language; no key does anything else."""
    await change(parts, languages=SPOKEN)
    keys = ["", "0", "3", "9", "*", "#", "99", "0000", "*#06#"]
    for number in range(60):
        call = f"call-{number:04}"
        caller = f"1415555{number + 1000}"
        answer = await plivo.call_in(caller, call=call)
        asked = 0
        while "GetDigits" in await tags(answer):
            asked += 1
            answer = await plivo.next(asked, call=call, number=caller, Digits=keys[(number + asked) % len(keys)])
        assert asked == 3
        assert (await tags(answer))[-1] in {"Dial", "Redirect"}
        await plivo.hang_up(call=call)

    assert {row[0] for row in await rows(parts, "SELECT language FROM hotline_calls")} == {"en"}


async def test_a_closed_hotline_takes_messages(plivo: Caller, parts: Deps) -> None:
    """The switch closes it at once; where messages are switched off there is a sentence."""
    await change(parts, closed=True)
    recorder = await plivo.call_in()
    off = HotlinePrivacy(voicemail_enabled=False)
    await parts.world.database.write(lambda db: upsert_hotline_privacy(db, LINE.id, off))
    sentence = await plivo.call_in("14155550124", call="call-0002")

    assert await tags(recorder) == ["Speak", "Speak", "Record"]
    assert await tags(sentence) == ["Speak", "Speak", "Hangup"]
    assert await rows(parts, "SELECT state, ending FROM hotline_calls ORDER BY call_uuid") == [
        ("message", None),
        ("ended", "alternatives"),
    ]


async def test_nobody_on_duty_is_a_message_at_once(plivo: Caller, parts: Deps) -> None:
    """A caller is held for busy people, not for absent ones."""
    await parts.world.database.write(lambda db: db.execute("UPDATE volunteers SET availability = 'away'"))

    assert (await tags(await plivo.call_in()))[-1] == "Record"


@pytest.mark.tm("TM-T8")
async def test_with_webrtc_off_only_private_phones_ring_and_ask_for_a_key(plivo: Caller, parts: Deps) -> None:
    """A mailbox that answers has not taken the call; whoever presses the key has."""
    world = parts.world
    phone = private_phone("v-ben", send_digits="ww21")
    await world.database.write(lambda db: db.execute("UPDATE connections SET webrtc_enabled = false"))
    await world.database.write(lambda db: upsert_private_phone(db, phone, keyring=world.keyring))

    response = await plivo.call_in()

    dial = (await verbs(response))[-1]
    assert [(callee.tag, callee.text) for callee in dial] == [("Number", "14155550177")]
    assert [callee.get("sendDigits") for callee in dial] == ["ww21"]
    assert (dial.get("confirmKey"), dial.get("callerId")) == ("1", "14155550100")
    sound = str(dial.get("confirmSound"))
    assert sound == f"http://127.0.0.1:8000/telephony/main/incoming/confirm?hotline=night-line{AGAIN}"
    to = {"DialBLegTo": "+14155550177"}
    await plivo.leg(1, BEN, "answer", **to)
    assert await rows(parts, "SELECT state, answered_by FROM hotline_calls") == [("ringing", None)]
    await plivo.leg(1, BEN, "connected", **to)
    assert await rows(parts, "SELECT state, answered_by FROM hotline_calls") == [("talking", "v-ben")]
    heard = await plivo.ask(sound.removeprefix("http://127.0.0.1:8000"), {"CallUUID": "leg-0001"})
    assert await tags(heard) == ["Speak"]


async def test_browsers_ring_before_private_phones(plivo: Caller, parts: Deps) -> None:
    """A Dial of their own without a pause between: the key would be asked of browsers too."""
    world = parts.world
    await world.database.write(lambda db: upsert_private_phone(db, private_phone("v-ben"), keyring=world.keyring))

    first = await plivo.call_in()
    second = await plivo.next(1, DialStatus="no-answer")
    third = await plivo.next(2, DialStatus="no-answer")

    assert len(await rung(first)) == 3
    assert await rung(second) == ["14155550177"]
    assert (await tags(third))[-1] == "Redirect"


async def test_a_caller_who_was_cut_off_is_first_offered_to_whom_they_spoke_to(
    plivo: Caller, parts: Deps, clock: Clock
) -> None:
    """Within ten minutes, if they are free; if they do not answer, to everybody."""
    await plivo.call_in()
    await plivo.leg(1, BEN, "answer")
    await plivo.leg(1, BEN, "hangup", DialBLegDuration="60")
    clock.forward(minutes=2)
    again = await plivo.call_in(call="call-0002")
    everybody = await plivo.next(1, call="call-0002", DialStatus="no-answer")
    await plivo.hang_up(call="call-0002")
    clock.forward(minutes=9)
    late = await plivo.call_in(call="call-0003")

    assert await rung(again) == [address("ben")]
    assert len(await rung(everybody)) == 3
    assert len(await rung(late)) == 3


async def test_the_longest_idle_ring_first(plivo: Caller, parts: Deps, clock: Clock) -> None:
    """Two at a time, then the next ones; whoever has just talked comes last."""
    await change(parts, strategy=Strategy.LONGEST_IDLE, ring_at_once=2, wrap_up=timedelta(0))
    await plivo.call_in()
    await plivo.leg(1, ANA, "answer")
    clock.forward(minutes=1)
    await plivo.leg(1, ANA, "hangup", DialBLegDuration="60")
    clock.forward(minutes=11)

    first = await plivo.call_in(call="call-0002")
    await plivo.next(1, call="call-0002", DialStatus="no-answer")
    second = await plivo.next(2, call="call-0002")

    assert await rung(first) == [address("ben"), address("chloe")]
    assert await rung(second) == [address("ana"), address("ben")]


async def test_speakers_of_the_language_ring_first(plivo: Caller, parts: Deps) -> None:
    """Then everyone."""
    await change(parts, strategy=Strategy.LANGUAGE_FIRST, languages=SPOKEN)
    await plivo.call_in()

    first = await plivo.next(1, Digits="2")
    await plivo.next(2, DialStatus="no-answer")
    second = await plivo.next(3)

    assert await rung(first) == [address("ana")]
    assert len(await rung(second)) == 3


@pytest.mark.tm("TM-F6")
async def test_five_hundred_calls_of_one_number_keep_nobody_else_out(plivo: Caller, parts: Deps) -> None:
    """Twenty others all ring."""
    world = parts.world
    helpers = [volunteer(f"helper{number:02}") for number in range(33)]

    async def unit(db: Db) -> None:
        await db.execute("DELETE FROM hotline_members")
        for helper in helpers:
            await set_up_one(db, helper, world=world)
        await replace_members(db, LINE.id, [helper.id for helper in helpers], now=NOON)

    await world.database.write(unit)
    await change(parts, strategy=Strategy.LONGEST_IDLE, ring_at_once=1)
    ringing = 0
    for number in range(520):
        if number % 26 == 0:
            answer = await plivo.call_in(f"1415556{number:04}", call=f"real-{number:04}")
            ringing += "Dial" in await tags(answer)
        else:
            await plivo.call_in("14155550666", call=f"flood-{number:04}")

    assert ringing == 20
    ((refused,),) = await rows(parts, "SELECT count(*) FROM hotline_calls WHERE ending = 'too_many'")
    assert refused == 488


async def set_up_one(db: Db, person: Volunteer, *, world: World) -> None:
    """A volunteer whose phone is on."""
    await insert_volunteer(db, person)
    await add_endpoint(db, person, keyring=world.keyring, until=NOON + timedelta(hours=9))


async def test_a_flooded_hotline_asks_for_four_digits(plivo: Caller, parts: Deps) -> None:
    """Wrong keys ask again, right ones let in."""
    check = HotlinePrivacy(check_above=1)
    await parts.world.database.write(lambda db: upsert_hotline_privacy(db, LINE.id, check))
    await plivo.call_in("14155550124", call="call-0000")
    await plivo.hang_up(call="call-0000")

    asked = await plivo.call_in()
    again = await plivo.next(1, Digits="00000"[:3])
    ((digits,),) = await rows(parts, "SELECT digits FROM admissions WHERE call_uuid = 'call-0001'")
    entered = await plivo.next(2, Digits=str(digits))

    assert [(await tags(one))[0] for one in (asked, again)] == ["GetDigits", "GetDigits"]
    assert (await tags(entered))[-1] == "Dial"


@pytest.mark.tm("TM-W11")
async def test_a_number_that_is_not_ours_is_rejected(plivo: Caller, parts: Deps) -> None:
    """And audited; a number of ours without a hotline says so."""
    rejected = await plivo.call_in(to="14155559999")
    await change(parts, numbers=())
    unowned = await plivo.call_in(call="call-0002")

    assert [(verb.tag, verb.attrib) for verb in await verbs(rejected)] == [("Hangup", {"reason": "rejected"})]
    assert await tags(unowned) == ["Speak", "Hangup"]
    assert await rows(parts, "SELECT action, subject FROM audit") == [("call.refused", "call-0001")]


async def test_lost_news_hold_nobody_for_ever(plivo: Caller, parts: Deps, clock: Clock) -> None:
    """A caller of whom nothing more is heard is ended by itself; so is a conversation when it must be over."""
    await plivo.call_in()
    await plivo.leg(1, BEN, "answer")
    await plivo.call_in("14155550124", call="call-0002")
    clock.forward(minutes=5)
    await settle_calls(parts.world)
    halfway = await rows(parts, "SELECT call_uuid, state, ending FROM hotline_calls ORDER BY call_uuid")
    clock.now = NOON + TALK_FOR + LATE
    await settle_calls(parts.world)

    assert halfway == [("call-0001", "talking", None), ("call-0002", "ended", "lost")]
    assert await rows(parts, "SELECT ending FROM hotline_calls ORDER BY call_uuid") == [("answered",), ("lost",)]
    assert await busy(parts, clock) == set()


@pytest.mark.tm("TM-D5")
async def test_a_callers_number_is_kept_nowhere(plivo: Caller, parts: Deps, caplog: pytest.LogCaptureFixture) -> None:
    """Not in a table of calls, an event, the ladder or a log."""
    await plivo.call_in()
    await plivo.next(1, DialStatus="no-answer")
    await plivo.leg(2, BEN, "answer")
    await plivo.hang_up(From="14155550123")

    kept = ""
    for table in ("hotline_calls", "hotline_rounds", "hotline_legs", "hotline_ladder", "events", "audit", "nonces"):
        kept += str(await rows(parts, f"SELECT * FROM {table}"))  # noqa: S608  # constant names
    assert "5550123" not in kept + caplog.text
    ladder = await parts.world.database.read(lambda db: select_ladder(db, CallUUID("call-0001")))
    assert [(line.asked, line.answered) for line in ladder] == [
        ("incoming", "Speak en-US, Speak en-US, Dial 3 for 20 s"),
        ("next 1", "Speak en-US, Wait 5 s, Redirect"),
        ("leg 2", ""),
        ("end", ""),
    ]
