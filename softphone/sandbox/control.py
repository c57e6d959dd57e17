"""`/_sandbox/…`: what tests and the log page see and turn. Never under `/v1`, which is Plivo's."""

from collections.abc import AsyncIterator, Mapping
from datetime import timedelta

from quart import Blueprint, Response, request
from quart.typing import ResponseReturnValue

from softphone.sandbox.faults import FaultInvalid, read_fault
from softphone.sandbox.ladder import as_time
from softphone.sandbox.plant import Plant
from softphone.sandbox.sip.service import FromShape

CODE = "bad_request"


class Unusable(ValueError):
    """A body that cannot be used; the text is a sentence."""


def control(plant: Plant) -> Blueprint:
    """The control routes of one sandbox."""
    routes = Blueprint("control", __name__, url_prefix="/_sandbox")

    guarded(routes)

    @routes.get("/state")
    async def state() -> ResponseReturnValue:
        return dict(_state(plant))

    @routes.get("/calls")
    async def calls() -> ResponseReturnValue:
        return {"version": plant.ladders.version, "calls": [one.as_json() for one in plant.ladders.all()]}

    @routes.get("/sip")
    async def sip() -> ResponseReturnValue:
        return {"listens": plant.network.address, "log": plant.journal.as_json()}

    @routes.get("/events")
    async def events() -> ResponseReturnValue:
        response = Response(_versions(plant), mimetype="text/event-stream")
        # Quart cuts answers at 60 s unless told not to.
        response.timeout = None
        response.headers["Cache-Control"] = "no-store"
        return response

    _turning(routes, plant)
    return routes


def guarded(routes: Blueprint) -> None:
    """Let no other site's page in, and answer what cannot be used with a sentence."""

    @routes.before_request
    async def same_origin_only() -> ResponseReturnValue | None:
        # A page of another site in the same browser must not turn anything here; scripts send no Origin.
        origin = request.headers.get("Origin")
        if origin is not None and origin.partition("://")[2] != request.host:
            return {"error": {"code": "cross_site", "message": "Ask from the sandbox's own pages."}}, 403
        return None

    @routes.errorhandler(Unusable)
    async def unusable(error: Unusable) -> ResponseReturnValue:
        return {"error": {"code": CODE, "message": str(error)}}, 400


def _turning(routes: Blueprint, plant: Plant) -> None:
    @routes.post("/options")
    async def options() -> ResponseReturnValue:
        body = await read_body(
            "refuse_local_tokens", "minted_life", "media_auth", "record_action_after_hangup", "from_shape"
        )
        current = plant.tokens.options
        if "refuse_local_tokens" in body:
            current.refuse_local = body["refuse_local_tokens"] is True
        if "minted_life" in body:
            life = body["minted_life"]
            current.minted_life = None if life is None else timedelta(seconds=_whole("minted_life", life, 1, 86_400))
        recordings = plant.account.recordings
        if "media_auth" in body:
            recordings.behind_password = body["media_auth"] is True
        if "record_action_after_hangup" in body:
            recordings.action_after_hangup = body["record_action_after_hangup"] is True
        if "from_shape" in body:
            plant.sip.from_shape = _shape(body["from_shape"])
        return {"options": _options(plant)}

    @routes.post("/faults")
    async def add_fault() -> ResponseReturnValue:
        try:
            plant.faults.add(read_fault(await read_body("kind", "match", "action", "ms", "status", "body", "times")))
        except FaultInvalid as invalid:
            raise Unusable(str(invalid)) from invalid
        return {"faults": _faults(plant)}, 201

    @routes.delete("/faults")
    async def clear_faults() -> ResponseReturnValue:
        plant.faults.clear()
        return "", 204

    @routes.post("/sockets/close")
    async def close_sockets() -> ResponseReturnValue:
        body = await read_body("user", "for_ms")
        user = body.get("user")
        if "for_ms" in body:
            plant.gate.close_for(_whole("for_ms", body["for_ms"], 0, 600_000) / 1000)
        return {"closed": plant.sip.cut(None if user is None else str(user))}

    @routes.post("/registrations/expire")
    async def expire() -> ResponseReturnValue:
        body = await read_body("user")
        return {"expired": plant.sip.expire(str(body.get("user")))}


async def read_body(*known: str) -> Mapping[str, object]:
    """The request's JSON object. Raises: Unusable."""
    body = await request.get_json(force=True, silent=True)
    if not isinstance(body, dict):
        raise Unusable("The body must be a JSON object.")
    unknown = set(body) - set(known)
    if unknown:
        raise Unusable(f"Unknown fields: {', '.join(sorted(map(str, unknown)))}.")
    return body


def _shape(value: object) -> FromShape:
    try:
        return FromShape(str(value))
    except ValueError as error:
        raise Unusable("from_shape is full or bare.") from error


def _whole(name: str, value: object, low: int, high: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise Unusable(f"{name} is a whole number from {low} to {high}.")
    return value


async def _versions(plant: Plant) -> AsyncIterator[bytes]:
    """An event whenever a call's record has changed; the page then reads `/_sandbox/calls`."""
    yield b"retry: 1000\n\n"
    version = -1
    while not plant.closing.is_set():
        version = await plant.next_version(version)
        yield f"event: calls\ndata: {version}\n\n".encode()


def _state(plant: Plant) -> Mapping[str, object]:
    account = plant.account
    return {
        "auth_id": account.auth_id,
        "numbers": [{"number": one.number, "app_id": one.app_id} for one in account.numbers.values()],
        "applications": [
            {"app_id": one.app_id, "app_name": one.app_name, "answer_url": one.answer_url, "hangup_url": one.hangup_url}
            for one in account.applications.values()
        ],
        "endpoints": [
            {"endpoint_id": one.endpoint_id, "username": one.username, "alias": one.alias, "app_id": one.app_id}
            for one in account.endpoints.values()
        ],
        "registrations": [
            {
                "user": one.user,
                "contact": one.contact,
                "user_agent": one.user_agent,
                "expires_at": as_time(one.expires_at),
                "with_token": one.token is not None,
            }
            for one in plant.sip.registrations()
        ],
        "phones": [
            {"number": one.number, "name": one.name, "in_call": one.leg is not None} for one in plant.book.all()
        ],
        "recordings": [
            {"recording_id": one.recording_id, "call_uuid": one.call_uuid, "ms": one.ms}
            for one in account.recordings.all()
        ],
        "live_calls": [one.call_uuid for one in account.live_calls()],
        "hung_up_everything": plant.desk.hung_up_everything,
        "options": _options(plant),
        "faults": _faults(plant),
    }


def _options(plant: Plant) -> Mapping[str, object]:
    life = plant.tokens.options.minted_life
    return {
        "refuse_local_tokens": plant.tokens.options.refuse_local,
        "minted_life": None if life is None else int(life.total_seconds()),
        "media_auth": plant.account.recordings.behind_password,
        "record_action_after_hangup": plant.account.recordings.action_after_hangup,
        "from_shape": plant.sip.from_shape.value,
    }


def _faults(plant: Plant) -> list[Mapping[str, object]]:
    return [
        {"kind": one.where.value, "match": one.match, "action": one.action.value, "times": one.times}
        for one in plant.faults.all()
    ]
