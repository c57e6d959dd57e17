"""Recordings as they are kept: known by their content, in the form that Plivo is sure to play, nothing else in them.

Plivo plays WAV and MP3, mono, at 8 or 16 kHz (`wire.md` 3.2, Play). Tags, pictures, comments and the traces of a
recording program are left out: only sound is kept.
"""

import sys
from array import array
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from softphone.domain.errors import InvalidInput, TooLarge

LARGEST = 2 * 1024 * 1024
"""Bytes: a little more than the longest recording at 16 kHz needs."""
LONGEST = timedelta(seconds=60)
SHORTEST = timedelta(milliseconds=200)
RATES = frozenset({8000, 16000})
QUIETEST_PEAK = 328
"""Of 32768, which is 1 %: below it nobody hears a word on a telephone."""

PCM = 1
EXTENSIBLE = 0xFFFE
PCM_SUBFORMAT = bytes.fromhex("0100000000001000800000aa00389b71")
"""KSDATAFORMAT_SUBTYPE_PCM, as a WAV of the extensible kind writes it."""

MP3_SAMPLES = 576  # Per frame, at the low rates (ISO/IEC 13818-3, layer III).
MP3_RATES = {(2, 2): 16000, (0, 2): 8000}
"""By version and rate index: MPEG 2 and MPEG 2.5 are the versions that have 16 and 8 kHz."""
MP3_KBITS = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
MONO = 3
TAGS_AFTER = (b"TAG", b"APETAGEX", b"LYRICSBEGIN", b"ID3", b"3DI")
ENCODER_MARKS = (b"Xing", b"Info", b"VBRI")


class SoundKind(StrEnum):
    """The two kinds; the value ends the recording's path."""

    WAV = "wav"
    MP3 = "mp3"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """A recording that Plivo will play: `content` is all of the file."""

    kind: SoundKind
    content: bytes
    length: timedelta


def read_sound(raw: bytes) -> Sound:
    """The recording in a file, whatever it is called.

    Raises: TooLarge; InvalidInput, whose message says what to do.
    """
    if len(raw) > LARGEST:
        raise TooLarge(message="A recording has at most 2 MB. Save it as mono, 16 kHz.")
    sound = _read_wav(raw) if raw[:4] == b"RIFF" and raw[8:12] == b"WAVE" else _read_mp3(raw)
    if sound.length > LONGEST:
        raise _unusable("recording_too_long", "A recording has at most 60 seconds. Shorten it.")
    if sound.length < SHORTEST:
        raise _unusable("recording_empty", "There is nothing to hear in this recording. Record it again.")
    return sound


def _read_wav(raw: bytes) -> Sound:
    """RIFF chunks: `fmt ` says how, `data` is the sound; a recorder that was cut off wrote too great a size."""
    layout, samples, at = b"", None, 12
    while at + 8 <= len(raw) and samples is None:
        name, size = raw[at : at + 4], int.from_bytes(raw[at + 4 : at + 8], "little")
        if name == b"fmt ":
            layout = raw[at + 8 : at + 8 + size]
        elif name == b"data":
            samples = raw[at + 8 : at + 8 + size]
        at += 8 + size + size % 2
    if len(layout) < 16 or samples is None:
        raise _wrong_kind()
    rate = _wav_rate(layout)
    samples = samples[: len(samples) // 2 * 2]
    if _peak(samples) < QUIETEST_PEAK:
        raise _unusable("recording_empty", "There is nothing to hear in this recording. Record it again.")
    return Sound(
        kind=SoundKind.WAV,
        content=_wav_header(rate, len(samples)) + samples,
        length=timedelta(seconds=len(samples) / 2 / rate),
    )


def _wav_rate(layout: bytes) -> int:
    form, channels, rate, bits = (
        int.from_bytes(layout[start:end], "little") for start, end in ((0, 2), (2, 4), (4, 8), (14, 16))
    )
    if form == EXTENSIBLE and layout[24:40] == PCM_SUBFORMAT:
        form = PCM
    if form != PCM or bits != 16 or channels != 1 or rate not in RATES:
        raise _wrong_form()
    return rate


def _wav_header(rate: int, size: int) -> bytes:
    def number(value: int, width: int) -> bytes:
        return value.to_bytes(width, "little")

    layout = number(PCM, 2) + number(1, 2) + number(rate, 4) + number(rate * 2, 4) + number(2, 2) + number(16, 2)
    return b"RIFF" + number(36 + size, 4) + b"WAVEfmt " + number(16, 4) + layout + b"data" + number(size, 4)


def _peak(samples: bytes) -> int:
    values = array("h", samples)
    if sys.byteorder == "big":
        values.byteswap()
    return max(max(values), -min(values)) if values else 0


def _read_mp3(raw: bytes) -> Sound:
    at, frames, rate = _after_id3(raw), list[bytes](), 0
    while at < len(raw):
        frame = _frame(raw, at)
        if frame is None:
            if frames and _only_tags(raw[at:]):
                break
            raise _wrong_kind()
        size, found = frame
        if rate not in {0, found}:
            raise _wrong_form()
        rate = found
        if at + size <= len(raw):  # A last frame that was cut off is left out.
            frames.append(raw[at : at + size])
        at += size
    # What an encoder wrote about itself stands in a first frame of silence.
    sound = frames[1:] if frames and any(mark in frames[0][:64] for mark in ENCODER_MARKS) else frames
    if not rate or not sound:
        raise _wrong_kind()
    return Sound(kind=SoundKind.MP3, content=b"".join(sound), length=timedelta(seconds=len(sound) * MP3_SAMPLES / rate))


def _after_id3(raw: bytes) -> int:
    """Where the sound begins: behind the tags that stand first. Their size is in four bytes of seven bits."""
    at = 0
    while raw[at : at + 3] == b"ID3" and at + 10 <= len(raw):
        size = 0
        for byte in raw[at + 6 : at + 10]:
            size = size << 7 | byte & 0x7F
        at += 10 + size + (10 if raw[at + 5] & 0x10 else 0)
    return at


def _frame(raw: bytes, at: int) -> tuple[int, int] | None:
    """The size in bytes and the rate of the frame that begins here; None if none does.

    Raises: InvalidInput if it is a frame of MP3, but not mono at 8 or 16 kHz.
    """
    head = raw[at : at + 4]
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return None
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    bits, index, padding = head[2] >> 4, head[2] >> 2 & 3, head[2] >> 1 & 1
    if version == 1 or layer != 1 or not 0 < bits < 15 or index == 3:
        return None
    rate = MP3_RATES.get((version, index))
    if rate is None or head[3] >> 6 != MONO:
        raise _wrong_form()
    return 72 * MP3_KBITS[bits] * 1000 // rate + padding, rate


def _only_tags(rest: bytes) -> bool:
    return rest.startswith(TAGS_AFTER) or not rest.strip(b"\0") or len(rest) < 4


def _wrong_kind() -> InvalidInput:
    return _unusable("not_a_recording", "This is neither a WAV nor an MP3 file. Save the recording as one of these.")


def _wrong_form() -> InvalidInput:
    return _unusable(
        "recording_form", "Save the recording with one channel (mono) and 8 or 16 kHz, as MP3 or as WAV with 16 bits."
    )


def _unusable(code: str, message: str) -> InvalidInput:
    return InvalidInput(message, code=code)
