"""`python -m softphone`, and the one place that asks the wall clock."""

from datetime import UTC, datetime
from importlib import import_module

from softphone.cli import main


def utc_now() -> datetime:
    """The time."""
    return datetime.now(UTC)


def run() -> None:
    """The `softphone` command."""
    main(obj=utc_now)


if __name__ == "__main__":
    # Worker processes are handed the clock by the name of its module, which is not this module's name here.
    import_module("softphone.__main__").run()
