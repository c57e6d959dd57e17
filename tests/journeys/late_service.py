"""`softphone serve` with a clock that a file puts forward by so many seconds: `-m tests.journeys.late_service FILE`."""

import sys
from datetime import datetime, timedelta
from pathlib import Path

from softphone.__main__ import utc_now
from softphone.cli import main


def serve_late(ahead: Path) -> None:
    """The command `serve`, in every other way as it is."""

    def now() -> datetime:
        return utc_now() + timedelta(seconds=float(ahead.read_text("ascii")))

    main(["serve"], obj=now)


if __name__ == "__main__":
    serve_late(Path(sys.argv[1]))
