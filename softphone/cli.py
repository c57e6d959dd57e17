"""The `softphone` command: argument parsing and calls into the rooms, nothing else."""

import asyncio
import json
import os
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import click

from softphone.demo import DemoFailed, DemoOptions, run_demo
from softphone.sandbox.command import sandbox_command
from softphone.serve import ServeRefused, run_service
from softphone.settings import Settings, SettingsError, read_settings

Edges = tuple[Callable[[], datetime], Callable[[int], bytes]]
"""The machine's clock and chance, as `__main__` hands them in."""


@click.group()
def main() -> None:
    """The phone that hotline volunteers answer in a browser."""


main.add_command(sandbox_command)


@main.command()
@click.pass_obj
def serve(edges: Edges) -> None:
    """Serve the page, its doors and Plivo's callbacks. All settings come from the environment."""
    clock, chance = edges
    try:
        run_service(_settings(), clock=clock, chance=chance)
    except ServeRefused as refused:
        raise click.ClickException(str(refused)) from refused


@main.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0 takes any free one.")
@click.option("--sandbox-port", default=8100, show_default=True, type=click.IntRange(0, 65535), help="The sandbox.")
@click.option("--data", type=click.Path(path_type=Path), help="An empty folder to keep the database in.")
@click.option("--refuse-local-tokens", is_flag=True, help="Have the sandbox take only tokens that it minted itself.")
@click.option("--minted-life", type=click.IntRange(1, 86_400), help="The longest life of minted tokens, in seconds.")
@click.option("--json", "as_json", is_flag=True, help="Print the addresses and links as one line of JSON.")
@click.pass_obj
def demo(
    edges: Edges,
    *,
    port: int,
    sandbox_port: int,
    data: Path | None,
    refuse_local_tokens: bool,
    minted_life: int | None,
    as_json: bool,
) -> None:
    """Run the service and the sandbox together, with a few people to play with."""
    clock, chance = edges
    extra = ("--refuse-local-tokens",) * refuse_local_tokens
    if minted_life is not None:
        extra = (*extra, "--minted-life", str(minted_life))
    with tempfile.TemporaryDirectory(prefix="softphone-") as fresh:
        options = DemoOptions(port=port, sandbox_port=sandbox_port, folder=data or Path(fresh), sandbox_arguments=extra)
        try:
            asyncio.run(run_demo(options, clock=clock, chance=chance, tell=_print_json if as_json else _print_demo))
        except DemoFailed as failed:
            raise click.ClickException(str(failed)) from failed


def _settings() -> Settings:
    try:
        return read_settings(os.environ)
    except SettingsError as error:
        raise click.ClickException(str(error)) from error


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
