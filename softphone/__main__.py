"""`python -m softphone`: the command, with the machine's own clock and chance. The one place that knows the time by
itself.
"""

import secrets
from datetime import UTC, datetime

from softphone.cli import main


def now() -> datetime:
    """The time on this machine, in UTC."""
    return datetime.now(UTC)


def run() -> None:
    """Run the `softphone` command."""
    main(obj=(now, secrets.token_bytes))


if __name__ == "__main__":
    run()
