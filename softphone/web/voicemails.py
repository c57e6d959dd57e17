"""Messages that callers left: the volunteers' doors.

GET  /api/voicemails               messages, newest first
GET  /api/voicemails/{id}/audio    the sound, through this server alone
POST /api/voicemails/{id}/take     I see to it
POST /api/voicemails/{id}/release  somebody else may
POST /api/voicemails/{id}/done     it is seen to
"""

from collections.abc import Awaitable, Callable

from quart import Blueprint, Response
from quart.typing import ResponseReturnValue

from softphone.actions.hear_message import discard, finish, open_message, release, take
from softphone.actions.world import World
from softphone.domain.callers import label_of
from softphone.domain.ids import VolunteerId
from softphone.domain.sessions import SignedIn
from softphone.domain.times import iso
from softphone.domain.voicemails import Voicemail, VoicemailState, check_may_hear
from softphone.domain.volunteers import Volunteer
from softphone.plivo.media import CONTENT_TYPE
from softphone.store.database import Connection
from softphone.store.voicemails import count_voicemails, select_voicemails
from softphone.web.bodies import Empty, read_body
from softphone.web.deps import deps
from softphone.web.guards import admin_only, volunteer_only
from softphone.web.paging import read_page

voicemails = Blueprint("voicemails", __name__)


@voicemails.get("/api/voicemails")
@volunteer_only
async def messages(signed_in: SignedIn) -> ResponseReturnValue:
    """Messages, newest first; `open` says how many are not done."""
    check_may_hear(signed_in.volunteer)
    limit, offset = read_page()

    async def unit(db: Connection) -> tuple[list[Voicemail], tuple[int, int]]:
        return await select_voicemails(db, limit=limit, offset=offset), await count_voicemails(db)

    found, (total, left) = await deps().world.database.read(unit)
    items = [render_voicemail(message, signed_in.volunteer.id) for message in found]
    return {"items": items, "total": total, "open": left, "limit": limit, "offset": offset}


@voicemails.get("/api/voicemails/<voicemail_id>/audio")
@volunteer_only
async def audio(signed_in: SignedIn, voicemail_id: str) -> ResponseReturnValue:
    """The sound. Its type is ours to say, whatever the file's server says (threat model, TM-D7)."""
    recording = await open_message(deps().world, signed_in.volunteer, voicemail_id)
    response = Response(recording.chunks(), content_type=CONTENT_TYPE)
    if recording.length is not None:
        # A sound that breaks off is then seen to be incomplete.
        response.content_length = recording.length
    response.headers["Accept-Ranges"] = "none"
    return response


@voicemails.post("/api/voicemails/<voicemail_id>/take")
@volunteer_only
async def take_one(signed_in: SignedIn, voicemail_id: str) -> ResponseReturnValue:
    """I see to this message."""
    return await _changed(take, signed_in, voicemail_id)


@voicemails.post("/api/voicemails/<voicemail_id>/release")
@volunteer_only
async def release_one(signed_in: SignedIn, voicemail_id: str) -> ResponseReturnValue:
    """Somebody else may see to it."""
    return await _changed(release, signed_in, voicemail_id)


@voicemails.post("/api/voicemails/<voicemail_id>/done")
@volunteer_only
async def done(signed_in: SignedIn, voicemail_id: str) -> ResponseReturnValue:
    """It is seen to."""
    return await _changed(finish, signed_in, voicemail_id)


@voicemails.delete("/api/admin/voicemails/<voicemail_id>")
@admin_only
async def delete(signed_in: SignedIn, voicemail_id: str) -> ResponseReturnValue:
    """Delete a message, here at once and at Plivo as soon as it can be asked."""
    await read_body(Empty)
    await discard(deps().world, signed_in.volunteer, voicemail_id)
    return {}


async def _changed(
    change: Callable[[World, Volunteer, str], Awaitable[Voicemail]], signed_in: SignedIn, voicemail_id: str
) -> ResponseReturnValue:
    await read_body(Empty)
    message = await change(deps().world, signed_in.volunteer, voicemail_id)
    return render_voicemail(message, signed_in.volunteer.id)


def render_voicemail(message: Voicemail, viewer: VolunteerId) -> dict[str, object]:
    """A message as pages show it: its caller by label alone."""
    state = message.state(now=deps().world.clock())
    holder = {"id": message.taken_by, "name": message.taken_by_name or ""}
    return {
        "id": message.id,
        "hotline_id": message.hotline_id,
        "hotline": {"id": message.hotline_id, "name": message.hotline_name} if message.hotline_name else None,
        "caller": label_of(message.caller),
        "language": message.language,
        "seconds": message.seconds,
        "left_at": iso(message.left_at),
        "state": state.value,
        "taken_by": None if state is VoicemailState.NEW else holder,
        "mine": state is not VoicemailState.NEW and message.taken_by == viewer,
        "done_at": iso(message.done_at) if message.done_at else None,
    }
