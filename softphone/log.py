"""Log lines as JSON on standard error, redacted in this one place.

Ids and codes are logged, values are not; the redaction is the net under that rule. It takes out what has the shape
of an access token, of an Auth Token, and of a telephone number (threat model, TM-D3, TM-I7).
"""

import json
import logging
import re
import sys
from datetime import UTC, datetime

SHAPES = (
    (re.compile(r"eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*"), "[token]"),
    (re.compile(r"(?<![\w-])[A-Za-z0-9]{40}(?![\w-])"), "[secret]"),
    (re.compile(r"(?<![\w-])\+?\d{7,15}(?![\w-])"), "[number]"),
)


def redact(text: str) -> str:
    """The text without anything that has the shape of a secret or of a telephone number."""
    for shape, instead in SHAPES:
        text = shape.sub(instead, text)
    return text


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, where, message, and the kind of error if there was one."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line. Line breaks and terminal codes are escaped by JSON."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "message": redact(record.getMessage()),
        }
        if record.exc_info:
            line["trace"] = redact(self.formatException(record.exc_info))
        return json.dumps(line)


def start_logging(level: str) -> None:
    """Send every log line of the process through here. `level`: debug, info, warning or error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for chatty in ("httpx2", "httpcore2", "aiosqlite", "hypercorn", "asyncio", "uvicorn.access"):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, root.level))
