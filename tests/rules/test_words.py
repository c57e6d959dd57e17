"""Whatever the server refuses, the page can say in each of its languages."""

import ast
import re
from collections.abc import Iterator

import pytest

from softphone.domain.policy import WebRTCReason
from softphone.domain.refusals import ENGLISH, SPANISH, Refusal
from softphone.web.http_rules import CODES, FAULT
from tests.rules.sources import ROOT, modules, parsed

WORDS = ROOT / "frontend/src/words"
LANGUAGES = sorted(path.stem for path in WORDS.glob("[a-z][a-z].ts"))
KEY = re.compile(r"^\s*(\w+): ['\"`]", re.MULTILINE)


def codes(tree: ast.Module) -> Iterator[str]:
    """The codes that a module gives to refusals: of a type, of one failure, of a problem found at Plivo."""
    languages = {
        id(keyword)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if ast.unparse(node.func).endswith("Language")
    }
    for node in ast.walk(tree):
        if id(node) in languages:
            continue
        match node:
            case ast.Assign(targets=[ast.Name(id="code")], value=ast.Constant(value=str() as code)):
                yield code
            case ast.keyword(arg="code", value=ast.Constant(value=str() as code)):
                yield code
            case ast.Call(func=ast.Name(id="Problem"), args=[ast.Constant(value=str() as code), *_]):
                yield code


def known(file: str) -> set[str]:
    """The names that a file of words has a sentence for."""
    return set(KEY.findall((WORDS / file).read_text("utf-8")))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_of_a_refusal_has_words(language: str) -> None:
    """Nobody reads an English sentence, or a code, on a page in their own language."""
    product = [path for path in modules("softphone") if "sandbox" not in path.parts]
    told = {code for path in product for code in codes(parsed(path))}
    told |= {code for code, _ in CODES.values()} | {FAULT[0]}

    assert {"login_taken", "last_admin", "plivo_refused", "invite_unusable", "busy", "app_urls"} <= told
    assert sorted(told - known(f"problems.{language}.ts")) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_of_the_phone_has_words(language: str) -> None:
    """Why a call was not put through, and why the browser phone is off."""
    reasons = {*Refusal, *WebRTCReason}

    assert sorted(reasons - known(f"phone.{language}.ts")) == []


def test_every_refusal_is_spoken_in_both_languages() -> None:
    """No caller hears silence because a sentence is missing."""
    assert set(ENGLISH) == set(SPANISH) == set(Refusal)
