"""The scripted parties of a sandbox: callers that call now, and callees that wait under a number or a SIP user."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from softphone.sandbox.accounts import Account
from softphone.sandbox.legs import Arrival
from softphone.sandbox.scripted import ScriptedLeg, Surroundings
from softphone.sandbox.scripts import Behaviour, Script, ScriptInvalid, read_behaviour, read_script, whole
from softphone.sandbox.sip.address import read_uri

DOMAIN = "phone.plivo.com"
MOST_CALLERS = 1_000
"""So many callers may begin at once."""

KEPT = 5_000
"""So many callers are remembered; the oldest is forgotten first."""

CALLER_FIELDS = frozenset({"from", "to", "name", "count", "steps", "speech_ms", "patience_ms"})
CALLEE_FIELDS = frozenset({"number", "user", "outcome", "ring_ms", "after_ms", "steps", "speech_ms", "patience_ms"})

_DIGITS = re.compile(r"\+?[0-9]{3,15}")
_USER = re.compile(r"[A-Za-z0-9_]{1,90}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """A caller that has begun to call."""

    id: str
    call_uuid: str
    to: str
    leg: ScriptedLeg


@dataclass(slots=True, kw_only=True)
class Callee:
    """A callee that waits to be called, and its calls so far."""

    behaviour: Behaviour
    calls: list[ScriptedLeg] = field(default_factory=list)


class Parties:
    """Every scripted party. `arrive` takes a call in and names it."""

    def __init__(
        self,
        *,
        account: Account,
        arrive: Callable[[Arrival], str],
        new_id: Callable[[], str],
        around: Surroundings,
    ) -> None:
        self._account = account
        self._arrive = arrive
        self._new_id = new_id
        self._around = around
        self._callers: dict[str, Caller] = {}
        self._callees: dict[str, Callee] = {}

    def call(self, body: Mapping[str, object]) -> tuple[Caller, ...]:
        """Begin one or many calls. Raises: ScriptInvalid."""
        sender, to, name = body.get("from"), body.get("to"), body.get("name", "")
        if not isinstance(sender, str) or not isinstance(to, str) or not isinstance(name, str):
            raise ScriptInvalid("from, to and name are text.")
        script = read_script(body)
        app_id = self._application(sender, to)
        many = whole("count", body.get("count", 1), low=1, high=MOST_CALLERS)
        return tuple(
            self._begin(
                sender=_counted(sender, index), to=to.removeprefix("+"), name=name, app_id=app_id, script=script
            )
            for index in range(many)
        )

    def wait(self, body: Mapping[str, object]) -> str:
        """Put a callee under a number or a SIP user: its name. It takes the place of one that was there before.

        Raises: ScriptInvalid.
        """
        name = _callee_name(body)
        self._callees[name] = Callee(behaviour=read_behaviour(body))
        return name

    def leg_to(self, name: str) -> ScriptedLeg | None:
        """A leg to ring the callee under this number or SIP user. None when there is none."""
        callee = self._callees.get(name)
        if callee is None:
            return None
        leg = ScriptedLeg(
            address=name if name.isdigit() else f"sip:{name}@{DOMAIN}",
            script=callee.behaviour.script,
            around=self._around,
            behaviour=callee.behaviour,
        )
        callee.calls.append(leg)
        return leg

    def calls_of(self, name: str) -> tuple[ScriptedLeg, ...]:
        """The calls that a callee has had, oldest first."""
        callee = self._callees.get(name)
        return () if callee is None else tuple(callee.calls)

    def callers(self) -> list[Mapping[str, object]]:
        """What every caller has done so far."""
        return [_caller_json(one) for one in self._callers.values()]

    def tell(self, caller_id: str) -> bool:
        """Tell a caller that waits for `told` to go on. False when there is none."""
        found = self._callers.get(caller_id)
        if found is not None:
            found.leg.go_on()
        return found is not None

    def caller(self, caller_id: str) -> Mapping[str, object] | None:
        """What one caller has done so far; None when there is none."""
        found = self._callers.get(caller_id)
        return None if found is None else _caller_json(found)

    def callees(self) -> list[Mapping[str, object]]:
        """Every callee with its calls."""
        return [
            {
                "number" if name.isdigit() else "user": name,
                "outcome": one.behaviour.outcome.value,
                "calls": [_leg_json(leg) for leg in one.calls],
            }
            for name, one in self._callees.items()
        ]

    def dismiss_callers(self) -> None:
        """Every caller hangs up and is forgotten."""
        callers, self._callers = tuple(self._callers.values()), {}
        for one in callers:
            one.leg.leave()

    def dismiss_callees(self) -> None:
        """Every callee hangs up and is forgotten."""
        callees, self._callees = tuple(self._callees.values()), {}
        for one in callees:
            for leg in one.calls:
                leg.leave()

    def _application(self, sender: str, to: str) -> str | None:
        if sender.startswith("sip:"):
            uri = read_uri(sender)
            if uri is None or uri.host != DOMAIN or not uri.user:
                raise ScriptInvalid(f"An endpoint that calls is sip:NAME@{DOMAIN}.")
            found = self._account.application_for_sip_user(uri.user)
            return found.app_id if found is not None else None
        if sender not in ("", "anonymous") and not _DIGITS.fullmatch(sender):
            raise ScriptInvalid("from is a number of 3 to 15 digits, anonymous, empty, or an endpoint's SIP address.")
        number = self._account.number(to)
        if number is None:
            raise ScriptInvalid("to is no number of this account.")
        return number.app_id

    def _begin(self, *, sender: str, to: str, name: str, app_id: str | None, script: Script) -> Caller:
        leg = ScriptedLeg(address=sender, script=script, around=self._around)
        call_uuid = self._arrive(Arrival(leg=leg, dialled=to, caller_name=name, app_id=app_id))
        caller = Caller(id=self._new_id(), call_uuid=call_uuid, to=to, leg=leg)
        while len(self._callers) >= KEPT:
            del self._callers[next(iter(self._callers))]
        self._callers[caller.id] = caller
        leg.begin()
        return caller


def _counted(sender: str, index: int) -> str:
    """The sender's number, counted up."""
    digits = sender.removeprefix("+")
    return str(int(digits) + index).zfill(len(digits)) if digits.isdigit() else sender


def _callee_name(body: Mapping[str, object]) -> str:
    match body.get("number"), body.get("user"):
        case str(number), None if _DIGITS.fullmatch(number):
            return number.removeprefix("+")
        case None, str(user) if _USER.fullmatch(user) and not user.isdigit():
            return user
        case _:
            raise ScriptInvalid("Give a number of 3 to 15 digits, or a user: the name in its SIP address.")


def _leg_json(leg: ScriptedLeg) -> dict[str, object]:
    return {"state": leg.state, "step": leg.step, "heard": list(leg.heard)}


def _caller_json(one: Caller) -> Mapping[str, object]:
    return {"id": one.id, "call_uuid": one.call_uuid, "from": one.leg.address, "to": one.to, **_leg_json(one.leg)}
