"""How long anything may wait while a caller is on the line, who hears something within 5 s (product invariant 1)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Bounds, in seconds.

    `answer`: a callback that is not decided by then is answered with a sentence. `turn`: how long a unit waits for its
    turn at the database. `lock`: how long it then waits for others that hold what it needs. The last two together stay
    below the first.
    """

    answer: float = 4.5
    turn: float = 2.0
    lock: float = 2.0


PATIENCE = Patience()
"""What the product has. Tests have more, because their machine may stand still for seconds."""
