"""Where a call's documents come from: the answer URL with its fallback, and every URL that follows."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from softphone.sandbox import xml
from softphone.sandbox.call import Call, CallOver
from softphone.sandbox.fields import standard
from softphone.sandbox.hangups import hangup
from softphone.sandbox.ladder import Hangup, Kind
from softphone.sandbox.verbs import Play, Speak, Verb, Wait


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


async def first_document(call: Call, extra: Mapping[str, str]) -> tuple[Verb, ...]:
    """What the answer URL says; the fallback URL is asked when it cannot be reached, or says what is no Plivo XML.

    `extra` are parameters of this one request. Raises: CallOver (7011, 8011).
    Source: `wire.md` 4.4 and 4.7; `rest.md` 4.2 for the invalid XML.
    """
    application = call.facts.application
    if call.facts.document is not None:
        return xml.read(call.facts.document)
    main = Source(
        url=application.answer_url,
        method=application.answer_method,
        fields={**standard(call, "StartApp"), **extra},
        unreachable=7011,
        invalid=8011,
    )
    try:
        return await fetch(call, main)
    except _Unusable:
        if not application.fallback_answer_url:
            raise
    call.note(Kind.PLIVO, "The fallback URL is asked")
    return await fetch(call, replace(main, url=application.fallback_answer_url, method=application.fallback_method))


async def fetch(call: Call, source: Source) -> tuple[Verb, ...]:
    """The document of a URL. Raises: CallOver with the source's code."""
    body = await _ask(call, source)
    if body is None:
        raise _Unusable(hangup(source.unreachable, source="Error"))
    try:
        return xml.read(body)
    except xml.XmlInvalid as error:
        call.note(Kind.ERROR, "The XML cannot be used", detail=str(error))
        raise _Unusable(hangup(source.invalid, source="Error")) from None


async def fetch_sounds(call: Call, url: str) -> tuple[Speak | Play | Wait, ...]:
    """The Speak, Play and Wait of a confirmSound or dialMusic URL; nothing when there is none to be had.

    Source: `wire.md` 3.5. What Plivo does with a wrong one is not documented; here it is silence and a remark.
    """
    reply = await call.engine.callbacks.ask(url, method="POST", fields=standard(call, "Redirect"), ladder=call.ladder)
    if not reply.usable:
        return ()
    try:
        verbs = xml.read(reply.body)
    except xml.XmlInvalid as error:
        call.note(Kind.ERROR, "The XML cannot be used", detail=str(error))
        return ()
    sounds = tuple(verb for verb in verbs if isinstance(verb, Speak | Play | Wait))
    if len(sounds) != len(verbs):
        call.note(Kind.ERROR, "Only Speak, Play and Wait are heard here", detail="the rest is passed over")
    return sounds


class _Unusable(CallOver):
    """A document is not to be had, or is none."""


async def _ask(call: Call, source: Source) -> bytes | None:
    """The body of a document; None when the URL cannot be reached or says no."""
    if not source.url:
        call.note(Kind.ERROR, "The application has no answer URL")
        return None
    asking = call.engine.callbacks.ask(source.url, method=source.method, fields=source.fields, ladder=call.ladder)
    reply = await call.during(asking)
    return None if isinstance(reply, str) or not reply.usable else reply.body
