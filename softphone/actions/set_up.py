"""Make the first administrator, once (threat model, TM-A9)."""

import base64
import hashlib
import hmac
from dataclasses import dataclass

from softphone.actions.open_session import Opened, Visit, open_session
from softphone.actions.record_audit import actor_of, record_audit
from softphone.actions.sign_in import take_sign_in_turn
from softphone.actions.world import World
from softphone.domain.errors import NotAllowed, NotFound
from softphone.domain.ids import VolunteerId
from softphone.domain.secret import Secret
from softphone.domain.volunteer_rules import check_password, next_extension, read_login, read_name
from softphone.domain.volunteers import Availability, Dialling, Role, Volunteer
from softphone.store.database import Connection
from softphone.store.setup import close_setup, select_setup_code, update_setup_used, upsert_setup_code
from softphone.store.volunteers import insert_volunteer, select_active_admins, select_extensions

CODE_BYTES = 15
GROUP = 4


class WrongCode(NotAllowed):
    """The code is not the one on the console."""

    code = "wrong_code"
    message = "This is not the code that the server printed when it started."


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstAdmin:
    """Who wants to be the first administrator, as it came in."""

    code: Secret
    name: str
    login: str
    password: Secret


async def ensure_setup_code(world: World) -> str | None:
    """A one-time code for the console, while there is no administrator; None afterwards, for ever.

    A code made before is dead: only its hash was kept, so each start prints a new one.
    """
    text = base64.b32encode(world.chance(CODE_BYTES)).decode().lower()
    code = "-".join(text[at : at + GROUP] for at in range(0, len(text), GROUP))

    async def unit(connection: Connection) -> bool:
        now = world.clock()
        if await select_active_admins(connection):
            await close_setup(connection, now=now)
        return await upsert_setup_code(connection, _hash(code), now=now)

    return code if await world.database.write(unit) else None


async def setup_open(world: World) -> bool:
    """True while the first administrator is waited for."""
    return await world.database.read(select_setup_code) is not None


async def set_up(world: World, wanted: FirstAdmin, *, visit: Visit) -> Opened:
    """The first administrator, signed in; set-up is over with that.

    Raises: NotFound when it is over; WrongCode; InvalidInput; TooMany; Busy.
    """
    if not await setup_open(world):
        raise NotFound
    await take_sign_in_turn(world, None, network=visit.network)
    expected = await world.database.read(select_setup_code)
    if expected is None:
        raise NotFound
    if not hmac.compare_digest(_hash(wanted.code.reveal()), expected):
        raise WrongCode
    name, login = read_name(wanted.name), read_login(wanted.login)
    check_password(wanted.password.reveal(), role=Role.ADMIN, login=login, name=name)
    hashed = await world.passwords.hash(wanted.password)

    async def unit(connection: Connection) -> Opened:
        now = world.clock()
        if not await update_setup_used(connection, expected, now=now):
            raise NotFound
        admin = Volunteer(
            id=new_volunteer_id(world),
            login=login,
            name=name,
            role=Role.ADMIN,
            extension=next_extension(await select_extensions(connection)),
            languages=(),
            dialling=Dialling.COLLEAGUES,
            webrtc_enabled=True,
            active=True,
            has_password=True,
            availability=Availability.AWAY,
            availability_since=now,
            created_at=now,
        )
        await insert_volunteer(connection, admin, password_hash=hashed)
        await record_audit(connection, actor_of(admin), "setup.completed", subject=admin.id, now=now)
        return await open_session(connection, world, admin, visit=visit)

    return await world.database.write(unit)


def new_volunteer_id(world: World) -> VolunteerId:
    """A random id that tells nothing."""
    return VolunteerId(world.chance(8).hex())


def _hash(code: str) -> str:
    # Read off a screen: capitals, blanks and dashes do not matter.
    plain = "".join(c for c in code.lower() if c.isalnum())
    return hashlib.sha256(plain.encode("utf-8", "replace")).hexdigest()
