"""The `softphone` command: arguments in, calls into the rooms, nothing else."""

import asyncio
import json
import os
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import click

from softphone import __version__
from softphone.actions.issue_token import issue_token_to
from softphone.demo import DemoFailed, DemoOptions, run_demo
from softphone.domain.errors import SoftphoneError
from softphone.hotline_commands import fallback_xml, who_rings
from softphone.sandbox.command import sandbox_command
from softphone.serve import opened, serve
from softphone.settings import SettingsError, read_settings
from softphone.store.audit import verify_audit
from softphone.store.key_checks import WrongMasterKey
from softphone.store.sqlite import NoWriteAheadLog

Clock = Callable[[], datetime]

WRONG_KEY = "The database was written with another master key. Give the right one; nothing was changed."
NO_LOG = (
    "The database must be a file that can be written, on a disk of this machine: where it is, SQLite cannot keep its "
    "write-ahead log."
)


class Commands(click.Group):
    """The commands, with expected failures said in one sentence."""

    def invoke(self, ctx: click.Context) -> object:
        """Run one command."""
        try:
            return super().invoke(ctx)
        except SettingsError as error:
            raise click.ClickException(str(error)) from None
        except WrongMasterKey:
            raise click.ClickException(WRONG_KEY) from None
        except NoWriteAheadLog:
            raise click.ClickException(NO_LOG) from None
        except SoftphoneError as error:
            raise click.ClickException(error.message) from None
        except OSError as error:
            raise click.ClickException(error.strerror or "The address or a file cannot be used.") from None


@click.group(cls=Commands)
@click.version_option(__version__)
def main() -> None:
    """The phone that hotline volunteers answer in a browser."""


@main.command("serve")
@click.pass_obj
def serve_command(clock: Clock) -> None:
    """Run the service. Settings come from the environment."""
    serve(read_settings(os.environ), clock=clock)


@main.group()
def audit() -> None:
    """The audit log."""


@audit.command("verify")
@click.pass_obj
def verify(clock: Clock) -> None:
    """Check that no row of the audit log was altered or is missing."""

    async def run() -> tuple[int, int | None]:
        async with opened(read_settings(os.environ), clock=clock) as world:
            return await world.database.read(verify_audit)

    rows, broken = asyncio.run(run())
    if broken is not None:
        raise click.ClickException(f"The audit log is broken at row {broken}: it was altered, or rows are missing.")
    click.echo(f"The audit log is whole: {rows} rows.")


@main.command()
@click.argument("login")
@click.pass_obj
def token(clock: Clock, login: str) -> None:
    """Print an access token for a volunteer's browser endpoint, for debugging. Whoever has it can call at your cost."""

    async def run() -> str:
        async with opened(read_settings(os.environ), clock=clock) as world:
            return (await issue_token_to(world, login)).secret.reveal()

    click.echo(asyncio.run(run()))


@main.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0 takes any free one.")
@click.option("--sandbox-port", default=8100, show_default=True, type=click.IntRange(0, 65535), help="The sandbox.")
@click.option("--data", type=click.Path(path_type=Path), help="An empty folder to keep the database in.")
@click.option("--database", help="A PostgreSQL URL of an empty database, instead of a file in the folder.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 16), help="Processes; with PostgreSQL.")
@click.option("--refuse-local-tokens", is_flag=True, help="Have the sandbox take only tokens that it minted itself.")
@click.option("--minted-life", type=click.IntRange(1, 86_400), help="The longest life of minted tokens, in seconds.")
@click.option("--json", "as_json", is_flag=True, help="Print the addresses and links as one line of JSON.")
@click.pass_obj
def demo(
    clock: Clock,
    *,
    port: int,
    sandbox_port: int,
    data: Path | None,
    database: str | None,
    workers: int,
    refuse_local_tokens: bool,
    minted_life: int | None,
    as_json: bool,
) -> None:
    """Run the service and the sandbox together, with a few people to play with."""
    extra = ("--refuse-local-tokens",) * refuse_local_tokens
    if minted_life is not None:
        extra = (*extra, "--minted-life", str(minted_life))
    with tempfile.TemporaryDirectory(prefix="softphone-") as fresh:
        options = DemoOptions(
            port=port,
            sandbox_port=sandbox_port,
            folder=data or Path(fresh),
            database_url=database,
            workers=workers,
            sandbox_arguments=extra,
        )
        try:
            asyncio.run(run_demo(options, clock=clock, tell=_print_json if as_json else _print_demo))
        except DemoFailed as failed:
            raise click.ClickException(str(failed)) from None


def _print_json(told: dict[str, object]) -> None:
    click.echo(json.dumps(told))


def _print_demo(told: dict[str, object]) -> None:
    click.echo(f"\n  The softphone         {told['service']}")
    click.echo(f"  Any phone anywhere    {told['phone']}")
    click.echo(f"  Calls, as ladders     {told['log']}\n")
    click.echo("  Sign in with these links; each works once and lets you choose a password:\n")
    people = told["people"]
    for person in people if isinstance(people, list) else []:
        click.echo(f"    {person['name']:<8} {person['role']:<10} extension {person['extension']}   {person['link']}")
    click.echo("\n  Open two of them in two browsers, press “Go on duty” in both, and call one from the other.")
    click.echo("  Ctrl-C ends it.\n")


main.add_command(sandbox_command)
main.add_command(who_rings)
main.add_command(fallback_xml)
