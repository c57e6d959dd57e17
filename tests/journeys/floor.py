"""A hotline as it runs: `softphone serve` in a process of its own, the sandbox on a port, volunteers signed in.

Whoever calls and whoever answers is scripted; everything between them goes over the wire. A second of a document is
short. The service's own clock moves only with the wall, and when a test puts it forward.
"""

import asyncio
import os
import secrets
import socket
import sys
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2

from softphone.__main__ import utc_now
from softphone.actions.change_hotline import HotlineDraft, create_hotline, set_members
from softphone.actions.prepare_hotline import prepare_hotline
from softphone.actions.resume_session import csrf_token
from softphone.actions.world import World
from softphone.app import open_world
from softphone.domain.ids import AuthId, PhoneNumber
from softphone.domain.secret import Secret
from softphone.domain.volunteers import Role, Volunteer
from softphone.sandbox.addresses import Addresses
from softphone.sandbox.options import SandboxOptions
from softphone.sandbox.parties import Caller
from softphone.sandbox.plant import Plant
from softphone.sandbox.scripted import ScriptedLeg
from softphone.sandbox.server import running
from softphone.settings import read_settings
from softphone.store.audit import Actor
from softphone.store.setup import close_setup
from tests import people, telephony
from tests.conftest import MASTER_KEY

PATIENCE = 60
"""Seconds after which what does not come is a failure. Nothing is measured by it."""
NEVER_MS = 86_400_000
NUMBER = "14155550100"
HOTLINE = "/api/admin/hotlines/night-line"
FIXED: Mapping[str, object] = {
    "languages": ["en"],
    "strategy": "everyone",
    "ring_at_once": 3,
    "ring_seconds": 20,
    "pause_seconds": 2,
    "longest_wait_seconds": 180,
    "wrap_up_seconds": 0,
}
"""What every journey begins with."""
SETTER_UP = Actor(id=None, name="test")


@dataclass(slots=True, kw_only=True)
class Floor:
    """Everything that runs. `told` is every body that the service has answered people with; `log` its lines."""

    folder: Path
    plant: Plant
    sandbox: Addresses
    port: int
    people: dict[str, Volunteer]
    ahead: "Ahead"
    told: list[str] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    clients: dict[str, httpx2.AsyncClient] = field(default_factory=dict)
    _process: asyncio.subprocess.Process | None = None
    _draining: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        """The service's address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def database(self) -> Path:
        """Its file."""
        return self.folder / "served.db"

    @property
    def environment(self) -> dict[str, str]:
        """Its settings."""
        return {
            "SOFTPHONE_PUBLIC_URL": self.url,
            "SOFTPHONE_BIND": f"127.0.0.1:{self.port}",
            "SOFTPHONE_DATABASE_URL": f"sqlite:///{self.database}",
            "SOFTPHONE_MASTER_KEY": MASTER_KEY.hex(),
            "SOFTPHONE_PLIVO_API_URL": self.sandbox.api,
            "SOFTPHONE_PLIVO_MEDIA_URL": self.sandbox.api,
            "SOFTPHONE_LOG_LEVEL": "debug",
        }

    async def start(self) -> None:
        """Start the service; its socket listens when this returns."""
        inherited = {name: text for name, text in os.environ.items() if not name.startswith("SOFTPHONE_")}
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.journeys.late_service", str(self.ahead.file)),
            stderr=asyncio.subprocess.PIPE,
            env={**inherited, **self.environment},
        )
        reader = self._process.stderr
        assert reader is not None
        async with asyncio.timeout(PATIENCE):
            while "listens on" not in (line := (await reader.readline()).decode()):
                assert line, "".join(self.log[-20:])
                self.log.append(line)
        self._draining = asyncio.create_task(self._drain(reader))

    async def kill(self) -> None:
        """End the service as a power cut would."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
        await self._ended()

    async def stop(self) -> None:
        """End the service as an administrator would."""
        if self._process is not None and self._process.returncode is None:
            self._process.terminate()
        await self._ended()

    async def restart(self) -> None:
        """Kill it and start it again."""
        await self.kill()
        await self.start()

    async def _ended(self) -> None:
        if self._process is not None and self._draining is not None:
            await self._process.wait()
            await self._draining

    async def _drain(self, reader: asyncio.StreamReader) -> None:
        while line := await reader.readline():
            self.log.append(line.decode())
            self.plant.ladders.touch()

    @asynccontextmanager
    async def world(self) -> AsyncGenerator[World, None]:
        """What an administrator's command on the same machine would touch."""
        settings = read_settings(self.environment)
        async with open_world(settings, clock=self.ahead, chance=secrets.token_bytes, master_key=MASTER_KEY) as world:
            yield world

    async def sign_in(self) -> None:
        """Give everybody a new session."""
        async with self.world() as world:
            for login, person in self.people.items():
                session = await people.open_session(world.database, person, now=self.ahead())
                headers = {
                    "Origin": self.url,
                    "Cookie": f"sp={session}",
                    "X-CSRF-Token": csrf_token(world.keyring, f"s-{session[:8]}"),
                }
                await self._let_go(login)
                self.clients[login] = httpx2.AsyncClient(
                    base_url=self.url, headers=headers, timeout=PATIENCE, event_hooks={"response": [self._keep]}
                )

    async def _let_go(self, login: str) -> None:
        if (client := self.clients.pop(login, None)) is not None:
            await client.aclose()

    async def close(self) -> None:
        """Close what is open here, and end the service."""
        for login in tuple(self.clients):
            await self._let_go(login)
        await self.stop()

    async def _keep(self, response: httpx2.Response) -> None:
        if response.headers.get("content-type", "").startswith("text/event-stream"):
            return
        await response.aread()
        self.told.append(f"{response.request.url} {dict(response.headers)} {response.text}")

    async def ask(self, login: str, method: str, path: str, body: object = None) -> Any:
        """What the service answers somebody."""
        response = await self.clients[login].request(method, path, json=body)
        assert response.is_success, f"{method} {path}: {response.status_code} {response.text}"
        return response.json() if response.headers.get("content-type", "").startswith("application/json") else response

    async def calls(self) -> list[dict[str, Any]]:
        """The log of the hotline's calls, the newest first."""
        found = await self.ask("boss", "GET", "/api/admin/hotline-calls?limit=100")
        items: list[dict[str, Any]] = found["items"]
        return items

    async def would_ring(self) -> set[str]:
        """Whose phone would ring for a caller now, by login."""
        found = await self.ask("boss", "GET", f"{HOTLINE}/who-rings")
        names = {person.name: login for login, person in self.people.items()}
        return {names[one["name"]] for one in found["volunteers"] if one["why"] == "rings"}

    def user(self, login: str) -> str:
        """Somebody's name in their SIP address."""
        return f"{telephony.username(self.people[login])}_{self.sandbox.auth_id}"

    def answers(self, login: str, *, after_ms: int = 0, outcome: str = "answer", steps: object = ()) -> None:
        """What somebody's phone does when it rings; with `NEVER_MS` it answers when told."""
        waiting = {"user": self.user(login), "outcome": outcome, "after_ms": after_ms, "speech_ms": 0}
        self.plant.parties.wait({**waiting, "patience_ms": NEVER_MS, "steps": list(steps)})  # type: ignore[call-overload]

    def phone(self, login: str) -> ScriptedLeg | None:
        """The last call on somebody's phone."""
        legs = self.plant.parties.calls_of(self.user(login))
        return legs[-1] if legs else None

    def rings(self, login: str) -> bool:
        """Whether somebody's phone rings at this moment."""
        phone = self.phone(login)
        return phone is not None and phone.state == "ringing"

    def talks(self, login: str) -> bool:
        """Whether somebody has answered, and nobody was quicker."""
        phone = self.phone(login)
        return phone is not None and phone.state == "answered"

    def caller(self, *steps: Mapping[str, object], number: str | None = None, speech_ms: int = 20) -> Caller:
        """Somebody calls the hotline, from a number that has not called before."""
        if number is None:
            number = f"1415556{len(self.numbers):04}"
        if number not in self.numbers:
            self.numbers.append(number)
        body = {"from": number, "to": NUMBER, "speech_ms": speech_ms, "patience_ms": NEVER_MS, "steps": list(steps)}
        return self.plant.parties.call(body)[0]

    def documents(self, caller: Caller) -> list[str]:
        """Every document that a caller's call was given."""
        ladder = self.plant.ladders.get(caller.call_uuid)
        return [step.xml for step in ladder.steps if step.xml] if ladder else []

    def noted(self, caller: Caller, title: str) -> bool:
        """Whether a caller's call has come to a step that begins like this."""
        ladder = self.plant.ladders.get(caller.call_uuid)
        return ladder is not None and any(step.title.startswith(title) for step in ladder.steps)

    async def until(self, holds: Callable[[], bool], what: str) -> None:
        """Wait until the sandbox, or the service's log, shows it."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not holds():
                    await self.plant.next_version(self.plant.ladders.version)
        except TimeoutError:
            raise AssertionError(f"{what}: this did not come to pass.\n{self.story()}") from None

    async def at_rest(self) -> None:
        """Wait until no call is live and everything has been told."""
        async with asyncio.timeout(PATIENCE):
            await self.plant.engine.settle()
            await self.plant.callbacks.settle()

    def story(self) -> str:
        """The last calls as they went, for a test that failed."""
        steps = [
            f"{one.call_uuid[:4]} {step.ms} {step.title}" for one in self.plant.ladders.all() for step in one.steps
        ]
        return "\n".join([*steps[-60:], *self.log[-20:]])

    async def begin(self, **changes: object) -> None:
        """Have nothing going on, everybody on duty, and the hotline as a journey needs it."""
        self.plant.faults.clear()
        self.plant.parties.dismiss_callers()
        self.plant.parties.dismiss_callees()
        await self.at_rest()
        await self.ask("boss", "PATCH", HOTLINE, {**FIXED, **changes})
        await self.ask("boss", "PUT", f"{HOTLINE}/closed", {"closed": False})
        for login in self.people:
            if login != "boss":
                await self.duty(login, "on_duty")

    async def duty(self, login: str, availability: str) -> None:
        """Somebody goes on duty, or away."""
        await self.ask(login, "PUT", "/api/availability", {"availability": availability})


@dataclass(frozen=True, slots=True)
class Ahead:
    """A clock that a file puts forward."""

    file: Path

    def __call__(self) -> datetime:
        """The time on it."""
        return utc_now() + timedelta(seconds=float(self.file.read_text("ascii")))

    def put(self, by: timedelta) -> None:
        """Put it forward."""
        seconds = float(self.file.read_text("ascii")) + by.total_seconds()
        written = self.file.with_suffix(".new")
        written.write_text(str(seconds), "ascii")
        written.replace(self.file)


@asynccontextmanager
async def a_floor(folder: Path, *logins: str, second: float = 0.1) -> AsyncGenerator[Floor, None]:
    """A floor with these volunteers and an administrator `boss`; everything is closed afterwards."""
    file = folder / "ahead"
    file.write_text("0", "ascii")
    ahead = Ahead(file)
    options = SandboxOptions(port=0, clock=ahead)
    plant = Plant(options, second=second)
    async with AsyncExitStack() as opened:
        sandbox = await opened.enter_async_context(running(options, plant=plant))
        boss = people.volunteer("boss", role=Role.ADMIN)
        team = [people.volunteer(login, extension=str(20_000 + n)) for n, login in enumerate(logins)]
        floor = Floor(
            folder=folder,
            plant=plant,
            sandbox=sandbox,
            port=_free_port(),
            people={one.login: one for one in (boss, *team)},
            ahead=ahead,
        )
        async with floor.world() as world:
            await _furnish(world, floor, team)
        await floor.start()
        opened.push_async_callback(floor.close)
        await floor.sign_in()
        yield floor


async def _furnish(world: World, floor: Floor, team: list[Volunteer]) -> None:
    now = world.clock()
    connection = telephony.connection(
        auth_id=AuthId(floor.sandbox.auth_id),
        auth_token=Secret(floor.sandbox.auth_token),
        numbers=tuple(PhoneNumber(number) for number in floor.sandbox.numbers),
        caller_id=PhoneNumber(NUMBER),
    )
    until = now + timedelta(days=2)
    persons = [floor.people["boss"], *team]
    await world.database.write(
        lambda db: telephony.set_up(db, persons, keyring=world.keyring, until=until, to=connection)
    )
    await world.database.write(lambda db: close_setup(db, now=now))
    draft = HotlineDraft(name="Night line", numbers=[NUMBER], time_zone="America/New_York", languages=["en"])
    hotline = await create_hotline(world, SETTER_UP, draft)
    await set_members(world, SETTER_UP, hotline.id, [one.id for one in team])
    await prepare_hotline(world, SETTER_UP, hotline.id)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
