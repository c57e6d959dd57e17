"""A hotline under load: the first answer to fifty callers at once, and callbacks for a minute with nothing lost."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlencode

import httpx2
from quart import Quart

from softphone.__main__ import utc_now
from softphone.actions.world import World
from softphone.app import open_database
from softphone.domain.hotline import Strategy
from softphone.domain.volunteers import Availability, Role
from softphone.settings import Settings
from softphone.store.database import Connection, Row
from softphone.store.hotlines import insert_hotline, replace_members
from tests import people, telephony
from tests.bench.doors import post
from tests.bench.figures import Volley, percentiles, verdict
from tests.bench.stage import Service, crash, database_on, served, volley
from tests.hotlines import hotline

VOLUNTEERS, ON_DUTY, AT_ONCE, BURSTS = 500, 20, 50, 12
RATE, AIM_FIRST = 250, 0.100
KINDS = ("incoming", "answer", "connected", "hangup", "end")
"""What is told of one call, a second apart."""
INCOMING, STATUS = "/telephony/main/incoming", "/telephony/main/status"


@dataclass(slots=True)
class Plivo:
    """Signed requests, made beforehand. `sent` names what each is about: a kind, a call, and the nonce."""

    caller: telephony.Caller = field(default_factory=lambda: telephony.Caller(app=Quart("bench")))
    sent: list[tuple[str, str, str]] = field(default_factory=list)

    def request(self, kind: str, number: int) -> str:
        """The callback of this kind about the call with this number."""
        call, moment = f"bench-{number:08}", f"{utc_now():%Y-%m-%d %H:%M:%S}"
        sender = f"1415{2_000_000 + number:07}"
        path, fields = INCOMING, self.caller.incoming(sender, call=call, SessionStart=moment)
        if kind == "end":
            path, fields = STATUS, {"CallUUID": call, "CallStatus": "completed", "Event": "Hangup", "Duration": "3"}
        elif kind != "incoming":
            path = f"{INCOMING}/legs?step=1"
            leg = {"DialALegUUID": call, "DialBLegUUID": f"leg-{call}", "DialBLegTo": "sip:one@phone.plivo.com"}
            fields = {"CallUUID": call, "DialAction": kind, **leg}
        nonce = str(next(self.caller.nonces))
        self.sent.append((kind, call, nonce))
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Plivo-Signature-V3-Nonce": nonce,
            "X-Plivo-Signature-V3": self.caller.signature(path, fields, nonce),
        }
        return post(path, headers, urlencode(fields))


async def show_hotline(engines: Iterable[str], *, seconds: int) -> None:
    """Measure on each engine, and print."""
    for engine in engines:
        print(f"\nA hotline, {engine}: {VOLUNTEERS} volunteers, {ON_DUTY} of them on duty")
        with database_on(engine) as url:
            async with served(url, lambda world: _furnish(world, Strategy.EVERYONE)) as (_, service, _admin):
                took = await measure_first(service)
        p50, p99 = percentiles(took)
        print(f"  first XML, {AT_ONCE} calls at once: p50 {p50 * 1000:.1f} ms, p99 {p99 * 1000:.1f} ms of {len(took)}")
        held = p99 < AIM_FIRST and len(took) == AT_ONCE * BURSTS
        print(f"      aim: p99 below {AIM_FIRST * 1000:.0f} ms: {verdict(held)}", flush=True)
        with database_on(engine) as url:
            async with served(url, lambda world: _furnish(world, Strategy.LONGEST_IDLE)) as (settings, service, admin):
                await show_ledger(service, settings, admin, seconds=seconds)


async def measure_first(service: Service) -> list[float]:
    """Seconds of each first answer. Everybody hangs up between two bursts; the first burst only warms up."""
    plivo, took = Plivo(), list[float]()
    for burst in range(BURSTS + 1):
        calls = range(burst * AT_ONCE, (burst + 1) * AT_ONCE)
        asked = [plivo.request("incoming", number) for number in calls]
        answered = await volley(service, asked, expected="<Speak", rate=None, connections=AT_ONCE)
        await volley(service, [plivo.request("end", n) for n in calls], expected="", rate=None, connections=8)
        took += answered.took if burst else []
    return took


async def show_ledger(service: Service, settings: Settings, admin: dict[str, str], *, seconds: int) -> None:
    """Callbacks at the rate; then the process is killed, and what it acknowledged is looked for."""
    plivo = Plivo()
    requests = [plivo.request(kind, number) for kind, number in in_turn(RATE // len(KINDS), seconds)]
    went = await volley(service, requests, expected="", rate=RATE)
    acknowledged = [plivo.sent[number] for number in went.acknowledged]
    begun = sum(kind == "incoming" for kind, _, _ in acknowledged)
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{service.port}", headers=admin, timeout=60) as page:
        exported = len((await page.get("/api/admin/hotline-calls.csv")).text.splitlines()) - 1
    crash(service)
    missing = await missing_of(settings, acknowledged)
    _print_ledger(went, begun=begun, exported=exported, missing=missing)


def in_turn(calls: int, seconds: int) -> Iterable[tuple[str, int]]:
    """Each second so many calls begin, and all that are under way are told of once."""
    for second in range(seconds):
        for one in range(calls):
            for age, kind in enumerate(KINDS):
                if second >= age:
                    yield kind, (second - age) * calls + one


async def missing_of(settings: Settings, acknowledged: Sequence[tuple[str, str, str]]) -> int:
    """How many of these are not in the database: the call, its leg, its end, or the nonce with its answer."""

    async def look(db: Connection) -> list[Sequence[Row]]:
        return [
            await db.fetch_all("SELECT call_uuid FROM hotline_calls"),
            await db.fetch_all("SELECT call_uuid FROM hotline_legs WHERE answered_at IS NOT NULL"),
            await db.fetch_all("SELECT call_uuid FROM hotline_calls WHERE ended_at IS NOT NULL"),
            await db.fetch_all("SELECT nonce FROM nonces WHERE answer_sealed IS NOT NULL"),
        ]

    database = await open_database(settings)
    try:
        begun, legs, ended, nonces = [{row[0] for row in rows} for rows in await database.read(look)]
    finally:
        await database.close()
    kept = {"incoming": begun, "answer": legs, "connected": legs, "hangup": ended, "end": ended}
    return sum(call not in kept[kind] or nonce not in nonces for kind, call, nonce in acknowledged)


def _print_ledger(went: Volley, *, begun: int, exported: int, missing: int) -> None:
    p50, p99 = percentiles(went.took)
    print(
        f"  {went.sent} signed callbacks of calls at {RATE}/s: {went.per_second:.1f} done/s, {went.errors} errors,"
        f" p50 {p50 * 1000:.1f} ms, p99 {p99 * 1000:.1f} ms"
    )
    for refused in went.refused:
        print(f"      instead of an answer: {refused}")
    print(
        f"      ledger after a kill -9: {len(went.acknowledged)} acknowledged, {missing} missing;"
        f" {begun} calls begun, {exported} in the export"
    )
    held = not went.errors and not missing and begun == exported
    print(f"      aim: {RATE}/s with nothing lost: {verdict(held)}", flush=True)


def _at(number: int) -> Availability:
    return Availability.ON_DUTY if number < ON_DUTY else Availability.AWAY


async def _furnish(world: World, strategy: Strategy) -> dict[str, str]:
    """The volunteers and the hotline; an administrator's headers."""
    now, database = world.clock(), world.database
    team = [people.volunteer(f"h{n}", extension=str(10_000 + n), availability=_at(n)) for n in range(VOLUNTEERS)]
    boss = people.volunteer("boss", role=Role.ADMIN)
    line = hotline(strategy=strategy, ring_at_once=1, wrap_up=timedelta(), created_at=now, updated_at=now)

    async def unit(db: Connection) -> None:
        until = now + timedelta(hours=12)
        await telephony.set_up(db, [boss, *team], keyring=world.keyring, until=until, to=telephony.connection())
        await insert_hotline(db, line)
        await replace_members(db, line.id, [one.id for one in team], now=now)

    await database.write(unit)
    return {"Cookie": f"sp={await people.open_session(database, boss, now=now)}"}
