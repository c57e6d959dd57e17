"""How fast Plivo may be asked, and how long to wait before asking again. Pure: times come in, waits come out."""

from dataclasses import dataclass

RATE = 40.0  # requests per second and account; rest.md 1.8 (Plivo refuses above 300 in 5 s, for all processes together)
BURST = 100.0
BASE_SECONDS = 0.5  # rest.md 1.8: full jitter, doubling, capped
CAP_SECONDS = 8.0
TRIES = 5


@dataclass(frozen=True, slots=True)
class Bucket:
    """A token bucket: `level` tokens were in it at `at` (seconds of any steady clock)."""

    level: float
    at: float

    def take(self, now: float) -> tuple["Bucket", float]:
        """The bucket after one request, and how long that request must wait first."""
        level = min(BURST, self.level + max(0.0, now - self.at) * RATE) - 1
        return Bucket(level, now), max(0.0, -level / RATE)


def full_bucket(now: float) -> Bucket:
    """The bucket of an account that has not been asked yet."""
    return Bucket(BURST, now)


def pause_before(attempt: int, *, chance: float, retry_after: float | None) -> float:
    """Seconds to wait before the next try. `attempt` counts from 1; `chance` is from 0 to 1 (full jitter).

    What Plivo asks for (`Retry-After`) is honoured, as a least.
    """
    jittered = chance * min(CAP_SECONDS, BASE_SECONDS * 2.0 ** (attempt - 1))
    return float(max(jittered, retry_after or 0.0))


def read_retry_after(text: str | None) -> float | None:
    """The seconds of a `Retry-After` header; its date form and anything else count as not said."""
    if text is None or not (text := text.strip()).isascii() or not text.isdigit() or len(text) > 6:
        return None
    return float(text)
