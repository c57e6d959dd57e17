"""What is kept of callers, and for how long. An administrator sets it; ranges keep a slip from doing harm."""

from dataclasses import dataclass, fields
from datetime import timedelta

from softphone.domain.errors import InvalidInput


@dataclass(frozen=True, slots=True, kw_only=True)
class Privacy:
    """Retention, for all hotlines. Units: days.

    A pseudonym key is in force for `pseudonym_days`; it is kept for `pseudonym_keep_days` more, so that a block or a
    chosen language survives the change, and then destroyed. Whoever called under it can be linked to nobody any more.
    """

    pseudonym_days: int = 30
    pseudonym_keep_days: int = 1
    calls_days: int = 90
    voicemail_days: int = 30
    logs_days: int = 14
    audit_days: int = 730

    @property
    def pseudonym_period(self) -> timedelta:
        """How long a pseudonym key is in force."""
        return timedelta(days=self.pseudonym_days)

    @property
    def pseudonym_keep(self) -> timedelta:
        """How much longer it is kept."""
        return timedelta(days=self.pseudonym_keep_days)


@dataclass(frozen=True, slots=True, kw_only=True)
class HotlinePrivacy:
    """A hotline's limits on callers and messages.

    Limits count calls in any hour and messages in any day; 0 means that there is none. `check_above` is the number of
    calls in ten minutes above which a caller must key in four spoken digits first; 0 means never.
    """

    voicemail_enabled: bool = True
    caller_calls_per_hour: int = 12
    all_calls_per_hour: int = 0
    check_above: int = 0
    messages_per_caller: int = 5
    messages_in_all: int = 300
    block_hours: int = 8

    @property
    def block_for(self) -> timedelta:
        """The rest of a shift."""
        return timedelta(hours=self.block_hours)


RANGES = {
    "pseudonym_days": range(1, 366),
    "pseudonym_keep_days": range(1, 8),
    "calls_days": range(1, 3651),
    "voicemail_days": range(1, 366),
    "logs_days": range(1, 366),
    "audit_days": range(90, 3651),
    "caller_calls_per_hour": range(0, 1001),
    "all_calls_per_hour": range(0, 100_001),
    "check_above": range(0, 100_001),
    "messages_per_caller": range(0, 101),
    "messages_in_all": range(0, 10_001),
    "block_hours": range(1, 73),
}


def check_ranges(chosen: Privacy | HotlinePrivacy) -> None:
    """Refuse what is out of range, or contradicts itself.

    Raises: InvalidInput, naming the field.
    """
    for field in fields(chosen):
        allowed, value = RANGES.get(field.name), getattr(chosen, field.name)
        if allowed is not None and value not in allowed:
            message = f"`{field.name}` is a number from {allowed[0]} to {allowed[-1]}."
            raise InvalidInput(message, field=field.name)
    if isinstance(chosen, Privacy) and chosen.logs_days > chosen.calls_days:
        raise InvalidInput("The log of a call cannot be kept longer than the call.", field="logs_days")
