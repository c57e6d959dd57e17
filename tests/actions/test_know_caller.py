"""Pseudonyms in the database, on both engines."""

from datetime import timedelta
from pathlib import Path

import pytest

from softphone.actions.block_caller import block_caller, reveal_masked
from softphone.actions.know_caller import know_caller, remember_language
from softphone.actions.purge import purge
from softphone.actions.world import World
from softphone.domain.admission import BlockReason
from softphone.domain.callers import CALLER_ID, KnownCaller
from softphone.domain.errors import NotFound
from softphone.domain.volunteers import Role
from softphone.settings import sqlite_path
from softphone.store.audit import select_audit
from softphone.store.blocks import select_blocked_until
from softphone.store.callers import select_keys
from tests import people
from tests.clock import Clock

ANA = people.volunteer("ana")
ROOT = people.volunteer("root", role=Role.ADMIN)
NUMBER = "+14155550147"


async def known(world: World, number: str | None = NUMBER, *, call: str = "call-0001") -> KnownCaller:
    """A call comes in."""
    return await world.database.write(lambda db: know_caller(world, db, number, call_uuid=call, now=world.clock()))


async def count(world: World, table: str) -> int:
    """How many rows a table has."""
    row = await world.database.read(lambda db: db.fetch_one(f"SELECT count(*) FROM {table}"))  # noqa: S608  # a test's own
    return int(str(row[0])) if row else -1


async def test_a_caller_is_known_again_and_their_language_with_them(calling: World) -> None:
    """New at first, also when the same call asks again; known the next time."""
    first = await known(calling)
    await calling.database.write(lambda db: remember_language(db, first.id, "es", now=calling.clock()))
    same = await known(calling, "14155550147")
    next_one = await known(calling, call="call-0002")

    assert (first.seen_before, same.seen_before, next_one.seen_before) == (False, False, True)
    assert first.id == same.id == next_one.id
    assert (first.language, next_one.language) == (None, "es")
    assert first.masked == "…0147"


@pytest.mark.parametrize("number", [None, "", "anonymous", "+266696687"])
async def test_withheld_numbers_never_share_a_pseudonym(calling: World, number: str | None) -> None:
    """One per call, known to nobody, and nothing kept."""
    one, again, other = (
        await known(calling, number, call="call-0001"),
        await known(calling, number, call="call-0001"),
        await known(calling, number, call="call-0002"),
    )
    await calling.database.write(lambda db: remember_language(db, one.id, "es", now=calling.clock()))

    assert one.id == again.id != other.id
    assert all(one.withheld and not one.seen_before and one.masked is None for one in (one, again, other))
    assert await count(calling, "callers") == 0


async def test_the_key_changes_when_its_period_is_over(calling: World, clock: Clock) -> None:
    """The same number is another caller then; while the old key is kept, what they chose comes with them."""
    old = await known(calling)
    await calling.database.write(lambda db: remember_language(db, old.id, "vi", now=calling.clock()))

    clock.forward(days=30)
    new = await known(calling, call="call-0002")

    assert new.id != old.id
    assert (new.seen_before, new.language) == (True, "vi")


async def test_a_block_outlives_the_change_of_keys(calling: World, clock: Clock) -> None:
    """A shift does not end because a key does."""
    await people.add(calling.database, ANA)
    clock.forward(days=-0.1)
    old = await known(calling)
    clock.forward(days=29.9)
    await calling.database.write(
        lambda db: block_caller(calling, db, ANA, old.id, hotline_id="line", reason=BlockReason.ABUSE)
    )

    clock.forward(hours=4)
    new = await known(calling, call="call-0002")
    until = await calling.database.read(lambda db: select_blocked_until(db, new.id, hotline_id="line"))

    assert new.id != old.id
    assert until is not None
    assert until > calling.clock()


@pytest.mark.tm("TM-D6")
async def test_a_destroyed_key_makes_its_callers_unlinkable(calling: World, clock: Clock, database_url: str) -> None:
    """Nobody can say any more which old pseudonym this number had: the key is gone, from the file too."""
    old = await known(calling)
    sealed = await calling.database.read(lambda db: db.fetch_one("SELECT key_sealed FROM pseudonym_keys"))
    first_key = (await calling.database.read(lambda db: select_keys(db, keyring=calling.keyring)))[0]

    clock.forward(days=30)
    await purge(calling)
    kept_a_while = await count(calling, "pseudonym_keys")
    clock.forward(days=1, seconds=1)
    removed = await purge(calling)
    new = await known(calling, call="call-0002")

    assert kept_a_while == 2
    assert removed["pseudonym_keys"] == 1
    assert first_key not in await calling.database.read(lambda db: select_keys(db, keyring=calling.keyring))
    assert (new.id == old.id, new.seen_before) == (False, False)
    assert await calling.database.read(lambda db: db.fetch_one("SELECT 1 FROM callers WHERE id = $1", old.id)) is None
    path = sqlite_path(database_url)
    if path is not None:
        assert sealed is not None
        assert str(sealed[0]).encode() not in everything_of(path)


def everything_of(path: Path) -> bytes:
    """The database file with what lies beside it."""
    return b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))


async def test_the_end_of_a_number_is_shown_to_whoever_is_written_down(calling: World, clock: Clock) -> None:
    """The audit log names the administrator and the pseudonym, and never the number."""
    await people.add(calling.database, ROOT)
    caller, hidden = await known(calling), await known(calling, "anonymous", call="call-0002")

    shown = await reveal_masked(calling, ROOT, caller.id)
    nothing = await reveal_masked(calling, ROOT, hidden.id)
    rows = await calling.database.read(lambda db: select_audit(db, limit=10, offset=0))

    assert (shown, nothing) == ("…0147", None)
    assert [(row.action, row.actor.name, row.subject) for row in rows] == [
        ("caller.revealed", "Root", hidden.id),
        ("caller.revealed", "Root", caller.id),
    ]
    assert "0147" not in str(rows)
    clock.forward(days=32)
    await purge(calling)
    await purge(calling)
    clock.forward(days=2)
    await purge(calling)
    with pytest.raises(NotFound):
        await reveal_masked(calling, ROOT, caller.id)


@pytest.mark.tm("TM-D5")
async def test_a_number_is_nowhere_in_the_database(calling: World) -> None:
    """Every text of every table, searched for the planted number and its masked end."""
    caller = await known(calling)
    found = []
    for table in ("callers", "pseudonym_keys", "admissions", "blocks", "audit", "events"):
        rows = await calling.database.read(lambda db, t=table: db.fetch_all(f"SELECT * FROM {t}"))  # type: ignore[misc]  # noqa: S608  # a test's own
        found += [table for row in rows for value in row if "4155550147" in str(value) or "…0147" in str(value)]

    assert found == []
    assert CALLER_ID.fullmatch(caller.id)


async def test_one_caller_and_one_period_have_one_key(calling: World, clock: Clock) -> None:
    """However many calls come in, a key is made once a period."""
    for number in range(5):
        await known(calling, f"1415555010{number}", call=f"call-000{number}")
    clock.forward(days=45)
    for number in range(5):
        await known(calling, f"1415555010{number}", call=f"call-001{number}")

    assert await count(calling, "pseudonym_keys") == 2
    keys = await calling.database.read(lambda db: select_keys(db, keyring=calling.keyring))
    assert [key.number for key in keys] == [2, 1]
    assert keys[0].made_at == keys[1].made_at + timedelta(days=45)
