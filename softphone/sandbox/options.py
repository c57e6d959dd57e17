"""How a sandbox is set up."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from softphone.sandbox.accounts import DEFAULT_NUMBERS

DEFAULT_AUTH_ID = "MASANDBOX00000000000"
DEFAULT_AUTH_TOKEN = "sandbox0auth1token2only3for4this5laptop6"  # noqa: S105  (public on purpose: it opens nothing but a sandbox)


def wall_clock() -> datetime:
    """The time now. The one clock of the sandbox, which runs apart from the service."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxOptions:
    """What `softphone sandbox` was told. Port 0 takes a free one."""

    host: str = "127.0.0.1"
    port: int = 8100
    sip_port: int = 0
    auth_id: str = DEFAULT_AUTH_ID
    auth_token: str = field(default=DEFAULT_AUTH_TOKEN, repr=False)
    numbers: tuple[str, ...] = DEFAULT_NUMBERS
    refuse_local_tokens: bool = False
    minted_life: timedelta | None = None
    from_shape: str = "full"
    clock: Callable[[], datetime] = wall_clock
