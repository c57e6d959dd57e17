"""The real server, on a real socket: what slow, idle, broken and vanishing clients cannot do to callers."""

import asyncio
import random
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.conftest import STANDSTILL
from tests.serving import OUTGOING, Service, a_service

HELLO = b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
SLOW_BODY = (
    f"POST {OUTGOING} HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    f"X-Plivo-Signature-V3: {'a' * 43}=\r\nX-Plivo-Signature-V3-Nonce: 05429567804466091622\r\n"
    "Content-Length: 1000\r\n\r\na"
).encode()


@pytest.fixture(scope="module")
async def service(disk: Path) -> AsyncIterator[Service]:
    """One server for these tests; each test has volunteers of its own."""
    folder = disk / "served"
    folder.mkdir()
    async with a_service(folder, callers=400) as running:
        yield running


def status_of(answer: bytes) -> int:
    """The status of an answer, 0 where there is none."""
    first = answer.partition(b"\r\n")[0].split(b" ")
    return int(first[1]) if len(first) > 1 and first[0] == b"HTTP/1.1" else 0


@pytest.mark.tm("TM-R1")
async def test_four_hundred_slow_and_idle_connections_keep_no_caller_waiting(service: Service) -> None:
    """While they all stand open, every call is put through: bodies that do not come, heads that do not end, and
    connections that say nothing.
    """
    beginnings = [SLOW_BODY] * 200 + [b""] * 100 + [b"POST /telephony/main/outgoing HTTP/1.1\r\nHost: a\r\nX-"] * 100
    standing = [await service.left_open(sent) for sent in beginnings]

    answers = await asyncio.gather(*(service.raw(service.dial(n, call=f"slow-{n:04}")) for n in range(20)))
    still_open = sum(not writer.transport.is_closing() for writer in standing)
    for writer in standing:
        writer.close()

    assert [(status_of(answer), b"<Dial" in answer) for answer in answers] == [(200, True)] * 20
    assert still_open > 0


@pytest.mark.tm("TM-R1")
async def test_whoever_does_not_go_on_is_let_go(service: Service) -> None:
    """Nothing at all, half a head, half a body: the server ends each by itself. Behind half a callback there may be a
    caller, who is given a sentence.
    """

    async def first_line(sent: bytes) -> int:
        reader, writer = await asyncio.open_connection("127.0.0.1", service.port)
        writer.write(sent)
        answer = await asyncio.wait_for(reader.readuntil(b"\r\n"), STANDSTILL)
        writer.close()
        return status_of(answer)

    seen = await asyncio.gather(*map(first_line, (b"", b"GET / HTTP/1.1\r\nHost: a\r\nX-", SLOW_BODY)))

    assert seen == [408, 408, 200]


@pytest.mark.tm("TM-R1")
@pytest.mark.parametrize("head", [b"GET / HTTP/1.1\r\n", b"GET /"], ids=["headers", "address"])
async def test_a_head_without_end_is_cut_off(service: Service, head: bytes) -> None:
    """The server does not gather what it would refuse: 64 MB are not even taken."""
    before = service.memory()
    _, writer = await asyncio.open_connection("127.0.0.1", service.port)
    writer.write(head)
    taken = 0
    try:
        while taken < 64 * 1024 * 1024:
            writer.write((b"X-Endless: %s\r\n" % (b"a" * 1000)) * 64 if b"\r\n" in head else b"a" * 65536)
            await writer.drain()
            taken += 64 * 1024
    except ConnectionError:
        pass
    writer.close()

    assert taken < 64 * 1024 * 1024
    assert service.memory() - before < 32 * 1024 * 1024
    assert status_of(await service.raw(HELLO)) == 200


H2_PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00"
FORM = f"POST {OUTGOING} HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n".encode()
SMUGGLED = b"GET /api/me HTTP/1.1\r\nHost: a\r\n\r\n"
UPGRADE = b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\n"
CORPUS: dict[str, bytes] = {
    "h2c": UPGRADE + b"Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n\r\n" + H2_PREFACE,
    "h2c with a body": FORM + b"Connection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 3\r\n\r\na=b" + SMUGGLED,
    "websocket": b"GET /api/events HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
    "tls": UPGRADE + b"Upgrade: TLS/1.0\r\n\r\n",
    "http/2 at once": H2_PREFACE,
    "length and chunks": FORM + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "chunks and length": FORM + b"Transfer-Encoding: chunked\r\nContent-Length: 50\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "two lengths": FORM + b"Content-Length: 0\r\nContent-Length: 34\r\n\r\n" + SMUGGLED,
    "a list of lengths": FORM + b"Content-Length: 0, 34\r\n\r\n" + SMUGGLED,
    "a signed length": FORM + b"Content-Length: +5\r\n\r\na=b&c" + SMUGGLED,
    "a negative length": FORM + b"Content-Length: -1\r\n\r\n" + SMUGGLED,
    "a length in hexadecimal": FORM + b"Content-Length: 0x5\r\n\r\na=b&c" + SMUGGLED,
    "a length beyond counting": FORM + b"Content-Length: 99999999999999999999999\r\n\r\n",
    "an odd coding": FORM + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "two codings": FORM + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "a coding with a tab": FORM + b"Transfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "a space before the colon": FORM + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "a bad chunk": FORM + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\na=b\r\n0\r\n\r\n",
    "a chunk beyond counting": FORM + b"Transfer-Encoding: chunked\r\n\r\nfffffffffffffffffff\r\n",
    "a folded header": b"GET /healthz HTTP/1.1\r\nHost: a\r\nX-A: b\r\n c\r\n\r\n",
    "a bare return": b"GET /healthz HTTP/1.1\rHost: a\r\r",
    "a nul in a header": b"GET /healthz HTTP/1.1\r\nHost: a\r\nX-A: b\x00c\r\n\r\n",
    "no name": b"GET /healthz HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n",
    "no version": b"GET /healthz\r\n\r\n",
    "another protocol": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 64,
    "sip": b"INVITE sip:a@b SIP/2.0\r\nVia: SIP/2.0/TCP a\r\n\r\n",
    "version 3": b"GET /healthz HTTP/3.0\r\nHost: a\r\n\r\n",
    "an odd method": b"G@T /healthz HTTP/1.1\r\nHost: a\r\n\r\n",
    "connect": b"CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: a\r\n\r\nSSH-2.0-x\r\n",
    "trace": b"TRACE /healthz HTTP/1.1\r\nHost: a\r\nX-Secret: b\r\n\r\n",
    "absolute form": b"GET http://evil.example/api/me HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "asterisk form": b"OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "raw bytes in the path": b"GET /\xff\xfe HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "half an escape": b"GET /%c3%28%zz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "a nul in the path": b"GET /%00 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "nothing but lines": b"\r\n" * 2000,
}


@pytest.mark.tm("TM-R5")
async def test_malformed_requests_are_refused_or_answered_as_one_plain_request(service: Service) -> None:
    """No 101, no server error, no second answer out of what was hidden behind the first; each connection is ended, and
    the server goes on.
    """
    answers = dict(zip(CORPUS, await asyncio.gather(*(service.raw(sent) for sent in CORPUS.values())), strict=True))

    for name, answer in answers.items():
        statuses = [int(line.split(b" ")[1]) for line in answer.split(b"\r\n") if line.startswith(b"HTTP/1.1 ")]
        assert not [status for status in statuses if status == 101 or status >= 500], name
        # Who reads the hidden request answers it with 401.
        assert SMUGGLED not in CORPUS[name] or 401 not in statuses, name
        assert len(statuses) <= 1, name
        assert b"X-Secret" not in answer, name
    assert status_of(await service.raw(HELLO)) == 200


@pytest.mark.tm("TM-R5")
@pytest.mark.parametrize("protocol", ["h2c", "websocket", "TLS/1.0"])
async def test_an_upgrade_is_answered_in_plain_http(service: Service, protocol: str) -> None:
    """As if it had not been asked for; the frames behind it are heard by nobody."""
    head = f"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, close\r\nUpgrade: {protocol}\r\n\r\n"

    answer = await service.raw(head.encode() + H2_PREFACE)

    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b"upgrade:" not in answer.lower()
    assert answer.count(b"HTTP/1.1 ") == 1


@pytest.mark.tm("TM-R2")
async def test_clients_that_vanish_leave_the_database_whole(service: Service) -> None:
    """1,500 clients go away at whatever moment; then twenty of twenty calls are put through, no row is half written."""
    chance = random.Random(7)  # noqa: S311  # the same moments each run

    async def vanish(number: int) -> None:
        caller = 100 + number % 250
        sent, whole = service.dial(caller, call=f"gone-{number:04}"), number % 3 > 0
        reader, writer = await asyncio.open_connection("127.0.0.1", service.port)
        writer.write(sent if whole else sent[: chance.randrange(len(sent))])
        await writer.drain()
        for _ in range(chance.randrange(40)):
            # A turn of the loop is a moment of no fixed length: long enough, at times, for a unit to have begun.
            await asyncio.get_running_loop().run_in_executor(None, int)
        if whole and chance.random() < 0.2:
            await reader.read(1)
        writer.transport.abort()

    for start in range(0, 1500, 50):
        await asyncio.gather(*(vanish(number) for number in range(start, start + 50)))
    answers = await asyncio.gather(*(service.raw(service.dial(n, call=f"after-{n:04}")) for n in range(50, 70)))

    assert Counter((status_of(answer), b"<Dial" in answer) for answer in answers) == {(200, True): 20}
    with sqlite3.connect(service.database) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        gone = "SELECT count(*) FROM calls WHERE call_uuid LIKE 'gone-%'"
        calls = database.execute(gone).fetchone()[0]
        told = database.execute(
            "SELECT count(DISTINCT json_extract(body, '$.id')) FROM events"
            " WHERE json_extract(body, '$.id') LIKE 'gone-%'"
        ).fetchone()[0]
        unanswered = database.execute("SELECT count(*) FROM nonces WHERE answer_sealed IS NULL").fetchone()[0]
    database.close()
    assert 0 < calls == told
    assert unanswered == 0
