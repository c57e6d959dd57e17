"""What goes wrong around a call: callbacks doubled, late, reordered and lost; a flood; a database that is held."""

import asyncio
import sqlite3
from collections.abc import Mapping

import pytest

from softphone.domain.words import WORDS
from softphone.sandbox.faults import read_fault
from softphone.sandbox.scripted import ScriptedLeg
from tests.journeys.floor import HOTLINE, NEVER_MS, Floor

TEAM = ("ana", "ben", "chloe")
TALK = {"wait_for": "connected"}

DOUBLED = [{"action": "twice", "match": "/telephony/", "times": None}]
UNHEARD = [{"action": "close", "match": match} for match in ("/incoming", "/next", "/legs", "/legs", "/status")]
REORDERED = [{"action": "delay", "match": "/legs", "ms": 1500}]
LATE = [{"action": "delay", "match": "/telephony/", "ms": 700, "times": None}]
NO_LEGS = [{"action": "drop", "match": "/legs", "times": None}]
NO_END = [{"action": "drop", "match": "/status", "times": None}]
NO_ACTION = [{"action": "drop", "match": "/next", "times": None}]
HELD_SECONDS = 10


def answer(floor: Floor, login: str) -> ScriptedLeg:
    """Somebody whose phone rings answers."""
    phone = floor.phone(login)
    assert phone is not None
    assert phone.answer_now()
    return phone


@pytest.mark.parametrize(
    ("faults", "known"),
    [
        (DOUBLED, True),
        (UNHEARD, True),
        (REORDERED, True),
        (LATE, True),
        (NO_LEGS, False),
        (NO_END, True),
        (NO_ACTION, True),
        (NO_LEGS + NO_END, False),
        (NO_END + NO_ACTION, True),
    ],
    ids=[
        "doubled",
        "answers lost, asked again",
        "in another order",
        "late",
        "no news of phones",
        "no news of the end",
        "no end of the Dial",
        "only the end of the Dial",
        "only news of phones",
    ],
)
@pytest.mark.tm("TM-W9")
async def test_whatever_becomes_of_callbacks_one_person_has_the_caller_and_then_is_free(
    floor: Floor, faults: list[Mapping[str, object]], known: bool
) -> None:
    """Two press at once: one has the caller. After the end the log knows it, and everybody rings for the next one."""
    for login in TEAM:
        floor.answers(login, after_ms=NEVER_MS)
    for fault in faults:
        floor.plant.faults.add(read_fault({"kind": "callback", **fault}))
    caller = floor.caller(TALK)
    await floor.until(lambda: all(floor.rings(login) for login in TEAM), "three phones ringing")

    answer(floor, "ana")
    answer(floor, "ben")
    await floor.until(lambda: caller.leg.state == "connected", "a person")
    await floor.plant.callbacks.settle()
    (winner,) = [login for login in TEAM if floor.talks(login)]
    joined = floor.phone(winner)
    assert joined is not None
    joined.leave()
    await floor.at_rest()

    call = (await floor.calls())[0]
    assert call["ending"] == "answered"
    if known:
        assert call["answered_by"]["name"] == winner.capitalize()
    assert await floor.would_ring() == set(TEAM)


@pytest.mark.tm("TM-R6")
async def test_with_the_database_held_for_ten_seconds_callers_still_reach_people(floor: Floor) -> None:
    """Another process holds the file: who calls meanwhile is rung through from the last known list, and when it is
    free again nothing that was told has been forgotten: who talks is known, and who has ended is free.
    """
    for login in TEAM:
        floor.answers(login, after_ms=NEVER_MS)
    first = floor.caller(TALK)
    await floor.until(lambda: floor.rings("ana"), "ringing")
    lock = sqlite3.connect(floor.database, isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    asyncio.get_running_loop().call_later(HELD_SECONDS, lock.rollback)

    talking = [answer(floor, "ana")]
    await floor.until(lambda: first.leg.state == "connected", "a person for whom it rang")
    second = floor.caller(TALK)
    await floor.until(lambda: floor.rings("ben"), "ringing from the last known list")
    talking.append(answer(floor, "ben"))
    await floor.until(lambda: second.leg.state == "connected", "a person")
    still_held = lock.in_transaction
    await floor.plant.callbacks.settle()
    in_call = {"ana"} & await floor.would_ring()
    for phone in talking:
        phone.leave()
    await floor.at_rest()
    lock.close()

    assert still_held
    assert in_call == set()
    assert [one["ending"] for one in (await floor.calls())[:2]] == ["answered", "answered"]
    assert await floor.would_ring() == set(TEAM)
    assert any("answered from a ring list" in line for line in floor.log)


@pytest.mark.tm("TM-F6")
async def test_five_hundred_calls_from_one_number_leave_everybody_else_a_person(crowded: Floor) -> None:
    """A few of the flood come in and the rest hear a sentence, while twenty others all reach somebody."""
    floor = crowded
    await floor.begin(strategy="longest_idle", ring_at_once=1)
    privacy = await floor.ask("boss", "GET", f"{HOTLINE}/privacy")
    await floor.ask("boss", "PUT", f"{HOTLINE}/privacy", {**privacy, "caller_calls_per_hour": 3})
    for login in floor.people:
        floor.answers(login)

    flood, others = [], []
    for number in range(500):
        flood.append(floor.caller(TALK, number="14155559999"))
        if number % 25 == 12:
            others.append(floor.caller(TALK))
    await floor.until(lambda: all(one.leg.state == "connected" for one in others), "a person for each")
    await floor.until(lambda: sum(one.leg.over for one in flood) == 497, "a sentence for the flood")

    assert len(others) == 20
    refused = [one for one in flood if one.leg.over]
    assert all(one.leg.heard[-1] == WORDS["en"].too_many_calls for one in refused)
    assert sum(one.leg.state == "connected" for one in flood) == 3
