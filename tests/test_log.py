"""Logs hold no secrets and no numbers, and no line of them can be forged."""

import json
import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from softphone.log import JsonLines, redact, set_up_logs
from softphone.store.sqlite import open_sqlite

AUTH_TOKEN = "MAIN0auth1token2main3auth4token5main6aaa"
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbmExMjMifQ.c2lnbmF0dXJlLXNpZ25hdHVyZQ"
SESSION = "Jb7eYyq1m2k3n4o5p6q7r8s9t0u1v2w3x4y5z6A7B8C"


def line_of(message: str, *values: object) -> dict[str, str]:
    """What a record becomes, read back."""
    record = logging.LogRecord("softphone.test", logging.WARNING, __file__, 1, message, values, None)
    line = JsonLines().format(record)
    assert "\n" not in line
    read: dict[str, str] = json.loads(line)
    return read


@pytest.mark.tm("TM-D3")
@pytest.mark.parametrize(
    ("text", "secret"),
    [
        (f"token {TOKEN} was refused", TOKEN),
        (f"signed with {AUTH_TOKEN}", AUTH_TOKEN),
        (f"Cookie: sp={SESSION}; theme=dark", SESSION),
        ('{"password": "correct horse battery"}', "correct horse battery"),
        ("password=correct horse battery", "correct horse battery"),
        ("Authorization: Basic TUFYWFg6c2VjcmV0", "TUFYWFg6c2VjcmV0"),
        ("sent bearer abc.def-ghi", "abc.def-ghi"),
        ("postgresql://softphone:hunter2@db/softphone is gone", "hunter2"),
        ("X-CSRF-Token: short", "short"),
        ("auth_token = 'short one'", "short one"),
    ],
)
def test_a_secret_never_reaches_a_line(text: str, secret: str) -> None:
    """By its shape or by the name before it."""
    assert secret not in line_of(text)["message"]
    assert secret not in line_of("%s", text)["message"]


@pytest.mark.tm("TM-D3")
@pytest.mark.parametrize(
    "number", ["14155550123", "+14155550123", "+1 (415) 555-0123", "415.555.0123", "00 44 20 7946 0958", "5550123"]
)
def test_a_telephone_number_never_reaches_a_line(number: str) -> None:
    """However people or machines write it, alone or inside a SIP address."""
    for text in (f"dialled {number}", f"sip:{number}@phone.plivo.com", f'{{"To": "{number}"}}'):
        assert number not in redact(text)


@pytest.fixture
def loggers() -> Iterator[None]:
    """Whatever a test does to the loggers is undone."""
    root = logging.getLogger()
    known = [root, *(logging.getLogger(name) for name in root.manager.loggerDict)]
    handlers, levels = root.handlers[:], [logger.level for logger in known]
    yield
    root.handlers[:] = handlers
    for logger, level in zip(known, levels, strict=True):
        logger.setLevel(level)


@pytest.mark.tm("TM-D3")
@pytest.mark.usefixtures("loggers")
async def test_no_level_shows_what_goes_into_the_database(
    database_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Names and sealed secrets have no shape that a redaction could know."""
    set_up_logs("debug")

    database = await open_sqlite(database_file)
    await database.read(lambda c: c.fetch_one("SELECT value FROM counters WHERE name = $1", "Ana of Nowhere"))
    await database.close()

    assert "Ana of Nowhere" not in capsys.readouterr().err


@pytest.mark.parametrize("text", ["connection main answered 503 in 1250 ms", "worker 4711 ended with -9", "code 2010"])
def test_what_is_no_secret_stays(text: str) -> None:
    """A log that hides everything helps nobody."""
    assert redact(text) == text


@pytest.mark.tm("TM-D3")
def test_a_trace_is_redacted_too() -> None:
    """An exception's text may quote what it choked on."""
    try:
        raise ValueError(f"cannot read {TOKEN} of +14155550123")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, __file__, 1, "failed", (), sys.exc_info())

    line = JsonLines().format(record)

    assert "ValueError" in line
    assert TOKEN not in line
    assert "4155550123" not in line


@pytest.mark.tm("TM-I7")
@pytest.mark.parametrize(
    "payload",
    [
        'x\n{"level":"info","message":"all is well"}',
        "x\r\nforged",
        "\x1b[2Jcleared",
        "a\u2028b",
        "a\x85b",
        "\x00",
        '"}',
    ],
    ids=ascii,
)
def test_no_text_forges_a_line_or_moves_the_cursor(payload: str) -> None:
    """One record is one line of printable ASCII, whatever a caller put in."""
    record = logging.LogRecord("x", logging.INFO, __file__, 1, "caller name %s", (payload,), None)

    line = JsonLines().format(record)

    assert line.isascii()
    assert line.isprintable()
    assert json.loads(line)["message"] == f"caller name {payload}"


def test_a_line_says_when_where_and_how_bad() -> None:
    """In UTC, with `Z`."""
    record = logging.LogRecord("softphone.serve", logging.ERROR, __file__, 1, "gone", (), None)
    record.created = 1_795_176_000.5

    assert json.loads(JsonLines().format(record)) == {
        "at": "2026-11-20T12:00:00.500Z",
        "level": "error",
        "logger": "softphone.serve",
        "message": "gone",
    }
