"""Runs the XML of a call, document after document, until the call ends (`wire.md` 3.1 to 3.4)."""

from collections.abc import Mapping
from typing import assert_never

from softphone.sandbox import verbs
from softphone.sandbox.call import Call, CallOver, Transferred
from softphone.sandbox.dial import Dialled, action_fields, run_dial
from softphone.sandbox.digits import as_get_digits, get_digits
from softphone.sandbox.documents import Source, Step, fetch, first_document
from softphone.sandbox.fields import standard
from softphone.sandbox.hangups import hangup
from softphone.sandbox.ladder import Hangup, Kind
from softphone.sandbox.record import run_record
from softphone.sandbox.utter import send_keys, utter
from softphone.sandbox.verbs import Verb

# A document that redirects to itself for ever would never end the call; neither would transfers (`rest.md` 6.4: 70).
MAX_DOCUMENTS = 100
MAX_TRANSFERS = 70


async def run_script(call: Call, extra: Mapping[str, str] | None = None) -> Hangup:
    """Ask the answer URL, do what it says, and so on: why the call ended. `extra` goes to the answer URL alone."""
    source: Source | None = None
    try:
        for _ in range(MAX_TRANSFERS + 1):
            try:
                return await _run(call, source, extra or {})
            except Transferred as elsewhere:
                call.note(Kind.REST, "The API transfers the call", detail=elsewhere.url)
                fields = standard(call, "Redirect")
                source = Source(
                    url=elsewhere.url, method=elsewhere.method, fields=fields, unreachable=7013, invalid=8013
                )
        return hangup(2060, source="Plivo")
    except CallOver as over:
        return over.hangup


async def _run(call: Call, source: Source | None, extra: Mapping[str, str]) -> Hangup:
    document = await first_document(call, extra) if source is None else await fetch(call, source)
    for _ in range(MAX_DOCUMENTS):
        step = await _run_document(call, document)
        if isinstance(step, Hangup):
            return step
        document = await fetch(call, step)
    return hangup(5010, source="Plivo")


async def _run_document(call: Call, document: tuple[Verb, ...]) -> Source | Hangup:
    end = hangup(4010, source="Plivo")
    for verb in document:
        step = await _run_verb(call, verb)
        if isinstance(step, Dialled):
            end = _end_after(call, step)
            continue
        end = hangup(4010, source="Plivo")
        if step is not None:
            return step
    return end


def _end_after(call: Call, dialled: Dialled) -> Hangup:
    """How a call ends that has nothing left to do after a Dial.

    When nobody took it, the document has simply come to its end: 4010 (`wire.md` 3.1). The caller's own phone still
    learns why, as SIP passes it on. Calls among outsiders have no document, so theirs is the callee's own end.
    """
    if dialled.status == "completed":
        return hangup(4000, source=dialled.end.source)
    if call.facts.document is not None:
        return dialled.end
    call.refused_by = dialled.end
    return hangup(4010, source="Plivo")


async def _run_verb(call: Call, verb: Verb) -> Step | Dialled:
    match verb:
        case verbs.Dial():
            return await _dial(call, verb)
        case verbs.Hangup():
            return _hang_up(call, verb)
        case verbs.Redirect(url=url, method=method):
            fields = standard(call, "Redirect")
            return Source(url=url, method=method, fields=fields, unreachable=7014, invalid=8014)
        case verbs.Wait(length=length):
            call.note(Kind.PLIVO, f"Wait {length} s")
            # The only thing that may come in the meantime is the end, which is raised: keys are not kept.
            await call.idle(length)
        case verbs.PreAnswer():
            return await _pre_answer(call, verb)
        case verbs.Speak() | verbs.Play():
            await call.answer(None)
            await utter(call, verb)
        case verbs.GetDigits():
            await call.answer(None)
            return await get_digits(call, verb)
        case verbs.GetInput():
            await call.answer(None)
            return await get_digits(call, as_get_digits(verb))
        case verbs.Record():
            return await run_record(call, verb)
        case verbs.Dtmf(keys=keys, in_background=in_background):
            await call.answer(None)
            call.note(Kind.TO_PHONE, f"Keys {keys}")
            if in_background:
                call.background(send_keys(call, call.leg, keys))
            else:
                await call.during(send_keys(call, call.leg, keys))
        case verbs.Message():
            call.note(Kind.PLIVO, "A text message would be sent here")
        case verbs.NotPlayed(element=element):
            call.note(Kind.ERROR, f"<{element}> is not played by the sandbox", detail="it is passed over")
        case _:
            assert_never(verb)
    return None


async def _dial(call: Call, verb: verbs.Dial) -> Step | Dialled:
    dialled = await run_dial(call, verb)
    detail = f"DialStatus {dialled.status}\n{dialled.end.code} {dialled.end.name}"
    call.note(Kind.PLIVO, "The Dial has ended", detail=detail)
    if verb.action is not None:
        fields = action_fields(call, dialled)
        ask = call.engine.callbacks
        if dialled.over is None and verb.redirect:
            return Source(url=verb.action, method=verb.method, fields=fields, unreachable=7012, invalid=8012)
        # The call is over, or the answer does not count: the URL is only told.
        ask.tell(verb.action, method=verb.method, fields=fields, ladder=call.ladder)
    if dialled.over is not None:
        raise dialled.over
    return dialled


def _hang_up(call: Call, verb: verbs.Hangup) -> Step:
    if verb.schedule:
        call.note(Kind.PLIVO, f"Hang up in {verb.schedule} s")
        call.order_later(hangup(6000, source="Plivo"), seconds=verb.schedule)
        return None
    code = {"rejected": 3020, "busy": 3010}.get(verb.reason or "", 4000)
    return hangup(code, source="Answer XML")


async def _pre_answer(call: Call, verb: verbs.PreAnswer) -> Step:
    """Early media: nothing is heard by a browser that has not been answered, but the time passes."""
    for inner in verb.verbs:
        if isinstance(inner, verbs.Speak | verbs.Play):
            await utter(call, inner)
        else:
            step = await _run_verb(call, inner)
            if step is not None and not isinstance(step, Dialled):
                return step
    return None
