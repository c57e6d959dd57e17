"""What the page says of the server's values must not fall behind them: names in both languages, ranges as they are."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from softphone.domain import hotline_rules, privacy
from softphone.domain.admission import BlockReason
from softphone.domain.alerts import AlertKind
from softphone.domain.call_log import Fate
from softphone.domain.doubts import Doubt
from softphone.domain.hotline import Strategy
from softphone.domain.hotline_calls import CallEnding
from softphone.domain.prompts import Prompt
from softphone.domain.ring_tests import WORDS
from softphone.domain.sip_words import CAUSES
from softphone.domain.standing import Phone, Why

SOURCE = Path(__file__).parents[2] / "frontend/src"
KNOWN = {
    "hotlines-spoken": (*Prompt, *Why, *Phone),
    "hotlines-watch": (*CallEnding, *Fate, *AlertKind, *Doubt),
    "hotlines-privacy": tuple(BlockReason),
    "hotlines-settings": tuple(Strategy),
    "sip-phones": (
        *(f"'{code}'" for code in WORDS),
        *(cause.code for cause in CAUSES),
        *("registered", "doubtful", "not_registered", "never", "unknown"),
        *("being_made", "password_pending", "being_removed", "missing_at_plivo"),
    ),
}
RANGE = re.compile(r"^  (\w+): \[([\d_]+), ([\d_]+)\],$", re.MULTILINE)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(("file", "values"), KNOWN.items(), ids=KNOWN)
def test_the_page_has_words_for_what_the_server_says(file: str, values: Iterable[str], language: str) -> None:
    """A value without words would be shown by its code."""
    words = (SOURCE / f"words/{file}.{language}.ts").read_text()

    missing = [value for value in values if not re.search(rf"^ +(?:.*[{{ ])?{value}:", words, re.MULTILINE)]

    assert missing == []


def test_the_page_holds_numbers_to_the_ranges_of_the_server() -> None:
    """Else a number would be refused on the page that the server takes, or with a sentence that is wrong."""
    written = (SOURCE / "pages/admin/hotline/counts.ts").read_text()

    shown = {name: (int(least), int(most)) for name, least, most in RANGE.findall(written)}

    known = {**hotline_rules.RANGES, **privacy.RANGES}
    assert shown == {name: (allowed[0], allowed[-1]) for name, allowed in known.items()}
