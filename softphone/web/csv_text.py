"""Rows as CSV text (RFC 4180) that a spreadsheet shows and never computes (threat model, TM-I7)."""

import csv
import io
from collections.abc import Iterable, Sequence

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What makes a spreadsheet take a cell for a formula, in full-width letters too (OWASP, CSV Injection)."""
BOM = "\ufeff"
"""Without it a spreadsheet reads accents and other scripts as gibberish."""


def safe_cell(text: str) -> str:
    """A cell that is text, whatever it begins with."""
    return f"'{text}" if text.startswith(FORMULA) else text


def csv_text(rows: Iterable[Sequence[str]]) -> str:
    """Rows as text. Every cell is quoted and none is a formula."""
    written = io.StringIO()
    writer = csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return written.getvalue()
