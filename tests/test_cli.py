"""The `softphone` command says in a sentence why it cannot start."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from softphone.cli import NO_LOG, main
from tests.clock import NOON
from tests.conftest import MASTER_KEY


@pytest.mark.parametrize("name", [":memory:", "a.db"], ids=["has no log", "cannot write its log"])
def test_a_place_without_a_write_ahead_log_is_refused(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Readers and the writer would wait for each other there, and calls would ring late or not at all."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.db-shm").mkdir()  # Where SQLite keeps the memory that users of the log share.
    environment = {"SOFTPHONE_DATABASE_URL": f"sqlite:///{name}", "SOFTPHONE_MASTER_KEY": MASTER_KEY.hex()}

    result = CliRunner().invoke(main, ["audit", "verify"], obj=lambda: NOON, env=environment)

    assert result.exit_code == 1
    assert result.output == f"Error: {NO_LOG}\n"
