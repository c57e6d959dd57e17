"""One party of a call, as the call engine sees it: a browser or softphone, or a page that plays an outside phone.

Media never passes through the sandbox: legs trade session descriptions and the two browsers talk directly. A leg tells
what happens to it as events; the engine tells a leg what to do with the methods below. None of the methods raises when
the party has gone: a `HungUp` event says so, once, and nothing follows it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Ringing:
    """The called party rings (SIP 180)."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The called party picked up; `sdp` answers the offer it was rung with."""

    sdp: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The called party did not take the call. `status` is a SIP status: 480, 486, 603 …"""

    status: int
    reason: str


@dataclass(frozen=True, slots=True)
class HungUp:
    """The party ended the call, or its connection was lost (`lost`)."""

    lost: bool = False


@dataclass(frozen=True, slots=True)
class Digit:
    """The party pressed a key: one of `0-9 * # A-D`."""

    key: str


@dataclass(frozen=True, slots=True)
class Reoffered:
    """The party offers a new session description inside the call (re-INVITE); answer with `Leg.accept`."""

    sdp: str


LegEvent = Ringing | Answered | Refused | HungUp | Digit | Reoffered


@dataclass(frozen=True, slots=True, kw_only=True)
class RingRequest:
    """What a called party is rung with. `headers` are the `X-PH-…` headers, name to value."""

    leg_uuid: str
    offer: str
    caller_id: str
    caller_name: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """What a party said while it was recorded: a WAV file and its length in milliseconds."""

    wav: bytes
    ms: int


class Leg(Protocol):
    """One party of a call."""

    @property
    def address(self) -> str:
        """How callbacks name the party: digits, or `sip:user@phone.plivo.com`."""

    @property
    def offer(self) -> str | None:
        """The session description that a calling party came with. None for called parties."""

    @property
    def headers(self) -> Mapping[str, str]:
        """The `X-PH-…` headers that a calling party sent."""

    @property
    def offers_last(self) -> bool:
        """May an offer of the party wait for its answer as long as somebody rings? Over SIP it may not."""

    @property
    def machine(self) -> bool:
        """Is it a machine that answers?"""

    @property
    def browser(self) -> bool:
        """Does the party take no other sound than browsers'?"""

    async def next_event(self) -> LegEvent:
        """The next thing that happens to the party. Waits for it."""

    async def ring(self, request: RingRequest) -> None:
        """Ring a called party. `Ringing`, `Answered` or `Refused` follow as events."""

    async def cancel(self, *, reason: str) -> None:
        """Stop ringing a called party: somebody else answered, or the caller gave up."""

    async def progress(self) -> None:
        """Tell a calling party that the other side rings (SIP 180)."""

    async def answer(self, sdp: str | None) -> None:
        """Answer a calling party with the other side's description; None when the sandbox itself speaks."""

    async def refuse(self, status: int, reason: str) -> None:
        """Turn a calling party away before it was answered."""

    async def connected(self) -> None:
        """Tell a calling party that it is now joined with the other side."""

    async def new_offer(self) -> str | None:
        """A fresh offer from a party that is already in the call, to join it to somebody. None: it cannot give one."""

    async def accept(self, sdp: str | None) -> None:
        """The answer to the party's latest offer (`new_offer`, or a `Reoffered` event); None when nobody is joined."""

    async def reoffer(self, sdp: str) -> str | None:
        """Offer a new description to a party in the call; its answer, or None when it refused."""

    async def speak(self, text: str, *, language: str, voice: str) -> None:
        """Let the party hear a sentence. Returns when it has been spoken."""

    async def play(self, url: str) -> None:
        """Let the party hear a recording. Returns when it has been played."""

    async def expect_keys(self) -> None:
        """Say that keys are asked for; the prompt follows."""

    async def beep(self) -> None:
        """Let the party hear a beep. Returns when it has sounded."""

    async def record(self, *, limit: float, silence: float) -> Sound | None:
        """Record what the party says: `limit` seconds at most, until so many seconds of silence, or `stop_audio`.

        None when the party has gone without sending what it said, or cannot send it.
        """

    async def stop_audio(self) -> None:
        """Stop what is being spoken, played or recorded: a key was pressed, or the call is over."""

    async def send_digit(self, key: str) -> None:
        """Let the party hear a key that the other side pressed."""

    async def hang_up(self, *, cause: str) -> None:
        """End the call for a party that has answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A call that comes in. `dialled` is what the caller dialled, as the callbacks' `To` shows it.

    `app_id` is the application that handles the call: the endpoint's, the token's, or the dialled number's. None when
    there is none, and the call is turned away. `call_uuid` is for legs that tell their party the UUID; without it the
    engine makes one. `document` stands in for an application: a call between outsiders, about which nobody is asked.
    """

    leg: Leg
    dialled: str
    caller_name: str
    app_id: str | None
    call_uuid: str | None = None
    document: bytes | None = None


class Exchange(Protocol):
    """Where the call engine finds the parties that a `<Dial>` names."""

    def user(self, sip_user: str) -> Leg | None:
        """A leg to ring the device that registered last as this SIP user. None when no device is registered."""

    def number(self, digits: str) -> Leg | None:
        """A leg to ring the outside phone that has this number. None when no page is open for it."""
