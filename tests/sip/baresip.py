"""A real softphone, baresip, without a sound card: started, told what to do, and listened to over its control port."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from softphone.sandbox.wav import tones
from tests.sip.programs import MODULES, find

# Milliseconds of tone that it speaks, from the moment it answers: longer than any test.
TONE_MS = 120_000

# The mean sample of what is no silence. A tone at full volume has 20 000.
LOUD = 500

# Seconds after which what does not come is a failure.
PATIENCE = 15.0

CONFIG = """poll_method epoll
sip_listen 127.0.0.1:0
module_path {modules}
module g711.so
module aufile.so
module sndfile.so
{secure}
module_tmp account.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen 127.0.0.1:{control}
audio_source aufile,{folder}/tone.wav
snd_path {folder}
rtp_timeout 30
rtcp_mux yes
"""

SECURE = "\n".join(f"module {name}.so" for name in ("srtp", "dtls_srtp", "ice"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An account of baresip: who, at which sandbox, and how. `more` are further account parameters."""

    user: str
    password: str
    server: str
    transport: str = "udp"
    more: str = ""
    secure: bool = False

    def text(self) -> str:
        """The line in the file `accounts`."""
        proxy = f'outbound="sip:{self.server};transport={self.transport}"'
        codecs = "audio_codecs=PCMU/8000/1,PCMA/8000/1"
        secure = ";mediaenc=dtls_srtp;medianat=ice" if self.secure else ""
        return (
            f'"Softphone" <sip:{self.user}@phone.plivo.com;transport={self.transport}>;auth_user={self.user};'
            f"auth_pass={self.password};regint=60;{proxy};{codecs};ptime=20{secure}{self.more}\n"
        )


@dataclass(kw_only=True)
class Baresip:
    """A baresip that runs. `events` are what it told of itself, `said` its own words."""

    folder: Path
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    events: list[Mapping[str, object]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    async def listen(self) -> None:
        """Read events until the control port closes: netstrings of JSON."""
        with suppress(asyncio.IncompleteReadError, OSError):
            while True:
                length = int((await self.reader.readuntil(b":"))[:-1])
                told = json.loads((await self.reader.readexactly(length + 1))[:-1])
                self.events.append(told)
                self._wake()

    def hear(self, line: str) -> None:
        """Keep a line that it printed."""
        self.said.append(line)
        self._wake()

    def _wake(self) -> None:
        self._news.set()
        self._news = asyncio.Event()

    async def do(self, command: str, argument: str = "") -> None:
        """Have it do something: `dial`, `accept`, `hangup` …"""
        text = json.dumps({"command": command, "params": argument, "token": command})
        self.writer.write(f"{len(text)}:{text},".encode())
        await self.writer.drain()

    async def saw(self, kind: str) -> Mapping[str, object]:
        """Wait for an event of this type: `CALL_INCOMING`, `CALL_ESTABLISHED`, `CALL_CLOSED` …"""
        async with asyncio.timeout(PATIENCE):
            while True:
                found = [one for one in self.events if one.get("type") == kind]
                if found:
                    return found[-1]
                await self._news.wait()

    async def printed(self, part: str) -> str:
        """Wait for a line that it prints."""
        async with asyncio.timeout(PATIENCE):
            while True:
                found = [one for one in self.said if part in one]
                if found:
                    return found[-1]
                await self._news.wait()

    async def hears(self) -> None:
        """Wait until there is more in what it hears than silence. It writes it to a file, and says nothing of it."""
        async with asyncio.timeout(PATIENCE):
            while self.loudness() < LOUD:
                # Each answer to a command is a turn of its loop; nothing else tells that a file has grown.
                await self.do("callstat")
                await self._news.wait()

    def loudness(self) -> float:
        """The mean size of the samples it has heard so far: a tone has thousands, silence none."""
        octets = b"".join(file.read_bytes()[44:] for file in self.folder.glob("*-dec.wav"))
        frames = memoryview(octets[: len(octets) // 2 * 2]).cast("h")
        return sum(abs(one) for one in frames) / len(frames) if len(frames) else 0.0


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _furnish(folder: Path, line: Line, control: int) -> None:
    folder.mkdir(parents=True)
    secure = SECURE if line.secure else ""
    (folder / "config").write_text(CONFIG.format(modules=MODULES, control=control, folder=folder, secure=secure))
    (folder / "accounts").write_text(line.text())
    (folder / "tone.wav").write_bytes(tones([(0, TONE_MS)], ms=TONE_MS))


@asynccontextmanager
async def baresip(folder: Path, line: Line) -> AsyncIterator[Baresip]:
    """A baresip with one account, as long as the block runs. It signs in by itself, and off at the end."""
    control = free_port()
    _furnish(folder, line, control)
    process = await asyncio.create_subprocess_exec(
        find("baresip"),
        *("-4", "-f", str(folder)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    assert process.stdout is not None
    output = process.stdout
    begun = []
    async with asyncio.timeout(PATIENCE):
        while True:
            printed = (await output.readline()).decode(errors="replace")
            begun.append(printed)
            assert printed, "".join(begun)
            if "baresip is ready" in printed:
                break
    reader, writer = await asyncio.open_connection("127.0.0.1", control)
    phone = Baresip(folder=folder, reader=reader, writer=writer, said=begun)

    async def keep_output() -> None:
        while line := await output.readline():
            phone.hear(line.decode(errors="replace"))

    tasks = [asyncio.create_task(phone.listen()), asyncio.create_task(keep_output())]
    try:
        yield phone
    finally:
        with suppress(OSError):
            await phone.do("quit")
        try:
            await asyncio.wait_for(process.wait(), 10)
        except TimeoutError:
            process.kill()
            await process.wait()
        writer.close()
        await asyncio.gather(*tasks)
