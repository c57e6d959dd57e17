"""Runs the XML of a call, document after document, until the call ends (`wire.md` 3.1 to 3.4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import assert_never

from softphone.sandbox import verbs, xml
from softphone.sandbox.call import Call, CallOver
from softphone.sandbox.dial import Dialled, action_fields, run_dial
from softphone.sandbox.fields import standard
from softphone.sandbox.hangups import hangup
from softphone.sandbox.ladder import Hangup, Kind
from softphone.sandbox.verbs import Verb

# A document that redirects to itself for ever would never end the call.
MAX_DOCUMENTS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where the next document comes from. The codes say how the call ends when it is not to be had, or is wrong."""

    url: str
    method: str
    fields: Mapping[str, str]
    unreachable: int
    invalid: int


Step = Source | Hangup | None
"""What follows an element: another document, the end, or (None) the next element."""


async def run_script(call: Call) -> Hangup:
    """Ask the answer URL, do what it says, and so on: why the call ended."""
    try:
        document = await _first_document(call)
        for _ in range(MAX_DOCUMENTS):
            step = await _run_document(call, document)
            if isinstance(step, Hangup):
                return step
            document = await _fetch(call, step)
        return hangup(5010, source="Plivo")
    except CallOver as over:
        return over.hangup


async def _first_document(call: Call) -> tuple[Verb, ...]:
    application = call.facts.application
    if call.facts.document is not None:
        return xml.read(call.facts.document)
    main = Source(
        url=application.answer_url,
        method=application.answer_method,
        fields=standard(call, "StartApp"),
        unreachable=7011,
        invalid=8011,
    )
    if not application.fallback_answer_url:
        return await _fetch(call, main)
    body = await _ask(call, main)
    if body is None:
        fallback = Source(
            url=application.fallback_answer_url,
            method=application.fallback_method,
            fields=main.fields,
            unreachable=7011,
            invalid=8011,
        )
        return await _fetch(call, fallback)
    return _read(call, main, body)


async def _fetch(call: Call, source: Source) -> tuple[Verb, ...]:
    body = await _ask(call, source)
    if body is None:
        raise CallOver(hangup(source.unreachable, source="Error"))
    return _read(call, source, body)


async def _ask(call: Call, source: Source) -> bytes | None:
    """The body of a document; None when the URL cannot be reached or says no."""
    if not source.url:
        call.note(Kind.ERROR, "The application has no answer URL")
        return None
    asking = call.engine.callbacks.ask(source.url, method=source.method, fields=source.fields, ladder=call.ladder)
    reply = await call.during(asking)
    return None if isinstance(reply, str) or not reply.usable else reply.body


def _read(call: Call, source: Source, body: bytes) -> tuple[Verb, ...]:
    try:
        return xml.read(body)
    except xml.XmlInvalid as error:
        call.note(Kind.ERROR, "The XML cannot be used", detail=str(error))
        raise CallOver(hangup(source.invalid, source="Error")) from None


async def _run_document(call: Call, document: tuple[Verb, ...]) -> Source | Hangup:
    end = hangup(4010, source="Plivo")
    for verb in document:
        step = await _run_verb(call, verb)
        if isinstance(step, Dialled):
            # A Dial that is the last element leaves the call with nothing but its own end.
            end = _end_after(step)
            continue
        end = hangup(4010, source="Plivo")
        if step is not None:
            return step
    return end


def _end_after(dialled: Dialled) -> Hangup:
    return hangup(4000, source=dialled.end.source) if dialled.status == "completed" else dialled.end


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
            await _wait(call, length)
        case verbs.PreAnswer():
            return await _pre_answer(call, verb)
        case verbs.Speak() | verbs.Play():
            await call.answer(None)
            await _utter(call, verb)
        case verbs.GetDigits():
            await call.answer(None)
            return await _get_digits(call, verb)
        case verbs.GetInput():
            await call.answer(None)
            return await _get_digits(call, _as_get_digits(verb))
        case verbs.Dtmf(keys=keys):
            await call.answer(None)
            for key in keys.replace("w", "").replace("W", ""):
                await call.leg.send_digit(key)
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
            await _utter(call, inner)
        else:
            step = await _run_verb(call, inner)
            if step is not None and not isinstance(step, Dialled):
                return step
    return None


async def _utter(call: Call, verb: verbs.Speak | verbs.Play, *, stop_at_key: bool = False) -> str | None:
    """Speak or play, as often as the element says: the key that stopped it, or None."""
    said = 0
    while verb.loop == 0 or said < verb.loop:
        said += 1
        if isinstance(verb, verbs.Speak):
            call.note(Kind.TO_PHONE, "Speak", detail=verb.text)
            work = call.leg.speak(verb.text, language=verb.language, voice=verb.voice)
        else:
            call.note(Kind.TO_PHONE, "Play", detail=verb.url)
            work = call.leg.play(verb.url)
        key = await call.during(work, stop_at_key=stop_at_key)
        if key is not None:
            return key
    return None


async def _wait(call: Call, seconds: int, *, stop_at_key: bool = False) -> str | None:
    if stop_at_key:
        return await call.next_key(seconds)
    await call.idle(seconds)
    return None


async def _get_digits(call: Call, verb: verbs.GetDigits) -> Step:
    for _ in range(verb.retries):
        digits = await _collect(call, verb)
        if digits is None and verb.invalid_digits_sound is not None:
            await _utter(call, verbs.Play(url=verb.invalid_digits_sound))
        if digits:
            call.note(Kind.PLIVO, "Digits collected", detail=digits if verb.log else "not shown")
            return _after_digits(call, verb, digits)
    call.note(Kind.PLIVO, "No digits came")
    return None


def _after_digits(call: Call, verb: verbs.GetDigits, digits: str) -> Step:
    if verb.action is None:
        return None
    fields = standard(call, "GetDigits") | {"Digits": digits}
    if verb.redirect:
        return Source(url=verb.action, method=verb.method, fields=fields, unreachable=7012, invalid=8012)
    call.engine.callbacks.tell(verb.action, method=verb.method, fields=fields, ladder=call.ladder)
    return None


async def _collect(call: Call, verb: verbs.GetDigits) -> str | None:
    """One round: the digits, empty when none came, None when a key came that is not allowed."""
    key: str | None = None
    for prompt in verb.prompts:
        key = (
            await _wait(call, prompt.length, stop_at_key=True)
            if isinstance(prompt, verbs.Wait)
            else await _utter(call, prompt, stop_at_key=True)
        )
        if key is not None:
            break
    digits = ""
    key = key or await call.next_key(verb.timeout)
    while key is not None and key != verb.finish_on_key:
        if key not in verb.valid_digits:
            return None
        digits += key
        if len(digits) == verb.num_digits:
            break
        key = await call.next_key(verb.digit_timeout)
    return digits


def _as_get_digits(verb: verbs.GetInput) -> verbs.GetDigits:
    """The sandbox hears no speech: what is left of GetInput are the keys."""
    return verbs.GetDigits(
        prompts=verb.prompts,
        action=verb.action,
        method=verb.method,
        timeout=verb.execution_timeout,
        digit_timeout=verb.digit_end_timeout or 2,
        num_digits=verb.num_digits,
        finish_on_key=verb.finish_on_key,
        redirect=verb.redirect,
        log=verb.log,
    )
