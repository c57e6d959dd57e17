"""The `softphone` command: arguments in, calls into the rooms, nothing else."""

import asyncio
import os
from collections.abc import Callable
from datetime import datetime

import click

from softphone import __version__
from softphone.domain.errors import SoftphoneError
from softphone.sandbox.command import sandbox_command
from softphone.serve import opened, serve
from softphone.settings import SettingsError, read_settings
from softphone.store.audit import verify_audit
from softphone.store.key_checks import WrongMasterKey

Clock = Callable[[], datetime]

WRONG_KEY = "The database was written with another master key. Give the right one; nothing was changed."


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


main.add_command(sandbox_command)
