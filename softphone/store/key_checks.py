"""Whether this is the master key that the database was made with: found out at start, before anything is written
with it.
"""

from softphone.domain.secret import Secret
from softphone.store.database import Connection
from softphone.store.sealing import Keyring, Place

_KNOWN = Secret("the key fits")


class WrongMasterKey(Exception):
    """The database was made with another master key."""


async def confirm_key(connection: Connection, keyring: Keyring) -> None:
    """Remember the key's print on the first start; later compare.

    Raises: WrongMasterKey. Nothing is overwritten then.
    """
    place = Place(table="key_checks", column="sealed", row="1")
    row = await connection.fetch_one("SELECT key_id FROM key_checks")
    if row is None:
        sealed = keyring.seal(_KNOWN, place)
        await connection.execute("INSERT INTO key_checks (key_id, sealed) VALUES ($1, $2)", keyring.key_id, sealed)
    elif row[0] != keyring.key_id:
        raise WrongMasterKey(str(row[0]))
