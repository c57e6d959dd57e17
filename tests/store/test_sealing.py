"""What is sealed opens in its own place, with its own key, unaltered; otherwise it is an error."""

import base64
from dataclasses import replace

import pytest

from softphone.domain.secret import Secret
from softphone.store.database import Connection, Database
from softphone.store.key_checks import WrongMasterKey, check_master_key
from softphone.store.sealing import Keyring, Place, SealBroken

PLACE = Place("connections", "auth_token", "main")
TOKEN = Secret("the token of the main account")
ZEROS = bytes(32)


def another_keyring() -> Keyring:
    """A keyring of somebody else."""
    return Keyring(ZEROS, chance=bytes)


def altered(sealed: str, at: int) -> str:
    """A sealed value with one bit of one byte turned."""
    head, text = sealed.rsplit(":", 1)
    raw = bytearray(base64.urlsafe_b64decode(text))
    raw[at] ^= 1
    return f"{head}:{base64.urlsafe_b64encode(bytes(raw)).decode()}"


def test_what_was_sealed_opens_again(keyring: Keyring) -> None:
    """The same text comes back, letters beyond ASCII too."""
    secret = Secret("contraseña ☎")

    assert keyring.open(keyring.seal(secret, PLACE), PLACE).reveal() == "contraseña ☎"


@pytest.mark.tm("TM-D1")
def test_a_sealed_value_shows_nothing_and_differs_each_time(keyring: Keyring) -> None:
    """Two rows with the same secret do not look alike."""
    first, second = keyring.seal(TOKEN, PLACE), keyring.seal(TOKEN, PLACE)

    assert first != second
    assert TOKEN.reveal() not in first
    assert TOKEN.reveal().encode() not in base64.urlsafe_b64decode(first.rsplit(":", 1)[1])


@pytest.mark.tm("TM-D2")
@pytest.mark.parametrize("change", [{"table": "endpoints"}, {"column": "main_auth_token"}, {"row": "other"}], ids=str)
def test_a_sealed_value_opens_nowhere_else(keyring: Keyring, change: dict[str, str]) -> None:
    """Copied to another table, column or row it is an error, not an empty string."""
    sealed = keyring.seal(TOKEN, PLACE)

    with pytest.raises(SealBroken):
        keyring.open(sealed, replace(PLACE, **change))


@pytest.mark.tm("TM-D2")
def test_two_rows_that_were_swapped_are_both_refused(keyring: Keyring) -> None:
    """Whoever can write the database cannot give one account the token of another."""
    places = [replace(PLACE, row="main"), replace(PLACE, row="other")]
    sealed = [keyring.seal(Secret(f"token of {place.row}"), place) for place in places]

    for stolen, place in zip(reversed(sealed), places, strict=True):
        with pytest.raises(SealBroken):
            keyring.open(stolen, place)


@pytest.mark.tm("TM-D2")
@pytest.mark.parametrize("at", [0, 11, 12, -1], ids=["nonce", "end of nonce", "text", "tag"])
def test_one_bit_more_or_less_is_noticed(keyring: Keyring, at: int) -> None:
    """The nonce, the text and the tag are all under the seal."""
    sealed = keyring.seal(TOKEN, PLACE)

    with pytest.raises(SealBroken):
        keyring.open(altered(sealed, at), PLACE)


@pytest.mark.parametrize(
    "text", ["", "v1", "v1:x", "v1:{key}:", "v1:{key}:AAAA", "v2:{key}:{rest}", "v1:00000000:{rest}", "v1:{key}:ñ"]
)
def test_what_is_no_sealed_value_is_an_error(keyring: Keyring, text: str) -> None:
    """Nothing that a damaged row may hold raises anything else."""
    rest = keyring.seal(TOKEN, PLACE).rsplit(":", 1)[1]

    with pytest.raises(SealBroken) as refused:
        keyring.open(text.format(key=keyring.key_id, rest=rest), PLACE)

    assert TOKEN.reveal() not in str(refused.value)


@pytest.mark.tm("TM-D1")
def test_another_key_opens_nothing(keyring: Keyring) -> None:
    """Neither as it is, nor with the key's name forged."""
    sealed, other = keyring.seal(TOKEN, PLACE), another_keyring()

    for text in (sealed, sealed.replace(keyring.key_id, other.key_id)):
        with pytest.raises(SealBroken):
            other.open(text, PLACE)


def test_keys_for_different_purposes_are_different(keyring: Keyring) -> None:
    """A key that leaks from one purpose opens no other."""
    assert keyring.derive("seal") != keyring.derive("phone number")
    assert keyring.derive("seal") == keyring.derive("seal")


@pytest.mark.tm("TM-D1")
async def test_a_database_accepts_only_the_key_it_began_with(database: Database, keyring: Keyring) -> None:
    """A wrong key is refused and overwrites nothing; the right one is good as before."""

    async def checks(connection: Connection) -> list[tuple[object, ...]]:
        return [tuple(row) for row in await connection.fetch_all("SELECT key_id, sealed FROM key_checks")]

    await database.write(lambda c: check_master_key(c, keyring))
    before = await database.read(checks)

    with pytest.raises(WrongMasterKey):
        await database.write(lambda c: check_master_key(c, another_keyring()))
    await database.write(lambda c: check_master_key(c, keyring))

    assert await database.read(checks) == before
