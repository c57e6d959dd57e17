"""Let a call in, or not (threat model, TM-F6). Everything happens in the unit that answers the call."""

from datetime import datetime

from softphone.actions.world import World
from softphone.domain.admission import (
    PROOF_DIGITS,
    Admission,
    AdmissionFacts,
    AdmissionState,
    Admitted,
    MustProve,
    decide_admission,
    decide_proof,
)
from softphone.domain.callers import KnownCaller
from softphone.store.admissions import (
    count_admissions,
    insert_admission,
    select_asked,
    update_admission_state,
    update_digits,
    update_try,
)
from softphone.store.blocks import select_blocked_until
from softphone.store.database import Connection
from softphone.store.privacy import select_hotline_privacy


async def admit(
    world: World, db: Connection, caller: KnownCaller, *, hotline_id: str, call_uuid: str, now: datetime
) -> Admission:
    """Whether a call comes in. Asked again for the same call, the answer is the same, unless it was refused.

    A few indexed reads whatever the traffic is, and no write at all for a call that is refused.
    """
    asked = await select_asked(db, call_uuid)
    limits = await select_hotline_privacy(db, hotline_id)
    by_caller, in_all, lately = await count_admissions(db, caller.id, hotline_id=hotline_id, limits=limits, now=now)
    facts = AdmissionFacts(
        asked=asked,
        blocked_until=await select_blocked_until(db, caller.id, hotline_id=hotline_id),
        by_caller=by_caller,
        in_all=in_all,
        lately=lately,
        limits=limits,
        digits=_digits(world),
    )
    admission = decide_admission(facts, now=now)
    if asked is None and isinstance(admission, Admitted | MustProve):
        digits = admission.digits if isinstance(admission, MustProve) else None
        await insert_admission(db, call_uuid, caller.id, hotline_id=hotline_id, digits=digits, now=now)
    return admission


async def prove(world: World, db: Connection, pressed: str, *, call_uuid: str) -> Admission:
    """What the keys mean that a caller pressed after `MustProve`: in, once more, or not."""
    await update_try(db, call_uuid)
    asked = await select_asked(db, call_uuid)
    admission = decide_proof(asked, pressed, digits=_digits(world))
    if asked is not None and asked.state is AdmissionState.PROVING:
        match admission:
            case Admitted():
                await update_admission_state(db, call_uuid, AdmissionState.ADMITTED)
            case MustProve(digits):
                await update_digits(db, call_uuid, digits)
            case _:
                await update_admission_state(db, call_uuid, AdmissionState.FAILED)
    return admission


def _digits(world: World) -> str:
    drawn = int.from_bytes(world.chance(4)) % 10**PROOF_DIGITS
    return f"{drawn:0{PROOF_DIGITS}d}"
