"""`python -m tests.bench [--requests N]`: how fast the product answers, as ratios to a bare route in the same run.

The three kinds of request take turns on connections that stay open, so that whatever else the machine does falls on
all of them alike. The absolute numbers say something about this machine; the ratios about the product.
"""

import argparse
import asyncio
import gzip
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode

import httpx2

from softphone.__main__ import utc_now
from softphone.domain.volunteers import Volunteer
from tests.bench.stage import TOKENS_EACH, Stage, stage
from tests.telephony import Caller

STATIC = Path(__file__).resolve().parents[2] / "softphone" / "static"
PATH = "/telephony/main/outgoing"
WARM_UP = 5


async def measure(requests: int) -> None:
    """Start everything, ask in turns, print."""
    with tempfile.TemporaryDirectory(prefix="softphone-bench-") as folder:
        async with stage(Path(folder), requests=requests) as running, httpx2.AsyncClient(timeout=60) as client:
            first = [await ask_token(client, running, page) for page in running.pages]
            for _ in range(WARM_UP):
                await timed(client, running.bare, headers={}, content=b"")
            bare, tokens, dials, refused = [], [], [], 0
            for number, (caller, callee) in enumerate(running.pairs):
                bare.append(await ask_nothing(client, running))
                # The first token of each volunteer is measured apart: it makes their endpoint at Plivo.
                if number < len(running.pages) * (TOKENS_EACH - 1):
                    tokens.append(await ask_token(client, running, running.pages[number % len(running.pages)]))
                took, rings = await dial(client, running, caller, callee)
                dials.append(took)
                refused += not rings
    show("bare route", bare, bare)
    show("token, signed here", tokens, bare)
    show("first token, endpoint made", first, bare)
    show("direct-dial answer", dials, bare)
    if refused:
        print(f"  {refused} of {len(dials)} dials were refused: their times are of the refusal")


async def ask_nothing(client: httpx2.AsyncClient, running: Stage) -> float:
    """Seconds of the bare route."""
    return (await timed(client, running.bare, headers={}, content=b"{}"))[0]


async def ask_token(client: httpx2.AsyncClient, running: Stage, page: dict[str, str]) -> float:
    """Seconds until a page has its token."""
    took, _ = await timed(client, f"{running.service}/api/webrtc-token", headers=page, content=b"{}")
    return took


async def dial(client: httpx2.AsyncClient, running: Stage, caller: Volunteer, callee: Volunteer) -> tuple[float, bool]:
    """Seconds until Plivo has its XML, and whether that rings somebody."""
    headers, content = signed(running.caller, caller, callee.extension, now=utc_now())
    took, body = await timed(client, running.service + PATH, headers=headers, content=content)
    return took, b"<User>" in body or b"<User " in body


def signed(plivo: Caller, caller: Volunteer, to: str, *, now: datetime) -> tuple[dict[str, str], bytes]:
    """Headers and body of a callback: another call and another nonce each time."""
    nonce = str(next(plivo.nonces))
    fields = plivo.outgoing(caller, to, call=f"call-{nonce}", SessionStart=f"{now:%Y-%m-%d %H:%M:%S}")
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Plivo-Signature-V3-Nonce": nonce,
        "X-Plivo-Signature-V3": plivo.signature(PATH, fields, nonce),
    }
    return headers, urlencode(fields).encode()


async def timed(
    client: httpx2.AsyncClient, url: str, *, headers: dict[str, str], content: bytes
) -> tuple[float, bytes]:
    """Seconds of a POST that must succeed, and what came back."""
    began = time.perf_counter()
    response = await client.post(url, headers=headers, content=content)
    took = time.perf_counter() - began
    response.raise_for_status()
    return took, response.content


def show(name: str, seconds: Sequence[float], bare: Sequence[float]) -> None:
    """One line: p50 and p99, and both as multiples of the bare route's."""
    (p50, p99), (bare50, bare99) = percentiles(seconds), percentiles(bare)
    print(
        f"  {name:<28} n={len(seconds):<5} p50 {p50 * 1000:8.2f} ms  p99 {p99 * 1000:8.2f} ms"
        f"   x{p50 / bare50:5.1f} / x{p99 / bare99:5.1f}"
    )


def percentiles(seconds: Sequence[float]) -> tuple[float, float]:
    """The median, and what one in a hundred exceeds."""
    if len(seconds) == 1:
        return seconds[0], seconds[0]
    cuts = statistics.quantiles(seconds, n=100, method="inclusive")
    return cuts[49], cuts[98]


def show_page() -> None:
    """What a browser fetches, compressed: our own code, and Plivo's SDK."""
    files = [path for path in STATIC.rglob("*") if path.suffix in {".js", ".css", ".html"}]
    if not files:
        print("  The page is not built: make page")
        return
    sizes = {path.name: len(gzip.compress(path.read_bytes(), 9, mtime=0)) for path in files}
    sdk = sum(size for name, size in sizes.items() if name.startswith("plivo"))
    print(f"  page, gzip: own code {sum(sizes.values()) - sdk:,} bytes, Plivo's SDK {sdk:,} bytes")
    for name, size in sorted(sizes.items(), key=lambda one: -one[1]):
        print(f"    {size:>9,}  {name}")


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--requests", type=int, default=200, help="of each kind")
    requests = max(1, parser.parse_args().requests)
    print(f"Python {sys.version.split()[0]}, {requests} requests of each kind; times as p50 / p99, x = bare route")
    asyncio.run(measure(requests))
    show_page()


if __name__ == "__main__":
    main()
