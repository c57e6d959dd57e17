"""Recordings of calls: kept in memory, listed by REST, served where Plivo's media host would serve them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

KEPT = 500
"""So many recordings are kept; the oldest is forgotten first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """One recording. `file_format` is what the document asked for; `wav` is what there is: there is no encoder here."""

    recording_id: str
    call_uuid: str
    from_number: str
    to_number: str
    file_format: str
    started_at: datetime
    ms: int
    wav: bytes = field(repr=False)

    @property
    def ended_at(self) -> datetime:
        """When it ended."""
        return self.started_at + timedelta(milliseconds=self.ms)


class Recordings:
    """The recordings of one account. `base_url` is where the sandbox listens; it takes the media host's place."""

    def __init__(self, *, auth_id: str) -> None:
        self._auth_id = auth_id
        self._kept: dict[str, Recording] = {}
        self.base_url = "http://127.0.0.1:8100"
        self.behind_password = True
        self.action_after_hangup = True

    def keep(self, recording: Recording) -> None:
        """Keep a recording."""
        while len(self._kept) >= KEPT:
            del self._kept[next(iter(self._kept))]
        self._kept[recording.recording_id] = recording

    def get(self, recording_id: str) -> Recording | None:
        """A recording by its id."""
        return self._kept.get(recording_id)

    def drop(self, recording_id: str) -> bool:
        """Delete a recording and its file. False when there is none."""
        return self._kept.pop(recording_id, None) is not None

    def all(self) -> tuple[Recording, ...]:
        """Every recording, newest first."""
        return tuple(reversed(self._kept.values()))

    def url(self, recording_id: str, file_format: str) -> str:
        """Where the file is (`rest.md` 1.1)."""
        return f"{self.base_url}/v1/Account/{self._auth_id}/Recording/{recording_id}.{file_format}"
