"""The commands about hotlines."""

import asyncio
import os
from collections.abc import Callable
from datetime import datetime

import click

from softphone.actions.explain_ringing import Explained, explain_ringing
from softphone.actions.write_fallback import write_fallback
from softphone.domain.ids import HotlineId
from softphone.domain.routing import Decision, Pause, RingRound, SayAlternatives, TakeMessage
from softphone.domain.standing import WORDS
from softphone.domain.times import iso
from softphone.serve import opened
from softphone.settings import read_settings
from softphone.store.audit import Actor

Clock = Callable[[], datetime]
CONSOLE = Actor(id=None, name="console")


@click.command("who-rings")
@click.argument("hotline")
@click.option("--language", help="The language that the caller chooses: a code such as es.")
@click.option("--at", "at_text", metavar="TIME", help="A moment with its zone, such as 2026-12-24T22:00:00+01:00.")
@click.pass_obj
def who_rings(clock: Clock, *, hotline: str, language: str | None, at_text: str | None) -> None:
    """Say who would ring for a caller of HOTLINE, and why not the others."""
    at = _moment(at_text)

    async def run() -> Explained:
        async with opened(read_settings(os.environ), clock=clock) as world:
            return await explain_ringing(world, HotlineId(hotline), language=language, at=at)

    explained = asyncio.run(run())
    click.echo(
        f"{explained.hotline.name}, {explained.language}, {iso(explained.at)}: {_said(explained.routed.decision)}"
    )
    for one in explained.routed.standings:
        phones = f" ({', '.join(phone.value for phone in one.phones)})" if one.phones else ""
        click.echo(f"  {one.name}: {WORDS[one.why]}{phones}")


@click.command("fallback-xml")
@click.argument("hotline")
@click.option("--confirm-url", help="Where the second part is published, so that no mailbox takes a call.")
@click.option("--confirm-part", is_flag=True, help="Write that second part instead.")
@click.pass_obj
def fallback_xml(clock: Clock, *, hotline: str, confirm_url: str | None, confirm_part: bool) -> None:
    """Write the document for Plivo's fallback_answer_url. It names the telephones that are allowed in it."""
    if confirm_url is not None and not confirm_url.startswith("https://"):
        raise click.BadParameter("The second part is published at an https address.")

    async def run() -> bytes:
        async with opened(read_settings(os.environ), clock=clock) as world:
            return await write_fallback(
                world, CONSOLE, HotlineId(hotline), confirm_url=confirm_url, confirm_part=confirm_part
            )

    click.echo(asyncio.run(run()).decode())


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise click.BadParameter("Write a time with its zone, such as 2026-12-24T22:00:00+01:00.")
    return moment


def _said(decision: Decision) -> str:
    match decision:
        case RingRound():
            return f"for {int(decision.ring_for.total_seconds())} s this rings: {len(decision.callees)} at once."
        case Pause():
            return "the caller is held until somebody is free."
        case TakeMessage():
            return "the caller leaves a message."
        case SayAlternatives():
            return "the caller hears the alternatives."
