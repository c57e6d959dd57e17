"""An installation that has endpoints and registrations keeps them when SIP phones come."""

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from softphone.app import open_database
from softphone.settings import Settings
from softphone.store import schema
from softphone.store.database import Connection, Database
from softphone.store.schema import migrate
from tests import postgres
from tests.conftest import ENGINES, PATIENT

BEFORE = 6
"""The number of the migration that is looked at."""
INSERTS = (
    "INSERT INTO connections (id, name, is_default, auth_id, auth_token_sealed, country, token_source, settled_source,"
    " token_lifetime_seconds, webrtc_enabled, allowed_countries, created_at, updated_at)"
    " VALUES ('main', 'Main', true, 'MA', 'x', 'US', 'auto', 'local', 600, true, 'US', 1, 1)",
    "INSERT INTO volunteers (id, login, name, role, extension, languages, dialling, webrtc_enabled, active,"
    " availability, availability_since, created_at)"
    " VALUES ('v-ana', 'ana', 'Ana', 'volunteer', '21', 'en', 'nobody', true, true, 'away', 1, 1)",
    "INSERT INTO endpoints (id, connection_id, volunteer_id, kind, alias, username, plivo_id, password_sealed,"
    " registration_generation, created_at) VALUES ('e1', 'main', 'v-ana', 'browser', 'a1', 'u1', 'p1', 's1', 2, 5)",
    "INSERT INTO registrations (id, endpoint_id, generation, device_id, device_label, user_agent, registered_at,"
    " refreshed_at, expires_at)"
    " VALUES ('r1', 'e1', 1, 'd', 'l', 'u', 1, 2, 3), ('r2', 'e1', 2, 'd', 'l', 'u', 4, 5, 6)",
)
SIP = (
    "INSERT INTO endpoints (id, connection_id, volunteer_id, kind, alias, registration_generation, created_at)"
    " VALUES ('e2', 'main', 'v-ana', 'sip', 'a2', 0, 1), ('e3', 'main', 'v-ana', 'sip', 'a3', 0, 1)"
)


@pytest.fixture(params=ENGINES)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without a single table, of each engine in turn."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    host = request.getfixturevalue("cluster")
    postgres.administer(host, "CREATE DATABASE before_sip")
    yield postgres.url(host, "before_sip")
    postgres.administer(host, "DROP DATABASE before_sip WITH (FORCE)")


@pytest.fixture
async def empty(empty_url: str) -> AsyncIterator[Database]:
    """The database, open."""
    opened = await open_database(Settings(database_url=empty_url), patience=PATIENT)
    yield opened
    await opened.close()


async def run(db: Connection, statements: list[str]) -> None:
    """One statement after the other."""
    for statement in statements:
        await db.execute(statement)


async def test_what_was_there_is_there_afterwards(empty: Database) -> None:
    """Rows, generations, references and the rule of one browser endpoint; SIP endpoints may be many."""
    scripts: Callable[[], list[tuple[int, str]]] = schema._scripts
    older = [text for number, text in scripts() if number < BEFORE]
    made = [part for text in older for part in text.split(";\n") if part.strip()]
    numbers = [f"INSERT INTO migrations (number) VALUES ({n})" for n, _ in scripts() if n < BEFORE]  # noqa: S608
    first = ["CREATE TABLE migrations (number bigint PRIMARY KEY)", *made, *numbers, *INSERTS]
    await empty.write(lambda db: run(db, first))

    ran = await migrate(empty)
    await empty.write(lambda db: run(db, [SIP]))

    async def look(db: Connection) -> list[list[tuple[object, ...]]]:
        return [
            list(await db.fetch_all("SELECT id, username, plivo_id, password_sealed FROM endpoints WHERE id = 'e1'")),
            list(await db.fetch_all("SELECT id, endpoint_id, generation FROM registrations ORDER BY id")),
            list(await db.fetch_all("SELECT count(*) FROM endpoints")),
        ]

    assert ran == sum(number >= BEFORE for number, _ in scripts())
    assert await empty.read(look) == [
        [("e1", "u1", "p1", "s1")],
        [("r1", "e1", 1), ("r2", "e1", 2)],
        [(3,)],
    ]
    for broken in (
        "INSERT INTO endpoints (id, connection_id, volunteer_id, kind, alias, registration_generation, created_at)"
        " VALUES ('e9', 'main', 'v-ana', 'browser', 'a9', 0, 1)",
        "INSERT INTO registrations (id, endpoint_id, generation, device_id, device_label, user_agent, registered_at,"
        " refreshed_at, expires_at) VALUES ('r9', 'nobody', 1, 'd', 'l', 'u', 1, 2, 3)",
        "DELETE FROM endpoints WHERE id = 'e1'",
    ):
        with pytest.raises(Exception, match=r"(?i)unique|foreign"):
            await empty.write(lambda db, text=broken: db.execute(text))  # type: ignore[misc]  # a default argument
