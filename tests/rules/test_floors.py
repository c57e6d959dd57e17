"""What no module may do, beyond the imports that `lint-imports` holds."""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.rules.sources import ROOT, modules, parsed, place

WALL_CLOCKS = frozenset(
    {
        ("datetime", "now"),
        ("datetime", "utcnow"),
        ("datetime", "today"),
        ("date", "today"),
        ("time", "time"),
        ("time", "time_ns"),
        ("time", "localtime"),
        ("time", "gmtime"),
    }
)
CLOCKS_ALLOWED = frozenset({"softphone/__main__.py", "softphone/sandbox/options.py"})
"""Where time enters: the product's one place, and the sandbox's."""

STATEMENT = re.compile(
    r"\s*(SELECT\b.+\bFROM\b|INSERT INTO \w|UPDATE \w+ SET\b|DELETE FROM \w|(CREATE|DROP|ALTER) TABLE\b)", re.DOTALL
)
RUNNERS = frozenset({"execute", "fetch_one", "fetch_all", "put"})
ENGINES = frozenset({"sqlite.py", "postgres.py", "schema.py"})
"""The two engines hand statements on; the schema runs the migration files. Neither makes one from parts."""


def names(path: Path) -> str:
    """A module's path inside the repository."""
    return path.relative_to(ROOT).as_posix()


def clocks(path: Path) -> Iterator[str]:
    """Where a module asks the wall clock."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Attribute) and (ast.unparse(node.value).rpartition(".")[2], node.attr) in WALL_CLOCKS:
            yield place(path, node)
        if isinstance(node, ast.ImportFrom) and node.module == "time" and "time" in {name.name for name in node.names}:
            yield place(path, node)


def test_only_the_edges_ask_the_wall_clock() -> None:
    """Everything else is handed a clock, so that a test can say what time it is."""
    found = [where for path in modules("softphone") if names(path) not in CLOCKS_ALLOWED for where in clocks(path)]

    assert found == []


def test_sql_is_written_in_the_store_alone() -> None:
    """A statement anywhere else escapes the rules that the store's statements are under."""
    found = [
        place(path, node)
        for path in modules("softphone")
        if not names(path).startswith("softphone/store/")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and STATEMENT.match(node.value)
    ]

    assert found == []


def is_fixed(node: ast.expr, local: Mapping[str, ast.expr]) -> bool:
    """True if an expression is made of literals, constants of a module, and `for_update`, which an engine fixes."""
    match node:
        case ast.Constant(value=str()):
            return True
        case ast.Name(id=name):
            return name.isupper() or (name in local and is_fixed(local[name], {}))
        case ast.Attribute(attr="for_update"):
            return True
        case ast.IfExp(body=body, orelse=orelse):
            return is_fixed(body, local) and is_fixed(orelse, local)
        case ast.JoinedStr(values=values):
            return all(is_fixed(value, local) for value in values)
        case ast.FormattedValue(value=value):
            return is_fixed(value, local)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return is_fixed(left, local) and is_fixed(right, local)
        case _:
            return False


def assigned(body: ast.AST) -> dict[str, ast.expr]:
    """The names that are given a value once in a body, with the value."""
    found: dict[str, list[ast.expr]] = {}
    for node in ast.walk(body):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found.setdefault(node.targets[0].id, []).append(node.value)
    return {name: values[0] for name, values in found.items() if len(values) == 1}


def made_statements(tree: ast.Module) -> Iterator[ast.expr]:
    """Every statement that is made of something other than fixed text."""
    for function in ast.walk(tree):
        if not isinstance(function, ast.AsyncFunctionDef | ast.FunctionDef):
            continue
        local = assigned(function)
        for node in ast.walk(function):
            runs = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in RUNNERS
            if isinstance(node, ast.Call) and runs and not is_fixed(node.args[0], local):
                yield node.args[0]
    # What the fixed names stand for is fixed too.
    for statement in tree.body:
        value = statement.value if isinstance(statement, ast.Assign) else None
        if isinstance(value, ast.JoinedStr) and not is_fixed(value, {}):
            yield value


@pytest.mark.tm("TM-I6")
def test_every_statement_of_the_store_is_fixed_text() -> None:
    """Values travel as parameters; no statement is formatted from anything but constants (threat model, TM-I6)."""
    found = [
        place(path, node)
        for path in modules("softphone/store")
        if path.name not in ENGINES
        for node in made_statements(parsed(path))
    ]

    assert found == []


@pytest.mark.tm("TM-I6")
@pytest.mark.parametrize(
    "statement",
    [
        "f'SELECT a FROM t ORDER BY {sort}'",
        "'SELECT a FROM t WHERE b = ' + name",
        "'SELECT a FROM t WHERE b = %s' % name",
        "'SELECT a FROM t WHERE b = {}'.format(name)",
        "f'SELECT a FROM t {sort if up else ASC}'",
        "statement",
    ],
)
def test_a_statement_made_of_values_is_noticed(statement: str) -> None:
    """The rule above sees each way to paste a value into a statement."""
    tree = ast.parse(f"async def f(db, sort, name, up, statement):\n    return await db.fetch_all({statement}, name)\n")

    assert len(list(made_statements(tree))) == 1
