"""Look at a connection's Plivo account, repair what we may, and say the rest in words (`rest.md` 18)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from softphone.actions.ensure_application import EnsuredApplication, credentials_of, ensure_application
from softphone.actions.world import World
from softphone.domain.connection_rules import is_sub_account
from softphone.domain.connections import Connection
from softphone.domain.errors import NotFound
from softphone.domain.ids import ConnectionId
from softphone.plivo.records import Account, RentedNumber
from softphone.settings import Settings
from softphone.store.audit import Actor
from softphone.store.connections import select_connection


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that stands between the connection and a working phone; `message` says what to do."""

    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What was found, and what is left to do."""

    account: Account
    ensured: EnsuredApplication
    numbers: Sequence[RentedNumber]
    problems: Sequence[Problem]


async def prepare_connection(world: World, actor: Actor, connection_id: ConnectionId) -> Prepared:
    """Read the account and its numbers, create or adopt our application, and name the problems.

    Raises: NotFound; PlivoFailure if Plivo refuses the credentials or cannot be reached.
    """
    connection = await world.database.read(lambda db: select_connection(db, connection_id, keyring=world.keyring))
    if connection is None:
        raise NotFound
    credentials = credentials_of(connection)
    account = await world.plivo.get_account(credentials)
    numbers = await world.plivo.list_numbers(credentials)
    ensured = await ensure_application(world, actor, connection)
    problems = [
        *account_problems(account),
        *number_problems(connection, numbers),
        *application_problems(ensured),
        *address_problems(world.settings),
    ]
    return Prepared(account=account, ensured=ensured, numbers=numbers, problems=problems)


def account_problems(account: Account) -> list[Problem]:
    """What is wrong with the account (`rest.md` 18.3)."""
    problems = []
    if account.account_type == "developer":
        problems.append(
            Problem(
                "account_trial", "This is a trial account: Plivo lets it call only numbers verified in the console."
            )
        )
    if account.billing_mode != "postpaid" and _is_spent(account.cash_credits):
        problems.append(Problem("account_no_credit", "The account has no credit left. Recharge it in the console."))
    return problems


def number_problems(connection: Connection, rented: Sequence[RentedNumber]) -> list[Problem]:
    """What is wrong with the connection's numbers (`rest.md` 18.4). Numbers are named by their last four digits."""
    problems = []
    if not connection.numbers:
        problems.append(Problem("number_none", "No number is entered. Without one, nobody outside can be called."))
    if is_sub_account(connection.auth_id) and not rented:
        message = "The sub-account has no numbers. Give it one in the console of the main account."
        problems.append(Problem("sub_account_without_numbers", message))
    by_number = {one.number: one for one in rented}
    for number in connection.numbers:
        found, name = by_number.get(number), f"…{number[-4:]}"
        if found is None:
            problems.append(Problem("number_missing", f"The account does not have the number {name}."))
        elif found.voice_enabled is False:
            problems.append(Problem("number_no_voice", f"The number {name} cannot make calls, only messages."))
        elif found.active is False:
            problems.append(Problem("number_inactive", f"Plivo lists the number {name} as inactive."))
    return problems


def application_problems(ensured: EnsuredApplication) -> list[Problem]:
    """What is wrong with our application (`rest.md` 18.5)."""
    problems = []
    if ensured.application.enabled is False:
        problems.append(Problem("app_disabled", "The application is switched off at Plivo. Switch it on there."))
    if not ensured.settled:
        message = "Plivo did not take our answer URL and hangup URL. Enter both by hand in the console."
        problems.append(Problem("app_urls", message))
    return problems


def address_problems(settings: Settings) -> list[Problem]:
    """What is wrong with the address that Plivo is to ask."""
    if settings.public_url.startswith("https://"):
        return []
    message = "The public URL is on this machine: Plivo's sandbox can reach it, the real Plivo cannot."
    return [Problem("public_url_local", message)]


def _is_spent(credits: str) -> bool:
    try:
        return Decimal(credits) <= 0
    except InvalidOperation:
        return False
