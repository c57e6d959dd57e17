"""Callers as administrators see them: blocks, the end of a number, deletion on request.

GET    /api/admin/blocks                       who is blocked, why, until when, and by whom
POST   /api/admin/blocks/{id}/lengthen         {"hours": 12}
POST   /api/admin/blocks/{id}/lift
POST   /api/admin/callers/{id}/reveal-masked   the end of the number; who looked is written down
DELETE /api/admin/callers/{id}                 forget this caller
"""

from datetime import timedelta
from typing import Annotated

import msgspec
from quart import Blueprint
from quart.typing import ResponseReturnValue

from softphone.actions.block_caller import forget_caller, lengthen_block, lift_block, reveal_masked
from softphone.domain.callers import CALLER_ID, CallerId, is_withheld, label_of
from softphone.domain.errors import NotFound
from softphone.domain.sessions import SignedIn
from softphone.domain.times import iso
from softphone.store.blocks import Block, count_blocks, select_blocks
from softphone.store.database import Connection
from softphone.web.bodies import Body, Empty, read_body
from softphone.web.deps import deps
from softphone.web.guards import admin_only, require_step_up
from softphone.web.paging import read_page

callers = Blueprint("callers", __name__)


class Lengthen(Body, frozen=True):
    """By how many hours."""

    hours: Annotated[int, msgspec.Meta(ge=1, le=24 * 366)]


@callers.get("/api/admin/blocks")
@admin_only
async def blocks(_signed_in: SignedIn) -> ResponseReturnValue:
    """Every block that is remembered, newest first."""
    limit, offset = read_page()

    async def unit(db: Connection) -> tuple[list[Block], int]:
        return await select_blocks(db, limit=limit, offset=offset), await count_blocks(db)

    found, total = await deps().world.database.read(unit)
    return {"items": [render_block(block) for block in found], "total": total, "limit": limit, "offset": offset}


@callers.post("/api/admin/blocks/<block_id>/lengthen")
@admin_only
async def lengthen(signed_in: SignedIn, block_id: str) -> ResponseReturnValue:
    """Let a block last longer."""
    body = await read_body(Lengthen)
    block = await lengthen_block(deps().world, signed_in.volunteer, block_id, by=timedelta(hours=body.hours))
    return render_block(block)


@callers.post("/api/admin/blocks/<block_id>/lift")
@admin_only
async def lift(signed_in: SignedIn, block_id: str) -> ResponseReturnValue:
    """Let the caller in again."""
    await read_body(Empty)
    return render_block(await lift_block(deps().world, signed_in.volunteer, block_id))


@callers.post("/api/admin/callers/<caller_id>/reveal-masked")
@admin_only
async def reveal(signed_in: SignedIn, caller_id: str) -> ResponseReturnValue:
    """The end of a caller's number. The whole number is nowhere to be had."""
    require_step_up(signed_in)
    await read_body(Empty)
    caller = _caller(caller_id)
    shown = await reveal_masked(deps().world, signed_in.volunteer, caller)
    return {"id": caller, "label": label_of(caller), "withheld": is_withheld(caller), "masked": shown}


@callers.delete("/api/admin/callers/<caller_id>")
@admin_only
async def forget(signed_in: SignedIn, caller_id: str) -> ResponseReturnValue:
    """Delete what is kept of a caller, messages included."""
    require_step_up(signed_in)
    await read_body(Empty)
    await forget_caller(deps().world, signed_in.volunteer, _caller(caller_id))
    return {}


def render_block(block: Block) -> dict[str, object]:
    """A block as administrators see it."""
    now = deps().world.clock()
    return {
        "id": block.id,
        "hotline_id": block.hotline_id,
        "caller": {"id": block.caller, "label": label_of(block.caller)},
        "reason": block.reason.value,
        "made_by": {"id": block.made_by, "name": block.made_by_name} if block.made_by else None,
        "made_at": iso(block.made_at),
        "until": iso(block.until),
        "lifted_at": iso(block.lifted_at) if block.lifted_at else None,
        "in_force": block.lifted_at is None and now < block.until,
    }


def _caller(text: str) -> CallerId:
    if CALLER_ID.fullmatch(text) is None:
        raise NotFound
    return CallerId(text)
