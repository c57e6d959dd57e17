"""Finds the real SIP programs that tests drive, or installs them: by apt, as root. `python -m tests.sip.programs` is
what make runs.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping

PACKAGES: Mapping[str, str] = {"baresip": "baresip-core", "sipp": "sip-tester", "linphonec": "linphone-cli"}
"""Program to Debian package."""

MODULES = "/usr/lib/baresip/modules"


def find(program: str) -> str:
    """The path of a program. Raises: AssertionError that says what to install."""
    path = shutil.which(program)
    assert path is not None, f"{program} is missing: apt-get install {PACKAGES[program]}, or leave these out: SIP=no"
    return path


def missing() -> list[str]:
    """The packages whose program is not here."""
    return [package for program, package in PACKAGES.items() if shutil.which(program) is None]


def install() -> None:
    """Install what is missing, where we may."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-qq"], ["install", "-qq", "-y", "--no-install-recommends", *missing()]):
        subprocess.run(["apt-get", *command], check=False, env=environment, stdout=subprocess.DEVNULL)


def main() -> int:
    """Make sure that the programs are here; say so where they cannot be."""
    if missing():
        install()
    if not missing():
        return 0
    print(
        f"Not here, and not to be installed without root: {', '.join(missing())}.\n"
        "Install them by hand, or leave the tests with real SIP programs out with: make test SIP=no",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
