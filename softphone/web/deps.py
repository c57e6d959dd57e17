"""The parts that routes share, kept once per app under `app.extensions["softphone"]`."""

import asyncio
from dataclasses import dataclass, field
from typing import cast

from quart import current_app

from softphone.actions.hear_events import Hub
from softphone.actions.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Deps:
    """What routes reach for. Whoever stops the server sets `closing` first, so that open streams end."""

    world: World
    hub: Hub
    closing: asyncio.Event = field(default_factory=asyncio.Event)


def deps() -> Deps:
    """The parts of the app that serves this request."""
    return cast(Deps, current_app.extensions["softphone"])
