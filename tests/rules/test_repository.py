"""What may not be in the repository: other people's machines, and secrets."""

import json
import re
from pathlib import Path

import pytest

from tests.rules.sources import ROOT, tracked

BINARY = frozenset({".wav", ".png", ".ico", ".woff2"})
OWN_NAME = "tests/rules/test_repository.py"

MACHINE_PATHS = re.compile(r"(?<![\w./])/(?:home|Users|root|work|tmp/wt)/[\w.-]")
REGISTRIES = re.compile(
    r"registry\.npmjs|registry\.yarnpkg|files\.pythonhosted|(?<!help\.)pypi\.org/simple|--index-url"
)
SECRETS = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----"
    r"|\bAKIA[0-9A-Z]{16}\b"
    r"|\bgh[pousr]_[A-Za-z0-9]{36}\b"
    r"|\bxox[abp]-[A-Za-z0-9-]{20,}"
    r"|\bsk_live_[A-Za-z0-9]{20,}"
)


def texts() -> list[tuple[str, str]]:
    """Every text file with its path."""
    return [(name_of(path), path.read_text("utf-8")) for path in tracked() if path.suffix not in BINARY]


def name_of(path: Path) -> str:
    """A file's path inside the repository."""
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("unwanted", [MACHINE_PATHS, REGISTRIES, SECRETS], ids=["machine path", "registry", "secret"])
def test_no_file_speaks_of_a_machine_or_holds_a_secret(unwanted: re.Pattern[str]) -> None:
    """Paths of one machine and hosts of one registry fail elsewhere; a secret that was pushed once is public."""
    found = [
        f"{name}: {match.group()}"
        for name, text in texts()
        if name != OWN_NAME
        for match in [unwanted.search(text)]
        if match
    ]

    assert found == []


def test_no_database_key_or_log_was_added() -> None:
    """What a run leaves behind stays out."""
    left = re.compile(r"\.(db|db-wal|db-shm|key|log|pem|env)$|(^|/)\.env")

    assert [name_of(path) for path in tracked() if left.search(name_of(path))] == []


def test_the_page_installs_from_whatever_registry_is_configured() -> None:
    """The lock file names versions and hashes, and no host to fetch them from."""
    packages = json.loads((ROOT / "frontend/package-lock.json").read_text("utf-8"))["packages"]

    hosts = [name for name, package in packages.items() if str(package.get("resolved", "")).startswith("http")]
    unlocked = [
        name
        for name, package in packages.items()
        if name.startswith("node_modules/") and not package.get("link") and "integrity" not in package
    ]

    assert hosts == []
    assert unlocked == []


def test_every_python_package_is_pinned_by_hash() -> None:
    """`pip install --require-hashes` takes nothing else (threat model, TM-C1)."""
    entries = re.split(r"\n(?=[A-Za-z0-9])", (ROOT / "requirements.lock").read_text("utf-8"))
    pins = [entry for entry in entries if entry.strip() and not entry.startswith("#")]

    assert [pin.splitlines()[0] for pin in pins if "==" not in pin or "--hash=sha256:" not in pin] == []
