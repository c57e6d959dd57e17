"""A secret that cannot be printed by accident."""

import hmac
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Secret:
    """Text that must not reach a log, a page or an exception. `reveal` is the one way to read it."""

    _value: str

    def reveal(self) -> str:
        """The text itself. Call it at the wire and nowhere else."""
        return self._value

    def same_as(self, other: "Secret") -> bool:
        """True if both are the same text. Takes as long wherever they differ (threat model, TM-W7)."""
        return hmac.compare_digest(self._value.encode(), other._value.encode())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self.same_as(other)

    def __hash__(self) -> int:
        return hash(self._value)

    def __repr__(self) -> str:
        return "Secret(…)"

    __str__ = __repr__
