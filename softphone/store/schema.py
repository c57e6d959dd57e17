"""Numbered migrations: each file of `migrations/` runs once, in order, inside one unit."""

from importlib import resources

from softphone.store.database import Connection, Database


async def migrate(database: Database) -> int:
    """Bring the database to the newest schema; the number of migrations that ran.

    Two processes may start at once: the second waits for the first and finds nothing left to do.
    """

    async def unit(connection: Connection) -> int:
        await connection.lock_schema()
        await connection.execute("CREATE TABLE IF NOT EXISTS migrations (number bigint PRIMARY KEY)")
        done = {row[0] for row in await connection.fetch_all("SELECT number FROM migrations")}
        ran = 0
        for number, script in _scripts():
            if number in done:
                continue
            for statement in script.split(";\n"):
                if statement.strip():
                    await connection.execute(statement)
            await connection.execute("INSERT INTO migrations (number) VALUES ($1)", number)
            ran += 1
        return ran

    return await database.write(unit)


def _scripts() -> list[tuple[int, str]]:
    folder = resources.files("softphone.store") / "migrations"
    found = [(int(f.name[:4]), f.read_text("utf-8")) for f in folder.iterdir() if f.name.endswith(".sql")]
    return sorted(found)
