"""Proof in the database of which master key it was written with, so that a wrong one is refused at start (TM-D1)."""

from softphone.domain.secret import Secret
from softphone.store.database import Connection
from softphone.store.sealing import Keyring, Place, SealBroken

KNOWN_TEXT = Secret("the right master key")


class WrongMasterKey(Exception):
    """The database was written with another master key."""


async def check_master_key(connection: Connection, keyring: Keyring) -> None:
    """Accept the key that the database was written with; the first key ever seen is that one.

    Raises: WrongMasterKey, with nothing changed.
    """
    place = Place("key_checks", "sealed", keyring.key_id)
    await connection.execute(
        "INSERT INTO key_checks (key_id, sealed) SELECT $1, $2 WHERE NOT EXISTS (SELECT 1 FROM key_checks)",
        keyring.key_id,
        keyring.seal(KNOWN_TEXT, place),
    )
    row = await connection.fetch_one("SELECT sealed FROM key_checks WHERE key_id = $1", keyring.key_id)
    if row is None:
        raise WrongMasterKey
    try:
        keyring.open(str(row[0]), place)
    except SealBroken as error:
        raise WrongMasterKey from error
