"""How much one sender may ask: messages a second, and wrong passwords a minute. Pure; the time is passed in."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

# Messages that one address may send at once, and a second after that. A phone sends a handful for a call.
BURST = 400
A_SECOND = 100

# Addresses that are remembered; a flood from made-up ones must not fill the memory.
MOST_SENDERS = 4_096

# Wrong passwords for one SIP user from one address, before it has to wait.
WRONG_PASSWORDS = 10
WRONG_FOR = timedelta(seconds=60)


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


class Meter:
    """Lets a sender's messages through until they are too many. `seconds` only goes forward."""

    def __init__(self, *, burst: int = BURST, a_second: float = A_SECOND) -> None:
        self._burst = burst
        self._a_second = a_second
        self._buckets: dict[tuple[str, int], _Bucket] = {}

    def lets(self, sender: tuple[str, int], *, seconds: float) -> bool:
        """Is there room for one more?"""
        bucket = self._buckets.pop(sender, None) or _Bucket(float(self._burst), seconds)
        while len(self._buckets) >= MOST_SENDERS:
            # The one that has been silent for longest.
            del self._buckets[next(iter(self._buckets))]
        self._buckets[sender] = bucket
        bucket.left = min(self._burst, bucket.left + (seconds - bucket.at) * self._a_second)
        bucket.at = seconds
        if bucket.left < 1:
            return False
        bucket.left -= 1
        return True


@dataclass(slots=True)
class _Tries:
    since: datetime
    count: int = 0


@dataclass(slots=True)
class WrongPasswords:
    """Counts wrong passwords by SIP user and address. Who has had too many is not heard until the time is over."""

    _tries: dict[tuple[str, str], _Tries] = field(default_factory=dict)

    def wait(self, user: str, host: str, *, now: datetime) -> int:
        """Whole seconds that this user has to wait at this address; 0 when it may try."""
        tries = self._tries.get((user, host))
        if tries is None or tries.count < WRONG_PASSWORDS:
            return 0
        left = (tries.since + WRONG_FOR - now).total_seconds()
        return max(0, -int(-left // 1))

    def wrong(self, user: str, host: str, *, now: datetime) -> bool:
        """Count one. True when it was the last that is listened to."""
        key = (user, host)
        tries = self._tries.pop(key, None)
        if tries is None or tries.since + WRONG_FOR <= now:
            tries = _Tries(now)
        while len(self._tries) >= MOST_SENDERS:
            del self._tries[next(iter(self._tries))]
        self._tries[key] = tries
        tries.count += 1
        return tries.count == WRONG_PASSWORDS

    def right(self, user: str, host: str) -> None:
        """Forget: the password is known after all."""
        self._tries.pop((user, host), None)
