"""Sound as files."""

import io
import wave

import pytest

from softphone.sandbox import wav


def test_a_tone_stands_where_it_was_made() -> None:
    """Silence before and after it; what reaches past the end is cut."""
    with wave.open(io.BytesIO(wav.tones([(100, 200), (280, 900)], ms=300))) as file:
        parts = [any(file.readframes(count * 8)) for count in (100, 100, 80, 20)]
        rest = file.readframes(1)

    assert parts == [False, True, False, True]
    assert rest == b""


@pytest.mark.parametrize("ms", [0, 1, 1234])
def test_the_length_of_a_file_is_read(ms: int) -> None:
    """In milliseconds."""
    assert wav.length_of(wav.tones((), ms=ms)) == ms


@pytest.mark.parametrize("file", [b"", b"noise", wav.tones((), ms=10)[:20]])
def test_what_is_no_sound_has_no_length(file: bytes) -> None:
    """Nothing is guessed."""
    assert wav.length_of(file) is None
