"""Decisions as Plivo XML."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from softphone.domain.dialling import RING_FOR, DialColleague, DialDecision, DialNumber, Refuse
from softphone.domain.refusals import Refusal, sentence, speaks_spanish
from softphone.plivo.xml import Dial, Hangup, Number, Speak, User, render

NOTHING_MORE = render([])
"""Plivo hangs up at the end of a document (`wire.md` 3.1); also what a callback that is only told gets."""
HANG_UP = render([Hangup()])


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What a decision does not say: where Plivo reports to, who calls, in which languages they are spoken to."""

    action_url: str
    callback_url: str
    caller_name: str | None
    languages: Sequence[str]
    page_ref: str | None


def render_dial(decision: DialDecision, around: Around) -> bytes:
    """The answer to a call that an endpoint has started."""
    headers = {"ref": around.page_ref} if around.page_ref else {}
    match decision:
        case DialNumber():
            dial = Dial(
                callees=(Number(decision.number),),
                ring_seconds=int(RING_FOR.total_seconds()),
                talk_seconds=int(decision.talk_for.total_seconds()),
                action=around.action_url,
                callback_url=around.callback_url,
                caller_id=decision.caller_id,
                sip_headers=headers,
            )
            return render([dial])
        case DialColleague():
            dial = Dial(
                callees=tuple(User(one.address.reveal(), one.send_digits) for one in decision.phones),
                ring_seconds=int(RING_FOR.total_seconds()),
                talk_seconds=int(decision.talk_for.total_seconds()),
                action=around.action_url,
                callback_url=f"{around.callback_url}?rung={len(decision.phones)}",
                caller_id=decision.caller_id,
                caller_name=around.caller_name,
                sip_headers=headers,
            )
            return render([dial])
        case Refuse(refusal):
            return render_refusal(refusal, around.languages)
        case _:
            assert_never(decision)


def render_refusal(refusal: Refusal, languages: Sequence[str]) -> bytes:
    """The reason, spoken, and the end."""
    language = "es-ES" if speaks_spanish(languages) else "en-US"
    return render([Speak(sentence(refusal, languages), language), Hangup()])
