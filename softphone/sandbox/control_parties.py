"""`/_sandbox/callers` and `/_sandbox/callees`: calls without a browser."""

from quart import Blueprint
from quart.typing import ResponseReturnValue

from softphone.sandbox.control import guarded, read_body
from softphone.sandbox.parties import CALLEE_FIELDS, CALLER_FIELDS
from softphone.sandbox.plant import Plant
from softphone.sandbox.scripts import ScriptInvalid


def parties(plant: Plant) -> Blueprint:
    """The routes of scripted parties of one sandbox."""
    routes = Blueprint("parties", __name__, url_prefix="/_sandbox")
    guarded(routes)

    @routes.errorhandler(ScriptInvalid)
    async def invalid(error: ScriptInvalid) -> ResponseReturnValue:
        return {"error": {"code": "bad_request", "message": str(error)}}, 400

    @routes.post("/callers")
    async def call() -> ResponseReturnValue:
        begun = plant.parties.call(await read_body(*CALLER_FIELDS))
        return {"callers": [{"id": one.id, "call_uuid": one.call_uuid} for one in begun]}, 201

    @routes.get("/callers")
    async def callers() -> ResponseReturnValue:
        return {"callers": plant.parties.callers()}

    @routes.get("/callers/<caller_id>")
    async def caller(caller_id: str) -> ResponseReturnValue:
        found = plant.parties.caller(caller_id)
        if found is None:
            return {"error": {"code": "not_found", "message": "There is no such caller."}}, 404
        return dict(found)

    @routes.post("/callers/<caller_id>/tell")
    async def tell(caller_id: str) -> ResponseReturnValue:
        if not plant.parties.tell(caller_id):
            return {"error": {"code": "not_found", "message": "There is no such caller."}}, 404
        return "", 204

    @routes.delete("/callers")
    async def dismiss_callers() -> ResponseReturnValue:
        plant.parties.dismiss_callers()
        return "", 204

    @routes.post("/callees")
    async def wait() -> ResponseReturnValue:
        return {"callee": plant.parties.wait(await read_body(*CALLEE_FIELDS))}, 201

    @routes.get("/callees")
    async def callees() -> ResponseReturnValue:
        return {"callees": plant.parties.callees()}

    @routes.post("/callees/<name>/answer")
    async def answer(name: str) -> ResponseReturnValue:
        if not any([leg.answer_now() for leg in plant.parties.calls_of(name)]):
            return {"error": {"code": "not_found", "message": "Nothing rings there."}}, 404
        return "", 204

    @routes.delete("/callees")
    async def dismiss_callees() -> ResponseReturnValue:
        plant.parties.dismiss_callees()
        return "", 204

    return routes
