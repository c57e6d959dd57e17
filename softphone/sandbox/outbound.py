"""A call that the API makes: its first leg is rung, and once it answers the answer URL says what follows.

Source: `rest.md` 6.1; `wire.md` 4.4.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from softphone.sandbox.accounts import Application
from softphone.sandbox.call import Call, CallOver, Heard
from softphone.sandbox.fields import standard
from softphone.sandbox.hangups import from_status, hangup
from softphone.sandbox.ladder import Hangup, Kind
from softphone.sandbox.legs import Answered, Refused, Ringing, RingRequest
from softphone.sandbox.script import run_script
from softphone.sandbox.utter import send_keys


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What the API asked for. Spans are seconds. `machine_detection` is empty, `true` or `hangup`."""

    caller: str
    to: str
    application: Application
    caller_name: str = ""
    ring_url: str = ""
    ring_method: str = "POST"
    send_digits: str = ""
    send_on_preanswer: bool = False
    time_limit: int = 14_400
    hangup_on_ring: int | None = None
    ring_timeout: int = 120
    machine_detection: str = ""
    machine_detection_url: str = ""
    machine_detection_method: str = "POST"
    headers: Mapping[str, str] = field(default_factory=dict)


async def run_outbound(call: Call, order: Order, *, offer: str, cannot: Hangup | None) -> Hangup:
    """Ring, and run what the answer URL says: why the call ended. `cannot` says why it cannot be rung at all."""
    if cannot is not None:
        call.note(Kind.ERROR, f"{order.to} cannot be rung", detail=f"{cannot.code} {cannot.name}")
        return cannot
    call.note(Kind.TO_PHONE, f"Ring {order.to}", detail=f"from {order.caller}")
    await call.leg.ring(
        RingRequest(
            leg_uuid=call.facts.uuid,
            offer=offer,
            caller_id=order.caller,
            caller_name=order.caller_name,
            headers=order.headers,
        )
    )
    try:
        refusal = await _until_answered(call, order)
        if refusal is not None:
            return refusal
        machine = _look_for_a_machine(call, order)
    except CallOver as over:
        return over.hangup
    if isinstance(machine, Hangup):
        return machine
    return await run_script(call, machine)


async def _until_answered(call: Call, order: Order) -> Hangup | None:
    """Wait for the answer: None, or why there is none. Raises: CallOver."""
    loop = asyncio.get_running_loop()
    ends = loop.time() + order.ring_timeout * call.engine.second
    while True:
        item = await call.next((ends - loop.time()) / call.engine.second)
        match item:
            case None:
                call.note(Kind.PLIVO, f"Nobody answered within {order.ring_timeout} s")
                return hangup(6010, source="Plivo")
            case Heard(leg=leg, event=Ringing()) if leg is call.leg:
                _rings(call, order)
            case Heard(leg=leg, event=Refused(status=status, reason=reason)) if leg is call.leg:
                call.note(Kind.FROM_PHONE, f"{order.to} does not take the call", detail=f"{status} {reason}")
                return from_status(status)
            case Heard(leg=leg, event=Answered()) if leg is call.leg:
                call.picked_up()
                call.order_later(hangup(6000, source="Plivo"), seconds=order.time_limit)
                if not order.send_on_preanswer:
                    _send_digits(call, order)
                return None
            case _:
                await call.take(item)


def _rings(call: Call, order: Order) -> None:
    call.note(Kind.FROM_PHONE, f"{order.to} rings")
    call.begins_to_ring()
    if order.ring_url:
        ringing = standard(call, "Ring")
        call.engine.callbacks.tell(order.ring_url, method=order.ring_method, fields=ringing, ladder=call.ladder)
    if order.hangup_on_ring is not None:
        call.order_later(hangup(6000, source="Plivo"), seconds=order.hangup_on_ring)
    if order.send_on_preanswer:
        _send_digits(call, order)


def _send_digits(call: Call, order: Order) -> None:
    # An `@1000` at the end is the length of each tone.
    keys = order.send_digits.partition("@")[0]
    if keys:
        call.note(Kind.TO_PHONE, f"Keys {keys}")
        call.background(send_keys(call, call.leg, keys))


def _look_for_a_machine(call: Call, order: Order) -> Mapping[str, str] | Hangup:
    """What the answer URL is told of a machine, or the end: 9100. With a URL of its own the answer URL is told nothing.

    The sandbox knows at once; Plivo listens for some seconds.
    """
    if not order.machine_detection:
        return {}
    found = "true" if call.leg.machine else "false"
    call.note(Kind.PLIVO, "A machine answers" if call.leg.machine else "A person answers")
    if order.machine_detection_url:
        fields = standard(call, "MachineDetection") | {
            "Machine": found,
            "IfMachine": "hangup" if order.machine_detection == "hangup" else "continue",
        }
        method = order.machine_detection_method
        call.engine.callbacks.tell(order.machine_detection_url, method=method, fields=fields, ladder=call.ladder)
    if call.leg.machine and order.machine_detection == "hangup":
        return hangup(9100, source="Plivo")
    return {} if order.machine_detection_url else {"Machine": found}
