"""Builds the volunteers' page into `softphone/static/` when a wheel is made; an editable install leaves it to make."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class PageHook(BuildHookInterface):
    """Runs npm once per wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the page, unless it is there or the install is editable."""
        page = Path(self.root, "softphone", "static", "index.html")
        if version == "editable" or page.exists():
            return
        npm = shutil.which("npm")
        if npm is None:
            raise RuntimeError("npm is missing: install Node 20 or newer to build the page, or run `make page` first")
        for words in (["ci"], ["run", "build"]):
            subprocess.run([npm, *words], cwd=Path(self.root, "frontend"), check=True)  # noqa: S603  # our own words
