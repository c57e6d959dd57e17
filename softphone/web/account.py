"""The doors through which people come in and go out, and to what they may see of themselves and each other."""

from quart import Blueprint, Response, jsonify, request
from quart.typing import ResponseReturnValue

from softphone.actions.invite import look_at_invite, redeem_invite
from softphone.actions.open_session import Opened, Visit
from softphone.actions.set_availability import set_availability
from softphone.actions.set_up import FirstAdmin, set_up, setup_open
from softphone.actions.sign_in import sign_in, sign_out, step_up
from softphone.actions.webrtc_status import PROVIDER, webrtc_body
from softphone.domain.connections import Connection
from softphone.domain.errors import InvalidInput, NotFound
from softphone.domain.policy import webrtc_decision
from softphone.domain.secret import Secret
from softphone.domain.sessions import SignedIn
from softphone.domain.times import iso
from softphone.domain.volunteer_rules import min_password_length
from softphone.store.connections import select_default_connection
from softphone.store.database import Connection as Db
from softphone.store.presence import select_on_call
from softphone.store.registrations import select_newest_of_connection
from softphone.store.volunteers import count_colleagues, select_colleagues
from softphone.web.bodies import AvailabilityBody, Empty, InviteBody, SetUp, SignIn, StepUp, read_body
from softphone.web.cookies import clear_session_cookie, read_session_cookie, set_session_cookie
from softphone.web.deps import deps
from softphone.web.guards import our_page, volunteer_only
from softphone.web.origins import client_address, client_network
from softphone.web.paging import read_page
from softphone.web.people_json import render_colleague, render_me

account = Blueprint("account", __name__)


@account.get("/api/setup")
@our_page
async def setup_status() -> ResponseReturnValue:
    """Is the first administrator waited for? 404 for ever afterwards."""
    if not await setup_open(deps().world):
        raise NotFound
    return {"open": True}


@account.post("/api/setup")
@our_page
async def do_set_up() -> ResponseReturnValue:
    """Make the first administrator, with the code from the console."""
    world = deps().world
    # Before the body is read: whoever comes too late learns nothing from how it is taken.
    if not await setup_open(world):
        raise NotFound
    body = await read_body(SetUp)
    wanted = FirstAdmin(code=Secret(body.code), name=body.name, login=body.login, password=Secret(body.password))
    return await _welcome(await set_up(world, wanted, visit=_visit()), status=201)


@account.post("/api/invite")
@our_page
async def look() -> ResponseReturnValue:
    """Whom is this invite for? Looking does not use it."""
    body = await read_body(InviteBody)
    person = await look_at_invite(deps().world, body.invite, network=_visit().network)
    return {"name": person.name, "login": person.login, "min_password_length": min_password_length(person.role)}


@account.post("/api/session")
@our_page
async def begin() -> ResponseReturnValue:
    """Sign in, with a login and its password or with an invite and a new one."""
    body, world, visit = await read_body(SignIn), deps().world, _visit()
    password = Secret(body.password)
    match body:
        case SignIn(login=str() as login, invite=None):
            return await _welcome(await sign_in(world, login, password, visit=visit))
        case SignIn(login=None, invite=str() as invite):
            return await _welcome(await redeem_invite(world, invite, password, visit=visit))
        case _:
            raise InvalidInput("Give either a login or an invite.", field="login")


@account.post("/api/session/step-up")
@volunteer_only
async def confirm(signed_in: SignedIn) -> ResponseReturnValue:
    """Give the password again; the session gets a new id."""
    body = await read_body(StepUp)
    opened = await step_up(deps().world, signed_in, Secret(body.password), visit=_visit())
    response = jsonify({"stepped_up_until": iso(opened.signed_in.stepped_up_until)})
    set_session_cookie(response, opened.session_id, deps().world.settings)
    return response


@account.delete("/api/session")
@volunteer_only
async def end(signed_in: SignedIn) -> ResponseReturnValue:
    """Sign out, and have the browser forget what it stored."""
    await read_body(Empty)
    await sign_out(deps().world, signed_in)
    response = Response(status=204)
    clear_session_cookie(response, deps().world.settings)
    # Not "cache": dropping it makes some browsers slow, and nothing of ours that is private is ever cached.
    response.headers["Clear-Site-Data"] = '"cookies", "storage"'
    return response


@account.get("/api/me")
@volunteer_only
async def me(signed_in: SignedIn) -> ResponseReturnValue:
    """Who am I and what may I do?"""
    return await _me(signed_in)


@account.put("/api/availability")
@volunteer_only
async def availability(signed_in: SignedIn) -> ResponseReturnValue:
    """I am on duty, or away; in these languages."""
    body = await read_body(AvailabilityBody)
    person = await set_availability(deps().world, signed_in.volunteer.id, body.availability, languages=body.languages)
    return {
        "availability": person.availability.value,
        "since": iso(person.availability_since),
        "languages": list(person.languages),
    }


@account.get("/api/people")
@volunteer_only
async def people(signed_in: SignedIn) -> ResponseReturnValue:
    """Colleagues who can be called."""
    limit, offset = read_page()
    world, own = deps().world, signed_in.volunteer.id

    async def read(db: Db) -> tuple[list[dict[str, object]], int]:
        now = world.clock()
        connection = await select_default_connection(db, keyring=world.keyring)
        registered = await select_newest_of_connection(db, connection.id) if connection else {}
        busy = await select_on_call(db, now=now)
        found = await select_colleagues(db, own, limit=limit, offset=offset)
        items = [render_colleague(p, registered.get(p.id), on_call=p.id in busy, now=now) for p in found]
        return items, await count_colleagues(db, own)

    items, total = await world.database.read(read)
    return {"items": items, "total": total, "limit": limit, "offset": offset}


async def _welcome(opened: Opened, *, status: int = 200) -> Response:
    response = jsonify(await _me(opened.signed_in))
    response.status_code = status
    set_session_cookie(response, opened.session_id, deps().world.settings)
    return response


async def _me(signed_in: SignedIn) -> dict[str, object]:
    world = deps().world

    async def read(db: Db) -> Connection | None:
        return await select_default_connection(db, keyring=world.keyring)

    connection = await world.database.read(read)
    webrtc = {**webrtc_body(webrtc_decision(signed_in.volunteer, connection)), "provider": PROVIDER}
    return render_me(signed_in, connection=connection, webrtc=webrtc, settings=world.settings, now=world.clock())


def _visit() -> Visit:
    settings = deps().world.settings
    address = client_address(request.remote_addr, request.headers.get("X-Forwarded-For"), settings)
    return Visit(
        network=client_network(address),
        user_agent=request.headers.get("User-Agent", ""),
        old_session_id=read_session_cookie(request, settings),
    )
