"""The parts that routes share, kept once per app under `app.extensions["softphone"]`."""

import asyncio
from dataclasses import dataclass, field
from typing import cast

from quart import current_app

from softphone.actions.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Deps:
    """What routes reach for. `closing` is set when the server goes down, so that open streams can end."""

    world: World
    closing: asyncio.Event = field(default_factory=asyncio.Event)


def deps() -> Deps:
    """The parts of the app that serves this request."""
    return cast(Deps, current_app.extensions["softphone"])
