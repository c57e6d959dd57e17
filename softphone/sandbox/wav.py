"""Sound as WAV files: 8000 samples a second, 16 bits, one channel, which is what a telephone carries."""

import io
import math
import struct
import wave
from collections.abc import Iterable

RATE = 8_000
"""Samples a second."""

_PERIOD = 8
_LOUD = 8_000
_TONE = struct.pack("<8h", *(round(_LOUD * math.sin(2 * math.pi * index / _PERIOD)) for index in range(_PERIOD)))
"""One period of 1000 Hz."""

Span = tuple[int, int]
"""From and to, in milliseconds."""


def tones(spans: Iterable[Span], *, ms: int) -> bytes:
    """A WAV file of `ms` milliseconds: a tone of 1000 Hz in each of the spans, silence between them."""
    samples = bytearray(_bytes(ms))
    for begin, end in spans:
        start, stop = _bytes(max(0, min(begin, ms))), _bytes(max(0, min(end, ms)))
        length = max(0, stop - start)
        samples[start : start + length] = (_TONE * (length // len(_TONE) + 1))[:length]
    file = io.BytesIO()
    with wave.open(file, "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(2)
        written.setframerate(RATE)
        written.writeframes(bytes(samples))
    return file.getvalue()


def length_of(file: bytes) -> int | None:
    """Milliseconds of a WAV file; None when it is none."""
    try:
        with wave.open(io.BytesIO(file)) as read:
            frames, rate = int(read.getnframes()), int(read.getframerate())
            return frames * 1000 // rate
    except (wave.Error, EOFError, ZeroDivisionError):
        return None


def _bytes(ms: int) -> int:
    return ms * RATE // 1000 * 2
