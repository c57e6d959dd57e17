"""`python -m softphone`, and the one place that asks the wall clock."""

from datetime import UTC, datetime

from softphone.cli import main


def utc_now() -> datetime:
    """The time."""
    return datetime.now(UTC)


def run() -> None:
    """The `softphone` command."""
    main(obj=utc_now)


if __name__ == "__main__":
    run()
