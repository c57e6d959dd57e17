"""The master key: made once, for its owner alone, and refused when it cannot be trusted."""

import stat
from pathlib import Path

import pytest

from softphone.master_key import read_master_key
from softphone.settings import Settings, SettingsError

KEY = bytes(range(32))


def chance(count: int) -> bytes:
    """Predictable chance."""
    return KEY[:count]


def another(count: int) -> bytes:
    """Chance that comes out otherwise."""
    return bytes(count)


def kept_in(path: Path) -> Settings:
    """Settings whose key file is there."""
    return Settings(master_key_file=str(path))


@pytest.mark.tm("TM-D1")
def test_a_key_file_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    """The second start reads what the first one made."""
    path = tmp_path / "softphone.key"

    first = read_master_key(kept_in(path), chance=chance)
    second = read_master_key(kept_in(path), chance=another)

    assert (first, second) == (KEY, KEY)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_key_of_the_environment_makes_no_file(tmp_path: Path) -> None:
    """It is read as hexadecimal digits, in either case."""
    path = tmp_path / "softphone.key"

    found = read_master_key(Settings(master_key=KEY.hex().upper(), master_key_file=str(path)), chance=another)

    assert found == KEY
    assert not path.exists()


@pytest.mark.tm("TM-D1")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o610], ids=oct)
def test_a_key_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    """The sentence says what to do, and holds no key."""
    path = tmp_path / "softphone.key"
    path.write_text(KEY.hex())
    path.chmod(mode)

    with pytest.raises(SettingsError, match="chmod 600") as refused:
        read_master_key(kept_in(path), chance=another)

    assert KEY.hex() not in str(refused.value)


@pytest.mark.tm("TM-D1")
@pytest.mark.parametrize("text", ["", "\n", "00" * 31, "00" * 33, "zz" * 32, "ñ" * 64], ids=ascii)
def test_a_file_that_holds_no_key_is_refused_and_left_alone(tmp_path: Path, text: str) -> None:
    """A new key over a damaged one would make every secret in the database unreadable."""
    path = tmp_path / "softphone.key"
    path.write_text(text, "utf-8")
    path.chmod(0o600)

    with pytest.raises(SettingsError, match="64 hexadecimal digits"):
        read_master_key(kept_in(path), chance=chance)

    assert path.read_text("utf-8") == text


def test_a_command_beside_the_server_makes_no_key(tmp_path: Path) -> None:
    """A mistyped path is an error, not a second key."""
    path = tmp_path / "softphone.key"

    with pytest.raises(SettingsError, match="cannot be used"):
        read_master_key(kept_in(path), chance=chance, may_create=False)

    assert not path.exists()


def test_a_folder_that_is_not_there_is_said_in_one_sentence(tmp_path: Path) -> None:
    """Not as a stack trace."""
    with pytest.raises(SettingsError, match="cannot be used"):
        read_master_key(kept_in(tmp_path / "none" / "softphone.key"), chance=chance)
