"""Writes the page's own tones to `public/sounds`: nothing is fetched from other hosts, and nobody else's sound is used.

Run `python3 scripts/tones.py` in `frontend/`. Mono, 16 bit, 8 kHz: small, and as good as a telephone.
"""

import math
import struct
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

RATE = 8000
FOLDER = Path(__file__).resolve().parent.parent / "public" / "sounds"
# Frequencies in hertz of rows and columns. ITU-T Q.23.
ROWS = (697, 770, 852, 941)
COLUMNS = (1209, 1336, 1477)
KEYS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "star", "0", "pound")


def samples(seconds: float, wave_at: Callable[[float], float]) -> list[float]:
    return [wave_at(n / RATE) for n in range(int(seconds * RATE))]


def bell(pitch: float, at: float, decay: float) -> Callable[[float], float]:
    """A struck bar: a soft attack, a few partials, a long fall."""

    def sound(t: float) -> float:
        past = t - at
        if past < 0:
            return 0.0
        attack = min(1.0, past / 0.008)
        partials = ((1.0, 1.0), (2.0, 0.28), (3.93, 0.1))
        return attack * math.exp(-past / decay) * sum(
            weight * math.sin(2 * math.pi * pitch * ratio * past) for ratio, weight in partials
        )

    return sound


def ring() -> list[float]:
    """Two rising phrases and a rest: clear through a closed door, kind at three in the morning."""
    notes = [(523.25, 0.0), (659.25, 0.22), (783.99, 0.44), (1046.5, 0.66), (783.99, 1.1), (1046.5, 1.32)]
    bells = [bell(pitch, at, 0.32) for pitch, at in notes]
    return samples(3.2, lambda t: sum(sound(t) for sound in bells) * 0.42)


def ringback() -> list[float]:
    """Two low tones for a second, then silence, as a European exchange would."""

    def tone(t: float) -> float:
        edge = min(1.0, t / 0.02, max(0.0, (1.0 - t) / 0.02))
        return 0.0 if t > 1.0 else edge * 0.16 * math.sin(2 * math.pi * 425 * t)

    return samples(4.0, tone)


def touch(key: int) -> list[float]:
    low, high = ROWS[key // 3], COLUMNS[key % 3]
    return samples(
        0.16,
        lambda t: min(1.0, t / 0.01, (0.16 - t) / 0.01)
        * 0.14
        * (math.sin(2 * math.pi * low * t) + math.sin(2 * math.pi * high * t)),
    )


def write(name: str, sound: list[float]) -> None:
    frames = b"".join(struct.pack("<h", int(32767 * max(-1.0, min(1.0, value)))) for value in sound)
    with wave.open(str(FOLDER / f"{name}.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(frames)


def all_tones() -> Iterator[tuple[str, list[float]]]:
    yield "ring", ring()
    yield "ringback", ringback()
    for key, name in enumerate(KEYS):
        yield f"dtmf-{name}", touch(key)


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for tone_name, tone_samples in all_tones():
        write(tone_name, tone_samples)
