"""Recordings for tests, made from nothing."""

import struct


def wav(
    seconds: float = 1.0, *, rate: int = 16000, channels: int = 1, bits: int = 16, form: int = 1, peak: int = 9000
) -> bytes:
    """A WAV file with a rough tone in it."""
    count = round(seconds * rate)
    samples = struct.pack("<2h", peak, -peak) * (count // 2 * channels)
    return riff(layout(rate=rate, channels=channels, bits=bits, form=form), chunk(b"data", samples))


def layout(*, rate: int = 16000, channels: int = 1, bits: int = 16, form: int = 1, more: bytes = b"") -> bytes:
    """The chunk that says how the sound is written."""
    width = channels * bits // 8
    return chunk(b"fmt ", struct.pack("<HHIIHH", form, channels, rate, rate * width, width, bits) + more)


def chunk(name: bytes, content: bytes) -> bytes:
    """A chunk of a RIFF file."""
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)


def riff(*chunks: bytes) -> bytes:
    """A RIFF file of these chunks."""
    content = b"WAVE" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(content)) + content


def frame(*, rate: int = 16000, mono: bool = True, content: bytes = b"") -> bytes:
    """One frame of MP3: 32 kbit/s, layer III, MPEG 2 at 16 kHz, MPEG 2.5 at 8 kHz, MPEG 1 above."""
    version, index, bits = {8000: (0, 2, 4), 16000: (2, 2, 4), 44100: (3, 0, 1)}[rate]
    size = 72 * 32000 // rate if rate < 20000 else 144 * 32000 // rate
    head = bytes([0xFF, 0xE0 | version << 3 | 1 << 1 | 1, bits << 4 | index << 2, (3 if mono else 0) << 6])
    return (head + content).ljust(size, b"\0")


def mp3(frames: int = 28, **options: int) -> bytes:
    """An MP3 file; 28 frames at 16 kHz are a second."""
    return frame(rate=options.get("rate", 16000)) * frames


def id3(content: bytes) -> bytes:
    """A tag as it stands before the sound."""
    size = len(content)
    return b"ID3\x03\x00\x00" + bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0)) + content
