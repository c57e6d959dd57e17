"""A real `softphone serve` in a process of its own, with volunteers whose phones are on."""

import asyncio
import os
import secrets
import socket
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

from quart import Quart

from softphone.__main__ import utc_now
from softphone.app import open_world
from softphone.domain.volunteers import Dialling, Volunteer
from softphone.settings import read_settings
from tests import people, telephony
from tests.conftest import MASTER_KEY, STANDSTILL

OUTGOING = "/telephony/main/outgoing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Where it listens, who may dial, and Plivo's side of a callback. `pid` is the process."""

    port: int
    pid: int
    database: Path
    callers: list[Volunteer]
    plivo: telephony.Caller

    async def raw(self, sent: bytes) -> bytes:
        """What comes back for these bytes until the server closes the connection."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(sent)
            with suppress(ConnectionError):
                await writer.drain()
            return await asyncio.wait_for(_rest(reader), STANDSTILL)
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    async def left_open(self, sent: bytes) -> asyncio.StreamWriter:
        """A connection that has said this much and now says nothing."""
        _, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(sent)
        await writer.drain()
        return writer

    def dial(self, number: int, *, call: str) -> bytes:
        """A signed callback, whole: the volunteer of this number dials."""
        nonce = str(next(self.plivo.nonces))
        moment = f"{utc_now():%Y-%m-%d %H:%M:%S}"
        fields = self.plivo.outgoing(self.callers[number], f"1415555{number + 200:04}", call=call, SessionStart=moment)
        return self.callback(fields, nonce=nonce)

    def callback(self, fields: dict[str, str], *, nonce: str) -> bytes:
        """A signed callback, whole."""
        body = urlencode(sorted(fields.items())).encode()
        lines = (
            f"POST {OUTGOING} HTTP/1.1",
            "Host: softphone.example.org",
            "Content-Type: application/x-www-form-urlencoded",
            f"Content-Length: {len(body)}",
            f"X-Plivo-Signature-V3-Nonce: {nonce}",
            f"X-Plivo-Signature-V3: {self.plivo.signature(OUTGOING, fields, nonce)}",
            "Connection: close",
        )
        return "\r\n".join((*lines, "", "")).encode() + body

    def memory(self) -> int:
        """Bytes that the process holds."""
        pages = Path(f"/proc/{self.pid}/statm").read_text("ascii").split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")


async def _rest(reader: asyncio.StreamReader) -> bytes:
    got = b""
    with suppress(ConnectionError):
        while part := await reader.read(65536):
            got += part
    return got


@asynccontextmanager
async def a_service(folder: Path, *, callers: int) -> AsyncGenerator[Service, None]:
    """Start it; it is stopped afterwards, and everybody's phone is on for a day."""
    database = folder / "served.db"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environment = {
        # Signatures are made for the public address; where the service listens is another matter.
        "SOFTPHONE_PUBLIC_URL": telephony.PUBLIC_URL,
        "SOFTPHONE_BIND": f"127.0.0.1:{port}",
        "SOFTPHONE_DATABASE_URL": f"sqlite:///{database}",
        "SOFTPHONE_MASTER_KEY": MASTER_KEY.hex(),
        "SOFTPHONE_LOG_LEVEL": "error",
    }
    persons = [
        people.volunteer(f"p{number}", extension=str(20_000 + number), dialling=Dialling.NUMBERS)
        for number in range(callers)
    ]
    async with open_world(
        read_settings(environment), clock=utc_now, chance=secrets.token_bytes, master_key=MASTER_KEY
    ) as world:
        until = world.clock() + timedelta(hours=24)
        await world.database.write(
            lambda db: telephony.set_up(db, persons, keyring=world.keyring, until=until, to=telephony.connection())
        )
    inherited = {name: text for name, text in os.environ.items() if not name.startswith("SOFTPHONE_")}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "softphone", "serve"),
        stderr=asyncio.subprocess.PIPE,
        env={**inherited, **environment},
    )
    assert process.stderr is not None
    # It says so once its socket listens: whoever connects from then on is served as soon as it can.
    async with asyncio.timeout(STANDSTILL):
        while b"listens on" not in (line := await process.stderr.readline()):
            assert line, "the service did not start"
    draining = asyncio.create_task(_rest(process.stderr))
    try:
        plivo = telephony.Caller(app=Quart("elsewhere"))
        yield Service(port=port, pid=process.pid, database=database, callers=persons, plivo=plivo)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
        await draining
