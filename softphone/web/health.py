"""Is the service well? Asked by whoever watches over it."""

from quart import Blueprint
from quart.typing import ResponseReturnValue

from softphone.domain.errors import Busy
from softphone.web.deps import deps
from softphone.web.guards import public

health = Blueprint("health", __name__)


@health.get("/healthz")
@public
async def healthz() -> ResponseReturnValue:
    """200 if the database can be written within its bounded wait, else 503."""
    try:
        await deps().world.database.write(lambda connection: connection.fetch_one("SELECT 1"))
    except Busy:
        return {"ok": False}, 503, {"Cache-Control": "no-store"}
    return {"ok": True}, 200, {"Cache-Control": "no-store"}
