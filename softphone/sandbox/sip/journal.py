"""What happened at the SIP doors, newest last: registrations, refusals, and what was dropped. No secrets."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

# Entries that are remembered.
KEPT = 500

log = logging.getLogger("softphone.sandbox.sip")


class What(StrEnum):
    """What happened."""

    REGISTERED = "registered"
    SIGNED_OFF = "signed_off"
    DISPLACED = "displaced"
    UNWANTED = "unwanted_program"
    WRONG_PASSWORD = "wrong_password"  # noqa: S105  (a word, not a password)
    LIMITED = "limited"
    MALFORMED = "malformed"
    DROPPED = "dropped"


TROUBLE = frozenset({What.UNWANTED, What.LIMITED})
"""Said on the terminal too. Single wrong passwords and noise are not: a flood of them must not flood it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that happened. `times` counts the same thing repeated by the same sender."""

    at: datetime
    what: What
    user: str
    sender: str
    sentence: str
    times: int = 1


class Journal:
    """Remembers entries. The same thing again, from the same sender, is counted and not listed twice."""

    def __init__(self, *, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._entries: deque[Entry] = deque(maxlen=KEPT)
        self._changed = asyncio.Event()

    def note(self, what: What, sentence: str, *, user: str = "", sender: str = "") -> None:
        """Write down what happened."""
        last = self._entries[-1] if self._entries else None
        times = 1
        if last is not None and (last.what, last.user, last.sender, last.sentence) == (what, user, sender, sentence):
            times = last.times + 1
            self._entries.pop()
        self._entries.append(
            Entry(at=self._clock(), what=what, user=user, sender=sender, sentence=sentence, times=times)
        )
        if what in TROUBLE and times == 1:
            log.warning("%s %s", user or sender, sentence)
        self._changed.set()
        self._changed = asyncio.Event()

    def all(self) -> tuple[Entry, ...]:
        """Every remembered entry, oldest first."""
        return tuple(self._entries)

    async def until(self, what: What, *, user: str | None = None, times: int = 1) -> Entry:
        """Wait for an entry: one of this kind, about this user, and repeated so often."""
        while True:
            for entry in self._entries:
                if entry.what is what and user in (None, entry.user) and entry.times >= times:
                    return entry
            await self._changed.wait()

    def as_json(self) -> list[Mapping[str, object]]:
        """The entries as `/_sandbox/sip` gives them."""
        return [
            {
                "at": one.at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                "what": one.what.value,
                "user": one.user,
                "sender": one.sender,
                "sentence": one.sentence,
                "times": one.times,
            }
            for one in self._entries
        ]
