"""Recordings are known by their content, and only their sound is kept."""

import io
import wave
from datetime import timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from softphone.domain.errors import InvalidInput, SoftphoneError, TooLarge
from softphone.domain.sound import LARGEST, SoundKind, read_sound
from tests.sounds import chunk, frame, id3, layout, mp3, riff, wav

PCM_GUID = bytes.fromhex("0100000000001000800000aa00389b71")
SECRET = b"Recorded by Ana at home"


@pytest.mark.parametrize("rate", [8000, 16000])
def test_a_wav_is_kept_as_another_reader_understands_it(rate: int) -> None:
    """The standard library's reader finds one channel of 16 bits and every sample."""
    raw = wav(1.5, rate=rate)

    sound = read_sound(raw)

    with wave.open(io.BytesIO(sound.content)) as read, wave.open(io.BytesIO(raw)) as given_:
        assert (read.getnchannels(), read.getsampwidth(), read.getframerate()) == (1, 2, rate)
        assert read.readframes(10**6) == given_.readframes(10**6)
    assert (sound.kind, sound.length) == (SoundKind.WAV, timedelta(seconds=1.5))


@pytest.mark.parametrize("rate", [8000, 16000])
def test_an_mp3_is_kept_frame_by_frame(rate: int) -> None:
    """576 samples in each."""
    sound = read_sound(mp3(50, rate=rate))

    assert (sound.kind, sound.content) == (SoundKind.MP3, mp3(50, rate=rate))
    assert sound.length == timedelta(seconds=50 * 576 / rate)


def test_what_is_not_sound_is_left_out() -> None:
    """Comments, names and pictures tell where and by whom something was recorded."""
    tone = wav()[44:]
    noted = riff(chunk(b"LIST", b"INFOIART" + SECRET), layout(), chunk(b"data", tone), chunk(b"id3 ", SECRET))
    tagged = id3(SECRET) + frame(content=b"\0" * 17 + b"Info" + SECRET) + mp3() + b"TAG" + SECRET.ljust(125, b"\0")

    kept = [read_sound(noted).content, read_sound(tagged).content]

    assert kept == [wav(), mp3()]


def test_the_longer_form_of_wav_is_understood() -> None:
    """Some programs write the extensible form even for one channel."""
    more = b"\x16\x00\x10\x00\x04\x00\x00\x00" + PCM_GUID

    assert read_sound(riff(layout(form=0xFFFE, more=more), chunk(b"data", wav()[44:]))).content == wav()


def test_a_recording_that_was_cut_off_keeps_what_there_is() -> None:
    """A recorder that crashed wrote a size it never reached; a download lost half a frame."""
    assert read_sound(wav()[:-1000]).length == timedelta(seconds=1 - 500 / 16000)
    assert read_sound(mp3()[:-50]).content == mp3(27)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "not_a_recording"),
        (b"<html>" * 100, "not_a_recording"),
        (b"OggS" + bytes(5000), "not_a_recording"),
        (b"\x00\x00\x00\x20ftypM4A " + bytes(5000), "not_a_recording"),
        (b"ID3" + SECRET, "not_a_recording"),
        (id3(SECRET), "not_a_recording"),
        (riff(chunk(b"data", bytes(40000))), "not_a_recording"),
        (riff(layout()), "not_a_recording"),
        (mp3() + b"<script>alert(1)</script>", "not_a_recording"),
        (wav(rate=44100), "recording_form"),
        (wav(channels=2), "recording_form"),
        (wav(bits=8), "recording_form"),
        (wav(form=7), "recording_form"),
        (riff(layout(form=0xFFFE, more=bytes(24)), chunk(b"data", bytes(40000))), "recording_form"),
        (frame(rate=44100) * 50, "recording_form"),
        (frame(mono=False) * 50, "recording_form"),
        (mp3(20) + mp3(20, rate=8000), "recording_form"),
        (wav(peak=100), "recording_empty"),
        (wav(0.1), "recording_empty"),
        (riff(layout(), chunk(b"data", b"")), "recording_empty"),
        (mp3(2), "recording_empty"),
        (wav(60.1), "recording_too_long"),
        (mp3(1668), "recording_too_long"),
    ],
    ids=lambda value: value if isinstance(value, str) else f"{len(value)} bytes",
)
def test_what_would_not_be_heard_is_refused_with_what_to_do(raw: bytes, code: str) -> None:
    """A file that Plivo cannot play is silence for a caller."""
    with pytest.raises(InvalidInput) as refused:
        read_sound(raw)

    assert refused.value.code == code
    assert refused.value.message.endswith(".")


def test_the_longest_recording_fits() -> None:
    """Sixty seconds at the better rate are less than the largest file."""
    assert read_sound(wav(60)).length == timedelta(seconds=60)
    with pytest.raises(TooLarge):
        read_sound(bytes(LARGEST + 1))


BYTES = st.one_of(
    st.binary(max_size=300),
    st.binary(max_size=300).map(lambda tail: b"RIFF\0\0\0\0WAVE" + tail),
    st.lists(
        st.sampled_from([frame(), frame(rate=8000), frame(rate=44100), id3(b"x"), layout(), b"RIFF", b"\xff\xfb"]),
        max_size=40,
    ).map(b"".join),
    st.tuples(st.sampled_from([wav(0.3), mp3(20)]), st.integers(0, 400), st.binary(min_size=1, max_size=8)).map(
        lambda drawn: drawn[0][: drawn[1]] + drawn[2] + drawn[0][drawn[1] + len(drawn[2]) :]
    ),
)


@given(BYTES)
@example(b"ID3\x04\x00\x10\x7f\x7f\x7f\x7f")
@example(b"RIFF\xff\xff\xff\xffWAVEfmt \xff\xff\xff\xff")
@example(b"\xff\xf3\x44\xc0")
def test_whatever_bytes_come_they_are_refused_or_kept_for_good(raw: bytes) -> None:
    """No file breaks the reader, and what it keeps it reads again unchanged."""
    try:
        sound = read_sound(raw)
    except SoftphoneError:
        return

    again = read_sound(sound.content)

    assert (again.kind, again.length) == (sound.kind, sound.length)
    assert again.content == sound.content
    assert len(sound.content) <= LARGEST
