"""Limits, floods and blocks, on both engines."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest

from softphone.actions.admit import admit, prove
from softphone.actions.block_caller import block_caller, lengthen_block, lift_block
from softphone.actions.know_caller import know_caller
from softphone.actions.world import World
from softphone.domain.admission import Admission, Admitted, Blocked, BlockReason, MustProve, TooMany
from softphone.domain.callers import CallerId
from softphone.domain.errors import Conflict, NotFound
from softphone.domain.privacy import HotlinePrivacy
from softphone.store.audit import select_audit
from softphone.store.blocks import Block
from softphone.store.database import Connection
from softphone.store.privacy import upsert_hotline_privacy
from tests import people
from tests.clock import Clock

ANA = people.volunteer("ana")
LINE = "line"


async def call(world: World, number: str | None, uuid: str, *, hotline: str = LINE) -> tuple[CallerId, Admission]:
    """A call asks to come in, in one unit as the answer URL does it."""

    async def unit(db: Connection) -> tuple[CallerId, Admission]:
        now = world.clock()
        caller = await know_caller(world, db, number, call_uuid=uuid, now=now)
        return caller.id, await admit(world, db, caller, hotline_id=hotline, call_uuid=uuid, now=now)

    return await world.database.write(unit)


async def press(world: World, digits: str, uuid: str) -> Admission:
    """The caller presses keys."""
    return await world.database.write(lambda db: prove(world, db, digits, call_uuid=uuid))


async def set_limits(world: World, limits: HotlinePrivacy) -> None:
    """Set the hotline's limits."""
    await world.database.write(lambda db: upsert_hotline_privacy(db, LINE, limits))


async def block(world: World, caller: CallerId) -> Block | None:
    """Ana presses the key."""
    return await world.database.write(
        lambda db: block_caller(world, db, ANA, caller, hotline_id=LINE, reason=BlockReason.ABUSE)
    )


async def test_one_caller_who_calls_500_times_takes_nothing_from_twenty_others(calling: World) -> None:
    """A dozen come in, the rest is refused without a trace, and each of the twenty comes in."""
    await set_limits(calling, HotlinePrivacy(all_calls_per_hour=40, check_above=35))
    order = [("14155550100", f"flood-{n:04}") for n in range(500)]
    for place in range(20):
        order.insert(place * 25, (f"141555502{place:02}", f"other-{place:04}"))

    answers: Counter[tuple[str, str]] = Counter()
    for start in range(0, len(order), 40):
        batch = order[start : start + 40]
        given = await asyncio.gather(*(call(calling, number, uuid) for number, uuid in batch))
        answers.update((uuid[:5], type(answer).__name__) for (_, uuid), (_, answer) in zip(batch, given, strict=True))
    rows = await calling.database.read(lambda db: db.fetch_one("SELECT count(*) FROM admissions"))

    assert answers == {("other", "Admitted"): 20, ("flood", "Admitted"): 12, ("flood", "TooMany"): 488}
    assert rows == (32,)


async def test_a_limit_ends_with_its_hour_and_holds_for_one_hotline(calling: World, clock: Clock) -> None:
    """Whoever was refused uses up nothing, and comes in an hour after the first call."""
    await set_limits(calling, HotlinePrivacy(caller_calls_per_hour=1))
    answers = [(await call(calling, "14155550100", f"call-000{n}"))[1] for n in range(3)]
    elsewhere = (await call(calling, "14155550100", "call-0009", hotline="other"))[1]

    clock.forward(hours=1)

    assert answers == [Admitted(), TooMany(), TooMany()]
    assert elsewhere == Admitted()
    assert (await call(calling, "14155550100", "call-0005"))[1] == Admitted()


async def test_a_call_that_asks_again_is_counted_once(calling: World) -> None:
    """Plivo repeats itself; the answer stays."""
    await set_limits(calling, HotlinePrivacy(caller_calls_per_hour=2))

    answers = [(await call(calling, "14155550100", "call-0001"))[1] for _ in range(5)]

    assert answers == [Admitted()] * 5
    assert (await call(calling, "14155550100", "call-0002"))[1] == Admitted()


async def test_a_flooded_hotline_asks_for_four_digits(calling: World, clock: Clock) -> None:
    """Above the limit everybody new must press what was said; when the flood is over nobody must."""
    await set_limits(calling, HotlinePrivacy(check_above=2))
    for number in range(2):
        await call(calling, f"1415555020{number}", f"call-000{number}")

    _, asked = await call(calling, "14155550300", "call-0003")
    assert isinstance(asked, MustProve)
    wrong = "0000" if asked.digits != "0000" else "1111"
    again = await press(calling, wrong, "call-0003")
    assert isinstance(again, MustProve)
    right = await press(calling, again.digits, "call-0003")
    once_more = await press(calling, "", "call-0003")
    clock.forward(minutes=11)

    assert (len(asked.digits), asked.digits.isdigit(), again.again) == (4, True, True)
    assert (right, once_more) == (Admitted(), Admitted())
    assert (await call(calling, "14155550400", "call-0004"))[1] == Admitted()


async def test_three_wrong_tries_are_enough(calling: World) -> None:
    """The caller then hears a sentence, also when the call asks again."""
    await set_limits(calling, HotlinePrivacy(check_above=1))
    await call(calling, "14155550200", "call-0001")
    await call(calling, "14155550300", "call-0002")

    answers = [type(await press(calling, "x", "call-0002")).__name__ for _ in range(3)]

    assert answers == ["MustProve", "MustProve", "TooMany"]
    assert (await call(calling, "14155550300", "call-0002"))[1] == TooMany()


async def test_calls_that_never_prove_themselves_close_the_line_to_nobody(calling: World) -> None:
    """A flood from many numbers meets the check; the limit for all counts those who came through it."""
    await set_limits(calling, HotlinePrivacy(check_above=3, all_calls_per_hour=10))
    for number in range(50):
        await call(calling, f"141555502{number:02}", f"flood-{number:04}")

    _, asked = await call(calling, "14155550300", "call-0001")

    assert isinstance(asked, MustProve)
    assert await press(calling, asked.digits, "call-0001") == Admitted()


async def test_a_block_lasts_for_the_rest_of_the_shift(calling: World, clock: Clock) -> None:
    """Eight hours unless the administrator chose others; at this hotline alone, and for this caller alone."""
    await people.add(calling.database, ANA)
    caller, _ = await call(calling, "14155550100", "call-0001")
    made = await block(calling, caller)
    twice = await block(calling, caller)

    during = (await call(calling, "14155550100", "call-0002"))[1]
    elsewhere = (await call(calling, "14155550100", "call-0003", hotline="other"))[1]
    somebody_else = (await call(calling, "14155550101", "call-0004"))[1]
    clock.forward(hours=8)
    after = (await call(calling, "14155550100", "call-0005"))[1]

    assert made == twice
    assert (during, elsewhere, somebody_else, after) == (Blocked(), Admitted(), Admitted(), Admitted())
    rows = await calling.database.read(lambda db: select_audit(db, limit=5, offset=0))
    assert [(row.action, row.actor.name, row.detail["reason"]) for row in rows] == [("caller.blocked", "Ana", "abuse")]


async def test_whoever_withholds_their_number_is_never_blocked(calling: World) -> None:
    """Neither this caller, who cannot be recognised, nor all the others who withhold theirs."""
    await people.add(calling.database, ANA)
    caller, _ = await call(calling, "anonymous", "call-0001")

    made = await block(calling, caller)

    assert made is None
    assert (await call(calling, "anonymous", "call-0001"))[1] == Admitted()
    assert (await call(calling, "anonymous", "call-0002"))[1] == Admitted()


async def test_an_administrator_lengthens_and_lifts_a_block(calling: World, clock: Clock) -> None:
    """No longer than the caller is recognised; a block that has ended is neither lengthened nor lifted."""
    await people.add(calling.database, ANA)
    caller, _ = await call(calling, "14155550100", "call-0001")
    made = await block(calling, caller)
    assert made is not None

    longer = await lengthen_block(calling, ANA, made.id, by=timedelta(hours=12))
    with pytest.raises(Conflict, match="block_too_long"):
        await lengthen_block(calling, ANA, made.id, by=timedelta(days=31))
    clock.forward(hours=19)
    still = (await call(calling, "14155550100", "call-0002"))[1]
    await lift_block(calling, ANA, made.id)
    lifted = (await call(calling, "14155550100", "call-0003"))[1]

    assert longer.until == made.until + timedelta(hours=12)
    assert (still, lifted) == (Blocked(), Admitted())
    with pytest.raises(Conflict, match="block_ended"):
        await lift_block(calling, ANA, made.id)
    with pytest.raises(NotFound):
        await lift_block(calling, ANA, "nothing")
