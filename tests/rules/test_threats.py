"""Every line of the threat model has a proof, or says openly why it has none yet.

`threats.txt` lists the ids with their severity. A test proves one by carrying `@pytest.mark.tm("TM-…")`; a test of the
page carries the id in its name. What has no proof stands in `threats_pending.txt` with the reason.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.rules.sources import ROOT, modules, parsed

HERE = Path(__file__).parent
ID = re.compile(r"TM-[A-Z]\d+")
PAGE_TEST = re.compile(r"\b(?:describe|test|it)(?:\.each\([^)]*\))?\(\s*(['\"`])(.*?)\1", re.DOTALL)


def threats() -> dict[str, str]:
    """Every id with its severity."""
    return dict(line.split() for line in (HERE / "threats.txt").read_text("utf-8").splitlines())


def pending() -> dict[str, str]:
    """Every id without a proof, with the reason."""
    lines = (HERE / "threats_pending.txt").read_text("utf-8").splitlines()
    return {name: reason for name, _, reason in (line.partition(" ") for line in lines)}


def proved() -> set[str]:
    """Every id that a test says it proves."""
    found = {name for path in modules("tests") for name in marks(parsed(path))}
    for path in (ROOT / "frontend/tests").rglob("*.test.ts*"):
        for match in PAGE_TEST.finditer(path.read_text("utf-8")):
            found.update(ID.findall(match.group(2)))
    return found


def marks(tree: ast.Module) -> Iterator[str]:
    """The ids in `pytest.mark.tm("…")` of a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.tm":
            yield from (str(argument.value) for argument in node.args if isinstance(argument, ast.Constant))


def test_every_threat_is_proved_or_pending() -> None:
    """An attack that nobody defends against, and nobody speaks of, does not exist here."""
    silent = threats().keys() - proved() - pending().keys()

    assert sorted(silent) == []


def test_no_threat_is_both_proved_and_pending() -> None:
    """A line that has its proof leaves the list of debts."""
    assert sorted(proved() & pending().keys()) == []


def test_only_known_threats_are_spoken_of() -> None:
    """A mistyped id proves nothing."""
    unknown = (proved() | pending().keys()) - threats().keys()

    assert sorted(unknown) == []
    assert set(threats().values()) <= set("CHML")


def test_every_debt_has_a_reason() -> None:
    """Either the feature is not there, or its proof is owed; the line says which, and what."""
    reasons = pending()

    unclear = [name for name, why in reasons.items() if not why.startswith(("not built: ", "proof owed: "))]

    assert unclear == []
