"""The document that Plivo falls back to when this service does not answer.

GET  /api/admin/hotlines/{id}/fallback   whether the published copy is still right
POST /api/admin/hotlines/{id}/fallback   make it anew, to be published
"""

from quart import Blueprint
from quart.typing import ResponseReturnValue

from softphone.actions.record_audit import actor_of
from softphone.actions.see_fallback import WORDS, Fallback, see_fallback
from softphone.actions.write_fallback import write_fallback
from softphone.domain.errors import InvalidInput
from softphone.domain.ids import HotlineId
from softphone.domain.sessions import SignedIn
from softphone.domain.times import iso
from softphone.plivo.xml import UnusableXML
from softphone.web.bodies import Body, read_body
from softphone.web.deps import deps
from softphone.web.guards import admin_only, require_step_up

fallback = Blueprint("fallback", __name__)

URL_CHARACTERS = 1000


class FallbackBody(Body, frozen=True):
    """Where the second part will be published, which asks whoever answers for a key."""

    confirm_url: str | None = None


@fallback.get("/api/admin/hotlines/<hotline_id>/fallback")
@admin_only
async def get_fallback(_signed_in: SignedIn, hotline_id: str) -> ResponseReturnValue:
    """When the document was made, and whether what it says has changed since."""
    return _render(await see_fallback(deps().world, HotlineId(hotline_id)))


@fallback.post("/api/admin/hotlines/<hotline_id>/fallback")
@admin_only
async def make_fallback(signed_in: SignedIn, hotline_id: str) -> ResponseReturnValue:
    """The document. It names telephones of volunteers, so the password is asked for."""
    require_step_up(signed_in)
    body = await read_body(FallbackBody)
    url = (body.confirm_url or "").strip() or None
    if url is not None and (not url.startswith("https://") or len(url) > URL_CHARACTERS):
        raise InvalidInput("The second part is published at an address that begins with https://.", field="confirm_url")
    world, hotline, actor = deps().world, HotlineId(hotline_id), actor_of(signed_in.volunteer)
    try:
        document = await write_fallback(world, actor, hotline, confirm_url=url)
    except UnusableXML:
        raise InvalidInput("This address cannot be used.", field="confirm_url") from None
    confirm = await write_fallback(world, actor, hotline, confirm_url=None, confirm_part=True)
    state = _render(await see_fallback(world, hotline))
    return {**state, "document": document.decode(), "confirm_document": confirm.decode()}


def _render(state: Fallback) -> dict[str, object]:
    return {
        "made_at": iso(state.made_at) if state.made_at else None,
        "stale": state.why is not None,
        "why": state.why.value if state.why else None,
        "message": WORDS[state.why] if state.why else None,
        "phones": state.phones,
        "languages": list(state.languages),
    }
