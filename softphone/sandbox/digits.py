"""The elements `<GetDigits>` and `<GetInput>`: a prompt, and the keys that the caller presses (`wire.md` 3.4)."""

from softphone.sandbox import verbs
from softphone.sandbox.call import Call
from softphone.sandbox.documents import Source, Step
from softphone.sandbox.fields import standard
from softphone.sandbox.ladder import Kind
from softphone.sandbox.utter import utter

ANY_KEY = "0123456789*#ABCD"


async def get_digits(call: Call, verb: verbs.GetDigits) -> Step:
    """Ask as often as `retries` says: what follows the digits, or None when none came. Raises: CallOver."""
    for _ in range(verb.retries):
        digits = await _collect(call, verb)
        if digits is None:
            call.note(Kind.PLIVO, "A key that is not allowed", detail=f"allowed are {verb.valid_digits}")
            if verb.invalid_digits_sound is not None:
                await utter(call, verbs.Play(url=verb.invalid_digits_sound))
        if digits:
            call.note(Kind.PLIVO, "Digits collected", detail=digits if verb.log else "not shown")
            return _after_digits(call, verb, digits)
    call.note(Kind.PLIVO, "No digits came")
    return None


def as_get_digits(verb: verbs.GetInput) -> verbs.GetDigits:
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
    await call.leg.expect_keys()
    key = await _prompt(call, verb)
    if key is None and verb.play_beep:
        call.note(Kind.TO_PHONE, "Beep")
        key = await call.during(call.leg.beep(), stop_at=ANY_KEY)
    digits = ""
    key = key or await call.next_key(verb.timeout)
    while key is not None and (not verb.finish_on_key or key not in verb.finish_on_key):
        if key not in verb.valid_digits:
            return None
        digits += key
        if len(digits) == verb.num_digits:
            break
        key = await call.next_key(verb.digit_timeout)
    return digits


async def _prompt(call: Call, verb: verbs.GetDigits) -> str | None:
    """Say the prompt: the key that stopped it, or None."""
    for prompt in verb.prompts:
        if isinstance(prompt, verbs.Wait):
            key = await call.next_key(prompt.length)
        else:
            key = await utter(call, prompt, stop_at=ANY_KEY)
        if key is not None:
            return key
    return None
