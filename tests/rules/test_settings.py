"""The README's table of settings and the settings say the same."""

import re
from dataclasses import fields

from softphone.settings import PREFIX, Settings
from tests.rules.sources import ROOT

ROW = re.compile(r"^\| `(SOFTPHONE_\w+)` \|([^|]*)\|([^|]*)\|$", re.MULTILINE)
SAID_IN_WORDS = {"SOFTPHONE_SIGNALLING_URLS": "Plivo's two"}
"""A default too long for a table."""


def shown(default: object) -> str:
    """A default as the README writes it; nothing stays empty."""
    return f"`{default}`" if default or default == 0 else ""


def test_the_readme_names_every_setting_with_its_default() -> None:
    """No setting is missing, none is made up, in the order of the code."""
    known = Settings()
    expected = []
    for setting in fields(Settings):
        name = PREFIX + setting.name.upper()
        expected.append((name, SAID_IN_WORDS.get(name, shown(getattr(known, setting.name)))))

    table = ROW.findall((ROOT / "README.md").read_text("utf-8"))

    assert [(name, default.strip()) for name, default, _ in table] == expected


def test_the_readme_tells_what_each_setting_means() -> None:
    """A name alone helps nobody."""
    table = ROW.findall((ROOT / "README.md").read_text("utf-8"))

    assert [name for name, _, meaning in table if len(meaning.strip()) < 10] == []
