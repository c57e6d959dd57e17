"""The master key: from the environment, or from a file that is made once for its owner alone (threat model, TM-D1)."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

from softphone.settings import MASTER_KEY, Settings, SettingsError
from softphone.store.sealing import KEY_BYTES

OTHERS = stat.S_IRWXG | stat.S_IRWXO


def read_master_key(settings: Settings, *, chance: Callable[[int], bytes], may_create: bool = True) -> bytes:
    """The 32 bytes of the master key.

    Raises: SettingsError if the file cannot be used, or others may read it.
    """
    if settings.master_key:
        return bytes.fromhex(settings.master_key)
    path = Path(settings.master_key_file)
    try:
        if may_create and not path.exists():
            _create(path, chance(KEY_BYTES).hex())
        return _read(path)
    except OSError as error:
        raise SettingsError(f"The key file {path} cannot be used: {error.strerror}.") from None


def _create(path: Path, text: str) -> None:
    # O_EXCL: of two processes that start at once, one makes the key and both read it.
    try:
        file = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return
    with os.fdopen(file, "w") as opened:
        opened.write(text + "\n")
        opened.flush()
        os.fsync(opened.fileno())


def _read(path: Path) -> bytes:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & OTHERS:
        raise SettingsError(f"The key file {path} may be read by others (mode {mode:04o}). Run: chmod 600 {path}")
    text = path.read_text("ascii", "replace").strip()
    if not MASTER_KEY.fullmatch(text):
        raise SettingsError(f"The key file {path} does not hold 64 hexadecimal digits. Restore it from your backup.")
    return bytes.fromhex(text)
