"""Tell a volunteer's open pages, and the administrators', what happened to a SIP phone."""

from datetime import datetime

from softphone.domain.sip_phones import SipPhone
from softphone.domain.times import iso
from softphone.store.database import Connection
from softphone.store.events import ADMINS, append_event, only

CHANGED = "This phone was changed."
REMOVED = "This phone was removed."


async def tell_sip_phone(
    db: Connection, phone: SipPhone, state: str, *, message: str, now: datetime, device: str | None = None
) -> None:
    """One event for the owner, and a nudge to reload for the administrators."""
    body = {
        "id": phone.endpoint.id,
        "label": phone.label,
        "state": state,
        "device": device,
        "at": iso(now),
        "message": message,
    }
    await append_event(db, only(phone.endpoint.volunteer_id), "sip_phone", body=body, now=now)
    await append_event(db, ADMINS, "devices", body={}, now=now)
