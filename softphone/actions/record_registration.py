"""Record what a device says about its registration, and tell the devices that it displaces."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from softphone.actions.world import World
from softphone.domain.errors import Conflict, InvalidInput, TooMany
from softphone.domain.ids import DeviceId, EndpointId, RegistrationId, VolunteerId
from softphone.domain.registration import (
    WAR_WINDOW,
    Begin,
    Continue,
    End,
    EndReason,
    Ignore,
    Registration,
    Report,
    State,
    begun,
    combine,
    device_label,
    ended,
    war_pause,
)
from softphone.domain.times import iso
from softphone.store.connections import select_default_connection
from softphone.store.database import Connection as Db
from softphone.store.endpoints import select_volunteers_endpoint, update_generation
from softphone.store.events import ADMINS, append_event, only
from softphone.store.registrations import (
    insert_registration,
    select_begun_at,
    select_newest_registration,
    update_registration,
)

DEVICE = re.compile(r"[A-Za-z0-9_-]{8,64}")
LONGEST_EXPIRY = 86_400
LONGEST_TEXT = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a page said, unchecked."""

    device_id: str
    state: State
    expires_in: int
    reason: str
    user_agent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where the device stands now. `newest` is the endpoint's newest registration; `current` if it is this device's."""

    current: bool
    newest: Registration | None
    device_label: str
    now: datetime


async def record_registration(world: World, volunteer_id: VolunteerId, said: Said) -> Standing:
    """Combine what a device says with what is known, in one unit.

    Raises: InvalidInput; Conflict if the volunteer has no endpoint yet; TooMany if the device registers for the third
    time within a minute.
    """
    report = read_report(said, now=world.clock())

    async def unit(db: Db) -> Standing:
        connection = await select_default_connection(db, keyring=world.keyring)
        endpoint = connection and await select_volunteers_endpoint(db, connection.id, volunteer_id, lock=True)
        if not endpoint:
            raise Conflict(code="no_endpoint", message="Ask for a phone token first, then register.")
        newest = await select_newest_registration(db, endpoint.id)
        match combine(newest, report):
            case Begin(displaced):
                newest = await _begin(db, world, endpoint.id, report=report, displaced=displaced)
                await _tell_displaced(db, volunteer_id, newest)
                await append_event(db, ADMINS, "devices", body={}, now=report.at)
            case Continue(registration):
                await update_registration(db, registration)
                if newest is not None and newest.ended_at is not None:
                    await append_event(db, ADMINS, "devices", body={}, now=report.at)
                newest = registration
            case End(registration):
                await update_registration(db, registration)
                await append_event(db, ADMINS, "devices", body={}, now=report.at)
                newest = registration
            case Ignore():
                pass
        own = newest is not None and newest.device_id == report.device_id and newest.reachable(report.at)
        label = device_label(report.user_agent)
        return Standing(current=own, newest=newest, device_label=label, now=report.at)

    return await world.database.write(unit)


def read_report(said: Said, *, now: datetime) -> Report:
    """What a page said, checked.

    Raises: InvalidInput.
    """
    if not DEVICE.fullmatch(said.device_id):
        raise InvalidInput("The device id has 8 to 64 letters, digits, _ or -.", field="device_id")
    if not 1 <= said.expires_in <= LONGEST_EXPIRY:
        raise InvalidInput("A registration lasts 1 second to 24 hours.", field="expires_in")
    return Report(
        device_id=DeviceId(said.device_id),
        user_agent=said.user_agent[:LONGEST_TEXT],
        state=said.state,
        expires_in=timedelta(seconds=said.expires_in),
        reason=said.reason[:LONGEST_TEXT],
        at=now,
    )


async def _begin(
    db: Db, world: World, endpoint_id: EndpointId, *, report: Report, displaced: Registration | None
) -> Registration:
    since = report.at - WAR_WINDOW
    pause = war_pause(await select_begun_at(db, endpoint_id, report.device_id, since=since), now=report.at)
    if pause is not None:
        raise TooMany(
            pause,
            code="registering_too_often",
            message="Another device of yours keeps taking the phone over. Close it, then try again in a minute.",
        )
    if displaced is not None:
        await update_registration(db, ended(displaced, EndReason.DISPLACED, now=report.at))
    registration = begun(
        report,
        id=RegistrationId(world.chance(10).hex()),
        endpoint_id=endpoint_id,
        generation=await update_generation(db, endpoint_id),
    )
    await insert_registration(db, registration)
    return registration


async def _tell_displaced(db: Db, volunteer_id: VolunteerId, newest: Registration) -> None:
    # Always told, not only where a reachable device was displaced: a page that slept may wake up and must know.
    body = {
        "device": {"id": newest.device_id, "label": newest.device_label},
        "since": iso(newest.registered_at),
        "generation": newest.generation,
    }
    await append_event(db, only(volunteer_id), "displaced", body=body, now=newest.registered_at)
