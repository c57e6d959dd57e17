"""The doors behind a link to a phone's credentials (threat model, TM-P1).

POST /api/phone-link          the page's button: reveals them once
GET  /phone-file/{secret}     Linphone fetches its file, once; HEAD only looks
"""

from quart import Blueprint, Response, request
from quart.typing import ResponseReturnValue

from softphone.actions.hand_out_sip_phone import fetch_linphone, look_at_linphone, reveal
from softphone.web.bodies import read_body
from softphone.web.deps import deps
from softphone.web.guards import our_page, public
from softphone.web.origins import client_address, client_network
from softphone.web.sip_phone_bodies import PhoneLinkBody
from softphone.web.sip_phone_json import render_revealed

phone_links = Blueprint("phone_links", __name__)

XML = "application/xml; charset=utf-8"
NO_STORE = {"Cache-Control": "no-store"}


@phone_links.post("/api/phone-link")
@our_page
async def use() -> ResponseReturnValue:
    """The credentials, once."""
    body = await read_body(PhoneLinkBody)
    return render_revealed(await reveal(deps().world, body.link, network=_network()))


@phone_links.get("/phone-file/<secret>")
@public
async def linphone(secret: str) -> ResponseReturnValue:
    """Linphone's file, once. A program fetches it: there is neither a session nor a page."""
    if request.method == "HEAD":
        await look_at_linphone(deps().world, secret)
        return Response(b"", content_type=XML, headers=NO_STORE)
    document = await fetch_linphone(deps().world, secret, network=_network())
    return Response(document, content_type=XML, headers=NO_STORE)


def _network() -> str:
    settings = deps().world.settings
    return client_network(client_address(request.remote_addr, request.headers.get("X-Forwarded-For"), settings))
