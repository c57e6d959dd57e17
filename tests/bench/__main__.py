"""`python -m tests.bench`: how fast the product answers, beside a bare route in the same run.

The absolute numbers say something about this machine; the ratios about the product. Every service runs as in
production, in a process of its own, and the load comes from another; all of it stays on loopback.
"""

import argparse
import asyncio
import os
import sys

from tests import postgres
from tests.bench.doors import measure_answers, measure_bare, measure_tokens
from tests.bench.figures import HEAD, line, percentiles, verdict
from tests.bench.hotline import show_hotline
from tests.bench.ledger import missing_calls
from tests.bench.page import show_page
from tests.bench.stage import Scale, bare_service, crash, database_on, stage
from tests.browser.chromium import find

PARTS = ("doors", "hotline", "page")
AIM_RATE, AIM_P99 = 250.0, 0.050


async def show_doors(scale: Scale, engines: list[str]) -> None:
    """The service's doors, on each engine."""
    print(f"\n{scale.steady} requests of each kind at {scale.rate:.0f}/s (open loop), then {scale.flat_out} flat out")
    print(HEAD)
    async with bare_service() as service:
        bare = await measure_bare(service, scale)
    print(line(bare, bare, rate=scale.rate), flush=True)
    for engine in engines:
        with database_on(engine) as url:
            async with stage(url, scale) as running:
                tokens = await measure_tokens(running)
                answers, acknowledged = await measure_answers(running)
                crash(running.service)
                missing = await missing_calls(running.settings, acknowledged)
        print(f"  {engine}")
        for measured in (tokens, answers):
            print(line(measured, bare, rate=scale.rate), flush=True)
            for refused in {*measured.steady.refused, *measured.flat_out.refused}:
                print(f"      instead of an answer: {refused}")
        print(
            f"      ledger after a kill -9: {len(acknowledged)} calls acknowledged, {missing} not whole in the database"
        )
        p99 = percentiles(answers.steady.took)[1]
        held = scale.rate >= AIM_RATE and not answers.steady.errors and not missing and p99 < AIM_P99
        print(
            f"      aim: {AIM_RATE:.0f}/s verified and durably recorded, p99 below 50 ms: {verdict(held)}", flush=True
        )


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--only", choices=PARTS, help="one part instead of all")
    parser.add_argument("--engine", choices=("sqlite", "postgresql"), help="one engine instead of all that are here")
    parser.add_argument("--rate", type=float, default=AIM_RATE, help="requests per second")
    parser.add_argument("--seconds", type=float, default=8.0, help="for how long at that rate")
    parser.add_argument("--flat-out", type=int, default=1000, help="requests as fast as they are answered")
    parser.add_argument(
        "--hotline-seconds", type=int, default=15, help="how long a hotline's callbacks come in; 60 for the whole aim"
    )
    given = parser.parse_args()
    engines = [given.engine] if given.engine else ["sqlite", *(["postgresql"] if postgres.programs() else [])]
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} processors")
    if given.only in {None, "doors"}:
        asyncio.run(show_doors(Scale(rate=given.rate, seconds=given.seconds, flat_out=given.flat_out), engines))
    if given.only in {None, "hotline"}:
        asyncio.run(show_hotline(engines, seconds=given.hotline_seconds))
    if given.only in {None, "page"}:
        if find() is None:
            print("\nThe page: no Chromium here (make browser)")
        else:
            asyncio.run(show_page())


if __name__ == "__main__":
    main()
