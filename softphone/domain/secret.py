"""A secret that cannot be printed by accident."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, repr=False)
class Secret:
    """Text that must not reach a log, a page or an exception. `reveal` is the one way to read it."""

    _value: str

    def reveal(self) -> str:
        """The text itself. Call it at the wire and nowhere else."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(…)"

    __str__ = __repr__
