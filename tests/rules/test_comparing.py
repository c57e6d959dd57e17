"""Secrets are compared in a time that says nothing about them (threat model, TM-W7)."""

import ast
import re
from collections.abc import Iterator

import pytest

from softphone.domain.secret import Secret
from tests.rules.sources import modules, parsed, place

SECRET = re.compile(
    r"(signature|token|hash|hashed|digest|secret|password|csrf|hmac|mac|session_id|api_key|stored)$", re.I
)
CALLS = frozenset({"_hash", "hexdigest", "digest", "reveal", "csrf_token", "_sign", "sign"})


def names_a_secret(side: ast.expr) -> bool:
    """True for an expression that is called like a secret, or computes one."""
    match side:
        case ast.Await(value=value):
            return names_a_secret(value)
        case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)):
            return name in CALLS or SECRET.search(name) is not None
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return SECRET.search(name) is not None
        case ast.Subscript(value=value, slice=ast.Constant(value=str() as name)):
            return SECRET.search(name) is not None or names_a_secret(value)
        case _:
            return False


def plain_comparisons(tree: ast.Module) -> Iterator[ast.Compare]:
    """Every `==`, `!=` and `in` beside something that is called like a secret. A literal is no secret."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Compare):
            continue
        plain = any(isinstance(operator, ast.Eq | ast.NotEq | ast.In | ast.NotIn) for operator in node.ops)
        sides = [node.left, *node.comparators]
        if plain and not any(isinstance(side, ast.Constant) for side in sides) and any(map(names_a_secret, sides)):
            yield node


@pytest.mark.tm("TM-W7")
def test_no_secret_is_compared_with_an_operator() -> None:
    """Signatures, tokens, hashes and passwords are compared by `hmac.compare_digest` or `Secret.same_as`."""
    found = [place(path, node) for path in modules("softphone") for node in plain_comparisons(parsed(path))]

    assert found == []


@pytest.mark.tm("TM-W7")
@pytest.mark.parametrize(
    "comparison",
    [
        "signature == expected",
        "given != request.headers['X-CSRF-Token'] == csrf",
        "row.secret_hash == _hash(text)",
        "_hash(given) != wanted",
        "mac.hexdigest() == given",
        "token in tokens",
        "secret.reveal() == other",
        "await select_password_hash(db) != known",
    ],
)
def test_a_plain_comparison_is_noticed(comparison: str) -> None:
    """The rule above sees the ways to write one."""
    tree = ast.parse(f"async def f():\n    return {comparison}\n")

    assert len(list(plain_comparisons(tree))) == 1


@pytest.mark.tm("TM-W7")
def test_two_secrets_are_equal_if_their_texts_are() -> None:
    """By either way of asking, and never equal to the text itself."""
    assert Secret("año").same_as(Secret("año"))
    assert not Secret("año").same_as(Secret("ano"))
    assert Secret("a") == Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert len({Secret("a"), Secret("a")}) == 1
