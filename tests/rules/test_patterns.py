"""No text makes a pattern of ours work for long (threat model, TM-R3)."""

import ast
import re
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from itertools import pairwise

import pytest

from tests.rules.sources import ROOT, modules, parsed, place

SEARCHING = frozenset({"search", "sub", "split", "findall", "finditer"})
METHODS = SEARCHING | {"match", "fullmatch"}
LENGTH = 100_000
SECONDS = 0.05
"""Of one thread's processor time, for 100,000 characters: the threat model's bound."""
CLASSES = "a0 .-\t\né"
TAILS = ("", "\x00")


@dataclass(frozen=True, slots=True)
class Found:
    """A pattern of the product, and the ways in which it is asked."""

    where: str
    pattern: re.Pattern[str] | re.Pattern[bytes]
    methods: frozenset[str]


def used_methods() -> dict[str, set[str]]:
    """For each name, the methods of patterns that are called on it anywhere; for each module, those called in it."""
    used: dict[str, set[str]] = {}
    for path in modules("softphone"):
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Attribute) and node.attr in METHODS:
                name = ast.unparse(node.value).partition("[")[0].rpartition(".")[2]
                for key in (name, str(path)):
                    used.setdefault(key, set()).add(node.attr)
    return used


def held(value: object) -> Iterator[re.Pattern[str] | re.Pattern[bytes]]:
    """The patterns in a module's value, however deep they lie in it."""
    match value:
        case re.Pattern():
            yield value
        case tuple() | list() | set() | frozenset():
            for one in value:
                yield from held(one)
        case dict():
            for one in value.values():
                yield from held(one)


def patterns() -> Iterator[Found]:
    """Every pattern that the product's modules hold or write where they ask it, the sandbox's too."""
    used = used_methods()
    for path in modules("softphone"):
        where = path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".")
        for node in ast.walk(parsed(path)):
            name = ast.unparse(node.func).removeprefix("re.") if isinstance(node, ast.Call) else ""
            if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("re.") and name in METHODS:
                # Nothing but literals: a pattern made of values would be beyond this rule.
                yield Found(place(path, node), re.compile(ast.literal_eval(node.args[0])), asks({name}))
        if path.name == "__main__.py":
            continue
        for name, value in vars(import_module(where.removesuffix(".__init__"))).items():
            for pattern in held(value):
                methods = used.get(name) or used.get(str(path)) or METHODS
                yield Found(f"{where}.{name}", pattern, asks(methods))


def asks(methods: Iterable[str]) -> frozenset[str]:
    """One of each kind of question: those that look everywhere in a text do so in the same way."""
    return frozenset("finditer" if method in SEARCHING else method for method in methods)


def worst_texts(pattern: re.Pattern[str] | re.Pattern[bytes], length: int) -> Iterator[str]:
    """Long runs of what the pattern may repeat, behind what it begins with, before what it cannot take."""
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    marks = [mark for mark in dict.fromkeys(source) if not mark.isalnum() and mark not in "|^$"]
    starts = ("", *(start for start in ('"', "sip:", "http://", "x=", "+") if start[0] in source))
    pairs = (a + b for a, b in pairwise(marks))
    for unit in dict.fromkeys((*CLASSES, *marks, *pairs, '\\"')):
        for start in starts:
            for tail in TAILS:
                yield (start + unit * (length // len(unit)))[:length] + tail


def asked(found: Found, method: str, text: str) -> Callable[[], object]:
    """One question to a pattern, of a kind that the product asks."""
    subject: str | bytes = text.encode("latin-1", "replace") if isinstance(found.pattern.pattern, bytes) else text
    ask = getattr(found.pattern, method)
    return (lambda: deque(ask(subject), maxlen=0)) if method == "finditer" else (lambda: ask(subject))


def least_seconds(question: Callable[[], object]) -> float:
    """The processor time of a question: the least of up to three, because others only ever make it longer."""
    took = []
    for _ in range(3):
        began = time.thread_time()
        question()
        took.append(time.thread_time() - began)
        if took[-1] < SECONDS:
            break
    return min(took)


def slow_texts(found: Found) -> Iterator[str]:
    """Texts that keep a pattern busy. A tenth of the length comes first, so that a bad pattern fails soon."""
    for length in (LENGTH // 10, LENGTH):
        for text in worst_texts(found.pattern, length):
            for method in sorted(found.methods):
                if least_seconds(asked(found, method, text)) >= SECONDS:
                    yield f"{found.where} {method} {text[:12]!r}…{text[-3:]!r}"
                    return


@pytest.mark.tm("TM-R3")
def test_every_pattern_is_done_with_a_hundred_thousand_characters_at_once() -> None:
    """Whatever the runs, whatever comes before and behind them."""
    found = list(patterns())

    slow = [text for pattern in found for text in slow_texts(pattern)]

    assert len(found) > 50
    assert slow == []


@pytest.mark.tm("TM-R3")
@pytest.mark.parametrize(
    ("source", "method"),
    [(r"\s+$", "finditer"), (r"a*a*b", "fullmatch"), (r".*?,.*?=x", "match")],
    ids=["sought from everywhere", "two runs of one kind", "two lazy ones"],
)
def test_a_pattern_that_blows_up_is_noticed(source: str, method: str) -> None:
    """The rule above sees the usual ways to write one. The length is small: these would never end."""
    found = Found("here", re.compile(source), frozenset({method}))

    def slowest(length: int) -> float:
        return sum(least_seconds(asked(found, method, text)) for text in worst_texts(found.pattern, length))

    short, long = slowest(500), slowest(5000)

    assert long > 30 * short
