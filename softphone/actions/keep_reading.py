"""Keep what was read of a SIP phone as registrations, and tell its owner what they should know."""

from datetime import datetime

from softphone.actions.tell_sip_phone import tell_sip_phone
from softphone.actions.world import World
from softphone.domain.ids import EndpointId, RegistrationId
from softphone.domain.registration import Begin, Continue, End, EndReason, Ignore, Registration, begun, ended
from softphone.domain.sip_phones import SipPhone, is_refused_program
from softphone.domain.sip_readings import Reading, Registered, combine_reading, report_of, sip_device_label
from softphone.domain.sip_words import DISPLACED, NOT_REGISTERED_YET, REFUSED_PROGRAM, has_not_registered
from softphone.store.database import Connection
from softphone.store.endpoints import update_generation
from softphone.store.registrations import insert_registration, select_newest_registration, update_registration
from softphone.store.sip_phones import select_sip_phone, update_followed_up

SIGNED_IN = "The phone is signed in and rings."
SIGNED_OUT = "The phone is not signed in any more. Calls do not ring there."


async def keep_reading(
    db: Connection, world: World, endpoint_id: EndpointId, reading: Reading, *, now: datetime
) -> None:
    """Combine a reading with what is known, in the caller's unit."""
    phone = await select_sip_phone(db, endpoint_id, lock=True)
    if phone is None:
        return
    newest = await select_newest_registration(db, endpoint_id)
    match combine_reading(newest, reading, now=now):
        case Begin(displaced) if isinstance(reading, Registered):
            if displaced is not None:
                await update_registration(db, ended(displaced, EndReason.DISPLACED, now=now))
            made = await _begin(db, world, endpoint_id, reading, now=now)
            await _tell_begun(db, phone, made, displaced=displaced is not None, now=now)
        case Continue(registration):
            await update_registration(db, registration)
        case End(registration):
            await update_registration(db, registration)
            label = registration.device_label
            await tell_sip_phone(db, phone, "gone", message=SIGNED_OUT, now=now, device=label)
        case Begin() | Ignore():
            pass


async def follow_up(db: Connection, endpoint_id: EndpointId, *, now: datetime) -> None:
    """Tell the owner once that the phone has its credentials and no device has signed in."""
    phone = await select_sip_phone(db, endpoint_id)
    newest = await select_newest_registration(db, endpoint_id)
    if phone is None or phone.followed_up_at is not None or not has_not_registered(phone, newest, now=now):
        return
    await update_followed_up(db, endpoint_id, now=now)
    await tell_sip_phone(db, phone, "not_registered_yet", message=NOT_REGISTERED_YET, now=now)


async def _begin(
    db: Connection, world: World, endpoint_id: EndpointId, reading: Registered, *, now: datetime
) -> Registration:
    registration = begun(
        report_of(reading, now=now),
        id=RegistrationId(world.chance(10).hex()),
        endpoint_id=endpoint_id,
        generation=await update_generation(db, endpoint_id),
        label=sip_device_label(reading.user_agent),
    )
    await insert_registration(db, registration)
    return registration


async def _tell_begun(db: Connection, phone: SipPhone, made: Registration, *, displaced: bool, now: datetime) -> None:
    if is_refused_program(made.user_agent):
        state, message = "refused_program", REFUSED_PROGRAM
    else:
        state, message = ("displaced", DISPLACED) if displaced else ("registered", SIGNED_IN)
    await tell_sip_phone(db, phone, state, message=message, now=now, device=made.device_label)
