"""`GET /api/events`: the live events of one page."""

from datetime import timedelta

from quart import Blueprint, Response, current_app, request

from softphone.actions.resume_session import resume_session
from softphone.actions.stream_events import Pace, Page, stream_events
from softphone.domain.errors import CrossSite, NotSignedIn, TooMany
from softphone.domain.sessions import SignedIn
from softphone.web.cookies import read_session_cookie
from softphone.web.deps import deps
from softphone.web.guards import volunteer_only
from softphone.web.origins import same_origin

STREAMS_PER_VOLUNTEER = 5  # threat model, TM-L1
RETRY_AFTER = timedelta(seconds=15)  # A stream whose client has vanished is noticed at its next heartbeat.
LAST_ID_DIGITS = 18  # A bigint holds any number of 18 digits.

events = Blueprint("events", __name__)


@events.get("/api/events")
@volunteer_only
async def stream(signed_in: SignedIn) -> Response:
    """Server-Sent Events for as long as the page is open; `Last-Event-ID` resumes.

    Raises: TooMany when this volunteer has five open streams; CrossSite when another site's page asks. That could not
    read the stream, but a sibling subdomain's would be sent with the cookie and use up the five (TM-L1).
    """
    parts = deps()
    marks = {name: request.headers[name] for name in ("Origin", "Sec-Fetch-Site") if name in request.headers}
    if marks and not same_origin(marks, parts.world.settings):
        raise CrossSite
    if parts.hub.count(signed_in.volunteer.id) >= STREAMS_PER_VOLUNTEER:
        raise TooMany(RETRY_AFTER, message="This is open in too many windows. Close some of them.")
    world, session_id = parts.world, read_session_cookie(request, parts.world.settings)

    async def resume() -> SignedIn:
        if session_id is None:
            raise NotSignedIn
        return await resume_session(world, session_id)

    page = Page(
        signed_in=signed_in,
        seen=_last_id(request.headers.get("Last-Event-ID")),
        resume=resume,
        pace=current_app.config.get("EVENT_PACE", Pace()),
    )
    response = Response(
        stream_events(world, parts.hub, page),
        content_type="text/event-stream; charset=utf-8",
        headers={"X-Accel-Buffering": "no"},  # nginx would hold events back until its buffer is full.
    )
    response.timeout = None  # Quart ends answers after 60 s otherwise.
    return response


def _last_id(text: str | None) -> int | None:
    usable = text is not None and text.isascii() and text.isdigit() and len(text) <= LAST_ID_DIGITS
    return int(text) if usable and text else None
