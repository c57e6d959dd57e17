"""The repository's own files, for the rules that read them."""

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@cache
def tracked() -> tuple[Path, ...]:
    """Every file under version control that is there."""
    # -o: a file that is new and not ignored counts already, so that a rule is broken before the commit, not after.
    command = ["git", "-C", str(ROOT), "ls-files", "-co", "--exclude-standard", "-z"]
    found = subprocess.run(command, check=True, capture_output=True).stdout
    paths = (ROOT / name for name in found.decode().split("\0") if name)
    return tuple(sorted(path for path in set(paths) if path.is_file()))


def modules(folder: str) -> list[Path]:
    """Every Python module below a folder of the repository."""
    return sorted(path for path in (ROOT / folder).rglob("*.py"))


@cache
def parsed(path: Path) -> ast.Module:
    """A module's syntax tree."""
    return ast.parse(path.read_text("utf-8"))


def place(path: Path, node: ast.expr | ast.stmt) -> str:
    """Where a node stands, as an editor jumps to it."""
    return f"{path.relative_to(ROOT)}:{node.lineno}"
