"""The master key: from the environment, or from a file of mode 0600 that is made once."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

from softphone.settings import Settings, SettingsError

KEY_BYTES = 32


def read_master_key(settings: Settings, *, chance: Callable[[int], bytes]) -> bytes:
    """The 32 bytes that everything secret is sealed with.

    Raises: SettingsError for a key of another shape, or a file that others may read.
    """
    if settings.master_key:
        return _from_hex(settings.master_key, where="SOFTPHONE_MASTER_KEY")
    path = Path(settings.master_key_file)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _from_file(path)
    except OSError as error:
        raise SettingsError(f"{path} cannot be made: {error.strerror}.") from error
    with os.fdopen(handle, "w") as file:
        file.write(chance(KEY_BYTES).hex() + "\n")
    return _from_file(path)


def _from_file(path: Path) -> bytes:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o177:
        raise SettingsError(f"{path} may be read by others (mode {mode:04o}). Make it private: chmod 600 {path}")
    return _from_hex(path.read_text(encoding="ascii", errors="replace").strip(), where=str(path))


def _from_hex(text: str, *, where: str) -> bytes:
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise SettingsError(f"{where} must hold 64 hexadecimal digits.")
    return key
