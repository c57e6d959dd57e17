"""Logs: one JSON object a line on standard error, without secrets and numbers (threat model, TM-D3, TM-I7)."""

import json
import logging
import re
import sys
from datetime import UTC, datetime

REDACTIONS = (
    # A JWT: three base64url parts, of which the first begins with `{"`.
    (re.compile(r"eyJ[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*)?"), "[token]"),
    # Forty or more characters without a break: an Auth Token, a session id, a key, a hash.
    (re.compile(r"(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{40,}={0,2}"), "[secret]"),
    (
        re.compile(r"(?i)(authorization|cookie|password|auth_token|x-csrf-token)([\"']?\s*[:=]\s*)[^\r\n]+"),
        r"\1\2[secret]",
    ),
    (re.compile(r"(?i)\b(basic|bearer)\s+[A-Za-z0-9+/._~=-]+"), r"\1 [secret]"),
    (re.compile(r"(?i)(\b[a-z][a-z0-9+.-]{1,20}://[^\s:/@]{0,200}:)[^\s@/]{1,200}@"), r"\1[secret]@"),
    # Seven or more digits, as people and machines write telephone numbers.
    (re.compile(r"(?<![0-9A-Za-z-])\+?\(?\d(?:[ ().\-]{0,2}\d){6,}(?![0-9A-Za-z])"), "[number]"),
)


def redact(text: str) -> str:
    """The text without tokens, secrets and telephone numbers."""
    for pattern, instead in REDACTIONS:
        text = pattern.sub(instead, text)
    return text


class JsonLines(logging.Formatter):
    """A record as one line of JSON. Line breaks and control characters inside are escaped, so no line can be forged."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": redact(record.getMessage()),
        }
        if record.exc_info:
            line["trace"] = redact(self.formatException(record.exc_info))
        return json.dumps(line)


def set_up_logs(level: str) -> None:
    """Have everything logged as JSON on standard error, from this level on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    # They log request lines and the parameters of statements, which may hold what a log must not.
    for name in ("uvicorn.access", "httpx2", "httpcore2", "aiosqlite"):
        logging.getLogger(name).setLevel(logging.WARNING)
