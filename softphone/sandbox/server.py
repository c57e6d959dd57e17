"""The sandbox as a server: REST, signalling, phones, pages and control on one port, telephones on another."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import uvicorn
from quart import Blueprint, Quart, Response, abort, request, send_from_directory, websocket
from quart.typing import ResponseReturnValue

from softphone.sandbox.addresses import Addresses, addresses_of
from softphone.sandbox.control import control
from softphone.sandbox.control_parties import parties
from softphone.sandbox.options import SandboxOptions
from softphone.sandbox.phone_socket import PhoneSocket
from softphone.sandbox.plant import Plant
from softphone.sandbox.rest.routes import HangingUp, rest
from softphone.sandbox.signalling import signalling

__all__ = ["Addresses", "SandboxOptions", "create_sandbox", "running", "serve"]

PAGES = Path(__file__).parent / "pages"
ROUTES_OF_PAGES: Mapping[str, str] = {"/": "index.html", "/phone": "phone.html", "/log": "log.html"}

# Pages load nothing from elsewhere; `<Play>` may name a recording on any host.
POLICY = (
    "default-src 'self'; img-src 'self' data:; media-src 'self' http: https: blob:; "
    "connect-src 'self' ws: wss:; frame-ancestors 'none'"
)

KEEP_ALIVE_SECONDS = 75
PATIENCE_AT_END = 2
"""Seconds that open connections get to end by themselves."""


def create_sandbox(options: SandboxOptions, *, plant: Plant | None = None) -> Quart:
    """A sandbox as a Quart app. Its parts are at `app.extensions["sandbox"]`."""
    plant = plant or Plant(options)
    app = Quart("softphone.sandbox", static_folder=None)
    # Packages send double slashes, and expect no redirect (`rest.md` 1.12).
    app.url_map.merge_slashes = False
    app.extensions["sandbox"] = plant
    app.register_blueprint(control(plant))
    app.register_blueprint(parties(plant))
    app.register_blueprint(rest(plant))
    app.register_blueprint(signalling(plant))
    app.register_blueprint(_phones(plant))
    app.register_blueprint(_pages())

    @app.after_serving
    async def close() -> None:
        await plant.close()

    return app


def _phones(plant: Plant) -> Blueprint:
    routes = Blueprint("phones", __name__)

    @routes.websocket("/phone-socket")
    async def phone_socket() -> None:
        origin = websocket.headers.get("Origin")
        if origin is not None and origin.partition("://")[2] != websocket.host:
            abort(403)
        await websocket.accept()
        page = PhoneSocket(receive=websocket.receive, send=websocket.send, book=plant.book, arrived=plant.arrive)
        await page.run(tuple(plant.account.numbers))

    @routes.post("/phone-recording/<upload>")
    async def phone_recording(upload: str) -> ResponseReturnValue:
        origin = request.headers.get("Origin")
        if origin is not None and origin.partition("://")[2] != request.host:
            abort(403)
        return "", 204 if plant.book.uploads.put(upload, await request.get_data(True, False, False)) else 404

    return routes


def _pages() -> Blueprint:
    routes = Blueprint("pages", __name__)

    @routes.after_request
    async def headers(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cache-Control"] = "no-store"
        return response

    @routes.get("/")
    @routes.get("/phone")
    @routes.get("/log")
    async def page() -> ResponseReturnValue:
        return await send_from_directory(PAGES, ROUTES_OF_PAGES[request.path])

    @routes.get("/pages/<path:name>")
    async def asset(name: str) -> ResponseReturnValue:
        return await send_from_directory(PAGES, name)

    return routes


class _Server(uvicorn.Server):
    """Says when it listens, and tells open streams to end when it is asked to stop."""

    def __init__(self, config: uvicorn.Config, *, plant: Plant) -> None:
        super().__init__(config)
        self._plant = plant
        self.listening = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self.listening.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._plant.closing.set()
        await super().shutdown(sockets=sockets)


def _listen(options: SandboxOptions) -> socket.socket:
    family = socket.AF_INET6 if ":" in options.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((options.host, options.port))
    return listener


def _server(options: SandboxOptions, plant: Plant) -> _Server:
    config = uvicorn.Config(
        HangingUp(create_sandbox(options, plant=plant)),
        log_level="critical",
        access_log=False,
        lifespan="on",
        ws="websockets-sansio",
        ws_ping_interval=None,
        # The official client keeps its connection and meets a reset if it is closed just as it asks again.
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=PATIENCE_AT_END,
    )
    return _Server(config, plant=plant)


@asynccontextmanager
async def running(options: SandboxOptions, *, plant: Plant | None = None) -> AsyncIterator[Addresses]:
    """A sandbox that listens as long as the block runs."""
    plant = plant or Plant(options)
    server = _server(options, plant)
    listener = _listen(options)
    await plant.network.open(options.host, options.sip_port)
    addresses = addresses_of(options, listener.getsockname()[1], sip=plant.network.address)
    plant.account.recordings.base_url = addresses.url
    # Not `serve`: that takes the process's signals, which belong to whoever runs the block.
    task = asyncio.create_task(server._serve(sockets=[listener]))
    try:
        await _first(server.listening.wait(), task)
        yield addresses
    finally:
        server.should_exit = True
        await task
        listener.close()


async def _first(waiting: Any, task: asyncio.Task[None]) -> None:
    listening = asyncio.ensure_future(waiting)
    await asyncio.wait({listening, task}, return_when=asyncio.FIRST_COMPLETED)
    if task.done():
        listening.cancel()
        task.result()


def serve(options: SandboxOptions, ready: Callable[[Mapping[str, object]], None]) -> None:
    """Run a sandbox until the process is told to stop. `ready` gets the addresses once it listens."""
    asyncio.run(_serve(options, ready))


async def _serve(options: SandboxOptions, ready: Callable[[Mapping[str, object]], None]) -> None:
    plant = Plant(options)
    server = _server(options, plant)
    listener = _listen(options)
    await plant.network.open(options.host, options.sip_port)
    addresses = addresses_of(options, listener.getsockname()[1], sip=plant.network.address)
    plant.account.recordings.base_url = addresses.url
    task = asyncio.create_task(server.serve(sockets=[listener]))
    await _first(server.listening.wait(), task)
    ready(addresses.as_json())
    await task
    listener.close()
