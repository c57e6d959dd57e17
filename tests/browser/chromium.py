"""Finds a Chromium, or installs one: by apt as root, by Playwright otherwise. `python -m tests.browser.chromium` is
what make runs.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> str | None:
    """The path of a Chromium on this machine, or None."""
    for name in NAMES:
        path = shutil.which(name)
        if path is not None:
            return path
    caches = Path.home() / ".cache" / "ms-playwright"
    return next((str(p) for p in sorted(caches.glob("chromium-*/chrome-linux*/chrome"), reverse=True)), None)


def install() -> str | None:
    """Install one and return its path; None where neither way works."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], check=False, env=environment, stdout=subprocess.DEVNULL)
        command = ["apt-get", "install", "-qq", "-y", "chromium"]
        subprocess.run(command, check=False, env=environment, stdout=subprocess.DEVNULL)
    else:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    return find()


def main() -> int:
    """Make sure that there is a Chromium; say so where there cannot be one."""
    if find() or install():
        return 0
    print(
        "No Chromium here, and it could not be installed (apt needs root, Playwright needs its download host).\n"
        "Install one by hand, or leave the browser journeys out with: make test BROWSER=no",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
