"""A volunteer's own telephone: it rings only because they asked for it, and only where calls may go."""

from softphone.actions.record_audit import actor_of, record_audit
from softphone.actions.world import World
from softphone.domain.call_views import masked
from softphone.domain.errors import Conflict, InvalidInput
from softphone.domain.hotline import PrivatePhone
from softphone.domain.ids import PhoneNumber
from softphone.domain.numbers import ReadNumber, read_dialled
from softphone.domain.secret import Secret
from softphone.domain.sip_phones import read_send_digits
from softphone.domain.volunteers import Volunteer
from softphone.store.connections import select_default_connection
from softphone.store.database import Connection as Db
from softphone.store.private_phones import delete_private_phone, select_private_phone, upsert_private_phone


async def set_private_phone(
    world: World,
    volunteer: Volunteer,
    *,
    number: str | None,
    enabled: bool,
    in_fallback: bool,
    send_digits: str | None = None,
) -> PrivatePhone:
    """Ask for a telephone of one's own to ring. Without a number or keys those that are there are kept; "" are none.

    Raises: InvalidInput for a number that calls may not go to (threat model, TM-F1); Conflict without a connection.
    """
    keys = read_send_digits(send_digits)

    async def unit(db: Db) -> PrivatePhone:
        before = await select_private_phone(db, volunteer.id, keyring=world.keyring)
        if number is not None:
            told = await _read(world, db, number)
            kept, shown = Secret(str(told)), masked(told)
        elif before is not None:
            kept, shown = before.number, before.masked
        else:
            raise InvalidInput("Which telephone is it? Write its number with the country code.", field="number")
        phone = PrivatePhone(
            volunteer_id=volunteer.id,
            number=kept,
            masked=shown,
            enabled=enabled,
            in_fallback=enabled and in_fallback,
            updated_at=world.clock(),
            send_digits=keys if send_digits is not None or before is None else before.send_digits,
        )
        await upsert_private_phone(db, phone, keyring=world.keyring)
        detail: dict[str, object] = {"name": volunteer.name, "enabled": enabled, "in_fallback": phone.in_fallback}
        await record_audit(
            db, actor_of(volunteer), "private_phone.set", subject=volunteer.id, now=world.clock(), detail=detail
        )
        return phone

    return await world.database.write(unit)


async def forget_private_phone(world: World, volunteer: Volunteer) -> None:
    """Forget it. Twice is the same as once."""

    async def unit(db: Db) -> None:
        if await delete_private_phone(db, volunteer.id):
            detail = {"name": volunteer.name}
            await record_audit(
                db, actor_of(volunteer), "private_phone.removed", subject=volunteer.id, now=world.clock(), detail=detail
            )

    await world.database.write(unit)


async def _read(world: World, db: Db, number: str) -> PhoneNumber:
    connection = await select_default_connection(db, keyring=world.keyring)
    if connection is None:
        raise Conflict(code="no_connection", message="No phone connection is set up yet. Ask an administrator.")
    read = read_dialled(number, country=connection.country, auth_id=connection.auth_id)
    if not isinstance(read, ReadNumber):
        message = "Write the number of an ordinary telephone with its country code, such as +1 415 555 0100."
        raise InvalidInput(message, field="number")
    if read.country not in connection.allowed_countries:
        raise InvalidInput("Calls to this country are not allowed. Ask an administrator.", field="number")
    if read.number in connection.numbers:
        raise InvalidInput("This is one of the hotline's own numbers.", field="number")
    return read.number
