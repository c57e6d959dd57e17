"""The administrator's doors to the hotline calls of the past.

GET /api/admin/hotline-calls        pages, with filters
GET /api/admin/hotline-calls.csv    all that a filter finds, as a file
GET /api/admin/hotline-calls/{ref}  one call with its ladder
GET /api/admin/hotline-stats        figures for charts
"""

import re
from collections.abc import AsyncGenerator, Iterable, Sequence
from datetime import date

from quart import Blueprint, Response, request
from quart.typing import ResponseReturnValue

from softphone.actions.see_call_log import Asked, export_calls, see_call, see_call_log, see_figures
from softphone.domain.call_log import OPEN, LogFilter, LoggedCall
from softphone.domain.errors import InvalidInput
from softphone.domain.hotline_calls import CallEnding
from softphone.domain.ids import CallRef, HotlineId, VolunteerId
from softphone.domain.languages import BY_CODE
from softphone.domain.sessions import SignedIn
from softphone.web.call_log_json import COLUMNS, render_figures, render_logged, render_story, row_of
from softphone.web.csv_text import BOM, csv_text
from softphone.web.deps import deps
from softphone.web.guards import admin_only
from softphone.web.paging import read_page

call_log = Blueprint("call_log", __name__)

FILTERS = frozenset({"hotline", "ending", "language", "volunteer", "from", "to", "label"})
PAGING = frozenset({"limit", "offset"})
LABEL = re.compile(r"(?:caller )?([0-9a-f]{4})", re.IGNORECASE)
ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
YEARS = range(1971, 9000)
DOWNLOAD_SECONDS = 600
"""How long a download may take: Quart would end it after a minute."""


@call_log.get("/api/admin/hotline-calls")
@admin_only
async def log(_signed_in: SignedIn) -> ResponseReturnValue:
    """Calls, newest first."""
    chosen, days = read_filter(FILTERS | PAGING)
    limit, offset = read_page()
    page = await see_call_log(deps().world, chosen, days, limit=limit, offset=offset)
    items = [render_logged(call) for call in page.calls]
    return {"items": items, "total": page.total, "limit": limit, "offset": offset, "time_zone": page.time_zone}


@call_log.get("/api/admin/hotline-calls.csv")
@admin_only
async def export(signed_in: SignedIn) -> ResponseReturnValue:
    """The same calls as a file, sent as it is read. Who took it stands in the audit log."""
    chosen, days = read_filter(FILTERS)
    world = deps().world
    batches = await export_calls(world, signed_in.volunteer, chosen, days)
    response = Response(_lines(batches), content_type="text/csv; charset=utf-8")
    response.timeout = DOWNLOAD_SECONDS
    name = f"hotline-calls-{world.clock().date().isoformat()}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@call_log.get("/api/admin/hotline-calls/<ref>")
@admin_only
async def one_call(_signed_in: SignedIn, ref: str) -> ResponseReturnValue:
    """One call: who was rung when, what became of it, and all that Plivo asked and was answered."""
    return render_story(await see_call(deps().world, CallRef(ref)))


@call_log.get("/api/admin/hotline-stats")
@admin_only
async def figures(_signed_in: SignedIn) -> ResponseReturnValue:
    """Figures of some days."""
    chosen, days = read_filter(frozenset({"hotline", "from", "to"}))
    return render_figures(await see_figures(deps().world, chosen.hotline_id, days))


def read_filter(allowed: frozenset[str]) -> tuple[LogFilter, Asked]:
    """What the query asks for. A name that is not known is refused: a mistyped filter would show everything.

    Raises: InvalidInput.
    """
    for name in request.args:
        if name not in allowed:
            raise InvalidInput("There is no such filter.", field=name[:64])
    hotline, volunteer = _id("hotline"), _id("volunteer")
    chosen = LogFilter(
        hotline_id=HotlineId(hotline) if hotline else None,
        ending=_one_of("ending", (*CallEnding, OPEN)),
        language=_one_of("language", BY_CODE),
        volunteer_id=VolunteerId(volunteer) if volunteer else None,
        label=_label(),
    )
    return chosen, Asked(_day("from"), _day("to"))


async def _lines(batches: AsyncGenerator[Sequence[LoggedCall], None]) -> AsyncGenerator[str, None]:
    yield BOM + csv_text([COLUMNS])
    async for batch in batches:
        yield csv_text(row_of(call) for call in batch)


def _id(name: str) -> str | None:
    text = request.args.get(name)
    if not text:
        return None
    if ID.fullmatch(text) is None:
        raise InvalidInput(f"`{name}` is no id.", field=name)
    return text


def _one_of(name: str, known: Iterable[str]) -> str | None:
    text = request.args.get(name)
    if not text:
        return None
    if text not in known:
        raise InvalidInput(f"`{name}` is one of {', '.join(known)}.", field=name)
    return text


def _label() -> str | None:
    text = request.args.get("label")
    if not text:
        return None
    found = LABEL.fullmatch(text.strip())
    if found is None:
        raise InvalidInput("A caller's label is four digits or letters, such as 7F3A.", field="label")
    return f"Caller {found[1].upper()}"


def _day(name: str) -> date | None:
    text = request.args.get(name)
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or len(text) != 10 or day.year not in YEARS:
        raise InvalidInput(f"`{name}` is a day, such as 2026-12-24.", field=name)
    return day
