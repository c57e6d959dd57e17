"""Volunteers' own telephones. The number is sealed; all that is shown of it is its masked tail."""

from softphone.domain.hotline import PrivatePhone
from softphone.domain.ids import HotlineId, VolunteerId
from softphone.store.database import Connection, Row, from_micros, to_micros
from softphone.store.sealing import Keyring, Place

_SELECT = (
    "SELECT p.volunteer_id, p.number_sealed, p.masked, p.enabled, p.in_fallback, p.updated_at, p.send_digits"
    " FROM private_phones p"
)


async def select_private_phone(db: Connection, volunteer: VolunteerId, *, keyring: Keyring) -> PrivatePhone | None:
    """A volunteer's own telephone."""
    row = await db.fetch_one(f"{_SELECT} WHERE p.volunteer_id = $1", volunteer)
    return _read(row, keyring=keyring) if row else None


async def select_fallback_phones(db: Connection, hotline_id: HotlineId, *, keyring: Keyring) -> list[PrivatePhone]:
    """The own telephones of a hotline's active members that are allowed in the fallback document, by name."""
    rows = await db.fetch_all(
        f"{_SELECT} JOIN hotline_members m ON m.volunteer_id = p.volunteer_id"
        " JOIN volunteers v ON v.id = p.volunteer_id"
        " WHERE m.hotline_id = $1 AND p.enabled AND p.in_fallback AND v.active ORDER BY v.name, v.id",
        hotline_id,
    )
    return [_read(row, keyring=keyring) for row in rows]


async def upsert_private_phone(db: Connection, phone: PrivatePhone, *, keyring: Keyring) -> None:
    """Write a volunteer's own telephone."""
    await db.execute(
        "INSERT INTO private_phones (volunteer_id, number_sealed, masked, enabled, in_fallback, updated_at,"
        " send_digits) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (volunteer_id) DO UPDATE"
        " SET number_sealed = $2, masked = $3, enabled = $4, in_fallback = $5, updated_at = $6, send_digits = $7",
        phone.volunteer_id,
        keyring.seal(phone.number, place_of(phone.volunteer_id)),
        phone.masked,
        phone.enabled,
        phone.in_fallback,
        to_micros(phone.updated_at),
        phone.send_digits,
    )


async def delete_private_phone(db: Connection, volunteer: VolunteerId) -> bool:
    """Forget a volunteer's own telephone; whether there was one."""
    return await db.execute("DELETE FROM private_phones WHERE volunteer_id = $1", volunteer) == 1


def place_of(volunteer: VolunteerId) -> Place:
    """Where the sealed number lives."""
    return Place("private_phones", "number", volunteer)


def _read(row: Row, *, keyring: Keyring) -> PrivatePhone:
    volunteer = VolunteerId(str(row[0]))
    return PrivatePhone(
        volunteer_id=volunteer,
        number=keyring.open(str(row[1]), place_of(volunteer)),
        masked=str(row[2]),
        enabled=bool(row[3]),
        in_fallback=bool(row[4]),
        updated_at=from_micros(int(str(row[5]))),
        send_digits=str(row[6]) if row[6] is not None else None,
    )
