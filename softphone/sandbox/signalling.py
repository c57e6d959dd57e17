"""The WebSocket that speaks SIP, with the faults that were asked for."""

import asyncio

from quart import Blueprint, abort, websocket

from softphone.sandbox.faults import Action, Faults, Where
from softphone.sandbox.plant import Plant
from softphone.sandbox.sip.socket import SUBPROTOCOL, talk

PATH = "/signalling"


class Ear:
    """Receives messages. A fault may delay, lose or repeat one, or end the socket."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._again: str | bytes | None = None

    async def receive(self) -> str | bytes:
        """The next message. Raises: CancelledError when a fault ends the socket."""
        if self._again is not None:
            again, self._again = self._again, None
            return again
        while True:
            frame = await websocket.receive()
            first_line = frame.partition("\r\n")[0] if isinstance(frame, str) else ""
            fault = self._faults.take(Where.SIGNALLING, f"{PATH} {first_line}")
            match fault.action if fault is not None else None:
                case Action.DROP:
                    continue
                case Action.CLOSE | Action.STATUS:
                    raise asyncio.CancelledError
                case Action.DELAY if fault is not None:
                    await asyncio.sleep(fault.ms / 1000)
                case Action.TWICE:
                    self._again = frame
            return frame


def signalling(plant: Plant) -> Blueprint:
    """The signalling route of one sandbox."""
    routes = Blueprint("signalling", __name__)

    @routes.websocket(PATH)
    async def speak_sip() -> None:
        if not plant.gate.open:
            abort(503)
        await websocket.accept(subprotocol=SUBPROTOCOL)
        await talk(plant.sip, receive=Ear(plant.faults).receive, send=websocket.send)

    return routes
