"""`softphone demo` says in a sentence what is wrong with the folder it is given, and leaves it as it was."""

from pathlib import Path

from click.testing import CliRunner

from softphone.cli import main


def test_a_folder_with_a_database_is_left_alone(tmp_path: Path) -> None:
    """A demo begins anew; somebody's database is not its to take."""
    database = tmp_path / "softphone.db"
    database.write_bytes(b"somebody's")

    result = CliRunner().invoke(main, ["demo", "--data", str(tmp_path)])

    assert result.exit_code == 1
    assert "has a database already" in result.output
    assert database.read_bytes() == b"somebody's"


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    """The sentence names the folder and the reason."""
    (tmp_path / "file").write_text("not a folder")

    result = CliRunner().invoke(main, ["demo", "--data", str(tmp_path / "file" / "folder")])

    assert result.exit_code == 1
    assert "cannot be used: Not a directory" in result.output
