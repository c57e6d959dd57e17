"""`softphone sandbox`: a pretend Plivo on this machine."""

import json
from collections.abc import Mapping
from datetime import timedelta

import click

from softphone.sandbox.accounts import DEFAULT_NUMBERS
from softphone.sandbox.options import DEFAULT_AUTH_ID, DEFAULT_AUTH_TOKEN, SandboxOptions
from softphone.sandbox.phone_socket import digits_of
from softphone.sandbox.server import serve


def _numbers(_context: click.Context, _parameter: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...]:
    numbers = tuple(digits_of(one) or "" for one in given)
    if not all(numbers):
        raise click.BadParameter("a number has 3 to 15 digits")
    return numbers


@click.command("sandbox")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8100, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free port.")
@click.option(
    "--sip-port",
    default=0,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="UDP and TCP port for softphones and desk phones; 0 takes a free one.",
)
@click.option("--auth-id", default=DEFAULT_AUTH_ID, show_default=True, help="The Auth ID of the pretend account.")
@click.option("--auth-token", default=DEFAULT_AUTH_TOKEN, show_default=True, help="Its Auth Token.")
@click.option(
    "--number",
    "numbers",
    multiple=True,
    default=DEFAULT_NUMBERS,
    show_default=True,
    callback=_numbers,
    help="A number the account rents; may be given more than once.",
)
@click.option("--refuse-local-tokens", is_flag=True, help="Accept only tokens minted here, as Plivo's pages say.")
@click.option("--minted-life", type=click.IntRange(1, 86_400), help="The longest life of minted tokens, in seconds.")
@click.option(
    "--from-shape",
    type=click.Choice(["full", "bare"]),
    default="full",
    show_default=True,
    help="How From names a browser with a token: its whole address, or without the Auth ID.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the addresses as one line of JSON.")
def sandbox_command(
    *,
    host: str,
    port: int,
    sip_port: int,
    auth_id: str,
    auth_token: str,
    numbers: tuple[str, ...],
    refuse_local_tokens: bool,
    minted_life: int | None,
    from_shape: str,
    as_json: bool,
) -> None:
    """Run a pretend Plivo: REST, signalling, an outside phone, and a log of every call."""
    options = SandboxOptions(
        host=host,
        port=port,
        sip_port=sip_port,
        auth_id=auth_id,
        auth_token=auth_token,
        numbers=numbers,
        refuse_local_tokens=refuse_local_tokens,
        minted_life=None if minted_life is None else timedelta(seconds=minted_life),
        from_shape=from_shape,
    )
    serve(options, _print_json if as_json else _print)


def _print_json(addresses: Mapping[str, object]) -> None:
    click.echo(json.dumps(addresses))


def _print(addresses: Mapping[str, object]) -> None:
    click.echo(f"The sandbox listens on {addresses['url']}.")
    click.echo(f"  Any phone in the world   {addresses['phone']}")
    click.echo(f"  What calls did           {addresses['log']}")
    click.echo(f"  Signalling               {addresses['signalling']}")
    click.echo(f"  Softphones, UDP and TCP  {addresses['sip']}")
    click.echo(f"  Auth ID                  {addresses['auth_id']}")
