"""A call as one person sees it, as plain values that travel: no number beyond its masked tail."""

from datetime import datetime

from softphone.domain.calls import Call, Party, PeerKind
from softphone.domain.ids import PhoneNumber, VolunteerId
from softphone.domain.refusals import sentence
from softphone.domain.times import iso

SHOWN_DIGITS = 4  # Threat model, section 4.


def masked(number: PhoneNumber) -> str:
    """All that is shown of a number."""
    return f"…{number[-SHOWN_DIGITS:]}"


def call_body(call: Call, viewer: VolunteerId) -> dict[str, object]:
    """The call from a volunteer's side: who is at the other end, and which way it went."""
    incoming = call.peer is not None and call.peer.id == viewer and (call.caller is None or call.caller.id != viewer)
    other = call.caller if incoming else call.peer
    kind = PeerKind.COLLEAGUE if incoming and other else call.peer_kind
    own = call.peer if incoming else call.caller
    progress = call.progress
    return {
        "id": call.id,
        "ref": call.page_ref,
        "direction": "in" if incoming else "out",
        "peer": _peer(kind, other, None if incoming else call.masked),
        "state": progress.state.value,
        "outcome": progress.outcome.value if progress.outcome else None,
        "reason": call.refusal.value if call.refusal else None,
        "message": sentence(call.refusal, own.languages if own else ()) if call.refusal else None,
        "started_at": _written(call.started_at),
        "answered_at": _written(progress.answered_at),
        "ended_at": _written(progress.ended_at),
        "seconds": progress.seconds,
    }


def _peer(kind: PeerKind, other: Party | None, tail: str | None) -> dict[str, object]:
    return {
        "kind": kind.value,
        "name": other.name if other else None,
        "extension": other.extension if other else None,
        "masked": tail,
    }


def _written(moment: datetime | None) -> str | None:
    return iso(moment) if moment is not None else None
