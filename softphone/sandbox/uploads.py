"""Files that pages send: what their microphones recorded. Each is expected before it comes, and taken once."""

from collections.abc import Callable

from softphone.sandbox import wav
from softphone.sandbox.legs import Sound


class Uploads:
    """The files that are expected, by an id that only the page knows."""

    def __init__(self, *, new_id: Callable[[], str]) -> None:
        self._new_id = new_id
        self._expected: dict[str, Sound | None] = {}

    def expect(self) -> str:
        """An id under which a file may be sent."""
        upload = self._new_id()
        self._expected[upload] = None
        return upload

    def put(self, upload: str, file: bytes) -> bool:
        """Take a WAV file in. False when it was not expected, or is none."""
        ms = wav.length_of(file)
        if upload not in self._expected or ms is None:
            return False
        self._expected[upload] = Sound(wav=file, ms=ms)
        return True

    def take(self, upload: str) -> Sound | None:
        """The file, once; None when it has not come."""
        return self._expected.pop(upload, None)
