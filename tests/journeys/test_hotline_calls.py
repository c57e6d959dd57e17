"""Callers of a hotline, from the first ring to a person, a message or a sentence."""

import re
from datetime import timedelta

import pytest

from softphone.domain.words import WORDS
from tests.journeys.floor import HOTLINE, NEVER_MS, Floor

SPEAK = re.compile(r'<Speak language="([^"]+)"')
TALK = {"wait_for": "connected"}
LEAVE = ({"wait_for": "recording"}, {"talk_ms": 3000}, {"press": "#"})


@pytest.mark.parametrize(("key", "language", "voice"), [("1", "en", "en-US"), ("2", "es", "es-US")])
async def test_a_caller_chooses_a_language_and_hears_it_from_then_on(
    floor: Floor, key: str, language: str, voice: str
) -> None:
    """The menu speaks each language in its own voice; a repeat caller is not asked again and hears theirs at once."""
    await floor.begin(languages=["en", "es"])
    floor.answers("ana")
    caller = floor.caller({"wait_for": "keys"}, {"press": key})

    await floor.until(lambda: floor.talks("ana"), "a person")
    floor.plant.parties.dismiss_callers()
    await floor.at_rest()
    again = floor.caller(TALK, number=caller.leg.address)
    await floor.until(lambda: again.leg.state == "connected", "a person again")

    menu, after = floor.documents(caller)[:2]
    assert SPEAK.findall(menu) == ["en-US", "en-US", "es-US"]
    assert set(SPEAK.findall(after)) == {voice}
    assert WORDS[language].please_hold in caller.leg.heard
    assert set(SPEAK.findall(floor.documents(again)[0])) == {voice}
    assert [one["language"] for one in (await floor.calls())[:2]] == [language, language]


async def test_with_nobody_on_duty_a_caller_leaves_a_message_at_once(floor: Floor) -> None:
    """No phone rings, and nobody waits for people who are not there."""
    for login in ("ana", "ben", "chloe"):
        floor.answers(login)
        await floor.duty(login, "away")

    caller = floor.caller(*LEAVE)
    await floor.at_rest()

    assert WORDS["en"].nobody_leave_message in caller.leg.heard
    assert caller.leg.heard[-1] == WORDS["en"].message_thanks
    assert [floor.phone(login) for login in ("ana", "ben", "chloe")] == [None, None, None]
    assert (await floor.calls())[0]["ending"] == "message"


async def test_with_everybody_busy_a_caller_waits_and_gets_the_first_who_is_free(floor: Floor) -> None:
    """They are held with a spoken line and not sent to a message, and meet the person whose call ends."""
    await floor.duty("chloe", "away")
    for login in ("ana", "ben"):
        floor.answers(login)
        one = floor.caller(TALK)
        await floor.until(lambda one=one: one.leg.state == "connected", "a conversation")  # type: ignore[misc]
    busy = {login: floor.phone(login) for login in ("ana", "ben")}

    third = floor.caller(TALK)
    await floor.until(lambda: WORDS["en"].still_trying in third.leg.heard, "a word while waiting")
    assert third.leg.state == "answered"
    assert busy["ben"] is not None
    busy["ben"].leave()
    await floor.until(lambda: third.leg.state == "connected", "a person")

    assert floor.phone("ana") is busy["ana"]
    assert floor.talks("ben")
    assert not any(WORDS["en"].nobody_leave_message in said for said in third.leg.heard)


async def test_after_the_longest_wait_a_caller_leaves_a_message(floor: Floor) -> None:
    """Phones ring round after round in vain; when the time is over nobody is rung any more."""
    await floor.begin(ring_seconds=10)
    for login in ("ana", "ben", "chloe"):
        floor.answers(login, outcome="no_answer")
    caller = floor.caller(*LEAVE)
    await floor.until(lambda: WORDS["en"].still_trying in caller.leg.heard, "a second round")

    floor.ahead.put(timedelta(minutes=4))
    await floor.at_rest()

    assert caller.leg.heard[-2:] == [WORDS["en"].nobody_leave_message, WORDS["en"].message_thanks]
    assert (await floor.calls())[0]["ending"] == "message"
    assert await floor.would_ring() == {"ana", "ben", "chloe"}


async def test_a_closed_hotline_says_so_and_takes_a_message(floor: Floor) -> None:
    """The exceptional switch holds from the next call on, and rings nobody."""
    floor.answers("ana")
    await floor.ask("boss", "PUT", f"{HOTLINE}/closed", {"closed": True})

    caller = floor.caller(*LEAVE)
    await floor.at_rest()

    assert WORDS["en"].closed_leave_message in caller.leg.heard
    assert caller.leg.heard[-1] == WORDS["en"].message_thanks
    assert floor.phone("ana") is None


async def test_a_closed_hotline_without_voicemail_says_where_else_to_turn(floor: Floor) -> None:
    """A sentence is the least that anybody gets."""
    privacy = await floor.ask("boss", "GET", f"{HOTLINE}/privacy")
    await floor.ask("boss", "PUT", f"{HOTLINE}/privacy", {**privacy, "voicemail_enabled": False})
    await floor.ask("boss", "PUT", f"{HOTLINE}/closed", {"closed": True})

    caller = floor.caller()
    await floor.at_rest()
    await floor.ask("boss", "PUT", f"{HOTLINE}/privacy", privacy)

    assert caller.leg.heard[-1] == WORDS["en"].closed_alternatives
    assert (await floor.calls())[0]["ending"] == "alternatives"


async def test_a_message_is_heard_seen_to_and_deleted_everywhere(floor: Floor) -> None:
    """What the volunteer hears is what the caller said, to the byte; an administrator's deletion reaches Plivo too."""
    await floor.ask("boss", "PUT", f"{HOTLINE}/closed", {"closed": True})
    before = {one.recording_id for one in floor.plant.account.recordings.all()}
    caller = floor.caller(*LEAVE)
    await floor.at_rest()
    (kept,) = [one for one in floor.plant.account.recordings.all() if one.recording_id not in before]

    message = (await floor.ask("ana", "GET", "/api/voicemails"))["items"][0]
    sound = await floor.ask("ana", "GET", f"/api/voicemails/{message['id']}/audio")
    await floor.ask("ana", "POST", f"/api/voicemails/{message['id']}/take", {})
    taken = await floor.clients["ben"].post(f"/api/voicemails/{message['id']}/take", json={})
    done = await floor.ask("ana", "POST", f"/api/voicemails/{message['id']}/done", {})
    await floor.ask("boss", "DELETE", f"/api/admin/voicemails/{message['id']}", {})
    gone = await floor.clients["ana"].get(f"/api/voicemails/{message['id']}/audio")
    # What is to be deleted at Plivo is asked for when the service starts, and every ten minutes.
    await floor.stop()
    await floor.start()
    await floor.until(lambda: any("1 recordings" in line for line in floor.log), "a deletion at Plivo")

    assert caller.leg.heard[-1] == WORDS["en"].message_thanks
    assert sound.content == kept.wav
    assert max(sound.content[44:]) > 0
    assert kept not in floor.plant.account.recordings.all()
    assert (taken.status_code, done["state"], gone.status_code) == (409, "done", 404)
    left = (await floor.ask("ana", "GET", "/api/voicemails"))["items"]
    assert message["id"] not in [one["id"] for one in left]


async def test_a_caller_who_hangs_up_while_it_rings_leaves_everybody_free(floor: Floor) -> None:
    """Phones stop, the log says that they gave up, and everybody can be rung for the next one."""
    for login in ("ana", "ben", "chloe"):
        floor.answers(login, after_ms=NEVER_MS)
    floor.caller({"wait_for": "speech"}, {"wait_ms": 3000}, {"hang_up": True})
    await floor.until(lambda: floor.rings("ana") and floor.rings("ben"), "ringing")

    await floor.at_rest()

    assert [phone.state for login in ("ana", "ben", "chloe") if (phone := floor.phone(login))] == ["cancelled"] * 3
    assert (await floor.calls())[0]["ending"] == "gave_up"
    assert await floor.would_ring() == {"ana", "ben", "chloe"}
