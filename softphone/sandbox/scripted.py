"""A party without a browser: it does what its script says, and remembers what it heard. Implements `legs.Leg`."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import assert_never

from softphone.sandbox import wav
from softphone.sandbox.legs import Answered, Digit, HungUp, LegEvent, Refused, Ringing, RingRequest, Sound
from softphone.sandbox.scripts import Behaviour, HangUp, News, Outcome, Press, Script, Step, Talk, WaitFor, WaitMs
from softphone.sandbox.sip.leg import speaking_time
from softphone.sandbox.sip.sdp import answer_without_media, offer_without_media

# Milliseconds between two keys, as fast as a person presses, and of a beep.
KEY_MS = 60
BEEP_MS = 300

REFUSALS: Mapping[Outcome, Refused] = {
    Outcome.BUSY: Refused(486, "Busy Here"),
    Outcome.DECLINE: Refused(603, "Decline"),
    Outcome.UNREACHABLE: Refused(404, "Not Found"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What every scripted party needs. `second` is how long a second lasts, in seconds; `chance` makes made-up keys."""

    chance: Callable[[int], bytes]
    second: float = 1.0


class ScriptedLeg:
    """One call of one scripted party: a calling one, or with `behaviour` a called one."""

    def __init__(
        self, *, address: str, script: Script, around: Surroundings, behaviour: Behaviour | None = None
    ) -> None:
        self._address = address
        self._script = script
        self._around = around
        self._behaviour = behaviour
        self._offer = offer_without_media(around.chance) if behaviour is None else None
        self._events: asyncio.Queue[LegEvent] = asyncio.Queue()
        self._unseen: list[tuple[News, str]] = []
        self._stirred = asyncio.Event()
        self._silenced = asyncio.Event()
        self._told_to_answer = asyncio.Event()
        self._sounds: list[tuple[float, float]] = []
        self._talking_since: float | None = None
        self._task: asyncio.Task[None] | None = None
        self.over = False
        self.state = "calling"
        self.step = 0
        self.heard: list[str] = []

    @property
    def address(self) -> str:
        """How callbacks name the party."""
        return self._address

    @property
    def offer(self) -> str | None:
        """A calling party's description: one that a browser accepts, without sound."""
        return self._offer

    @property
    def headers(self) -> Mapping[str, str]:
        """It sends none."""
        return {}

    @property
    def offers_last(self) -> bool:
        """It waits as long as it must."""
        return True

    @property
    def machine(self) -> bool:
        """Is it a machine that answers?"""
        return self._behaviour is not None and self._behaviour.outcome is Outcome.MACHINE

    def begin(self) -> None:
        """A calling party begins to do what its script says."""
        self._task = asyncio.create_task(self._play_script())

    @property
    def browser(self) -> bool:
        """A scripted party has no sound of its own."""
        return False

    async def next_event(self) -> LegEvent:
        """The next thing that the party does."""
        return await self._events.get()

    async def ring(self, request: RingRequest) -> None:
        """A called party rings, and does what it is for."""
        self._task = asyncio.create_task(self._be_called(request.offer))

    async def cancel(self, *, reason: str) -> None:
        """Stop ringing."""
        self._close("cancelled")

    async def progress(self) -> None:
        """The other side rings."""
        self._tell(News.RINGING)

    async def answer(self, sdp: str | None) -> None:
        """The other side, or the sandbox itself, has answered."""
        self.state = "answered"
        self._tell(News.ANSWERED)

    async def refuse(self, status: int, reason: str) -> None:
        """The call is turned away."""
        self._close("refused")

    async def connected(self) -> None:
        """Now joined with the other side."""
        self.state = "connected"
        self._tell(News.CONNECTED)

    async def new_offer(self) -> str | None:
        """A description without sound."""
        return offer_without_media(self._around.chance)

    async def accept(self, sdp: str | None) -> None:
        """Nothing is done with an answer."""

    async def reoffer(self, sdp: str) -> str | None:
        """An answer without sound."""
        return answer_without_media(sdp, self._around.chance)

    async def speak(self, text: str, *, language: str, voice: str) -> None:
        """Hear a sentence, as long as it takes."""
        await self._hear(text)

    async def play(self, url: str) -> None:
        """Hear a recording."""
        await self._hear(url)

    async def expect_keys(self) -> None:
        """Keys are asked for."""
        self._tell(News.KEYS)

    async def beep(self) -> None:
        """Hear a beep."""
        self._tell(News.BEEP)
        await self._pass(BEEP_MS if self._script.speech_ms is None else min(BEEP_MS, self._script.speech_ms))

    async def record(self, *, limit: float, silence: float) -> Sound | None:
        """Be recorded: a tone where the script talks, silence elsewhere."""
        loop = asyncio.get_running_loop()
        began = quiet_since = loop.time()
        self._sounds.clear()
        self._silenced.clear()
        self._tell(News.RECORDING)
        while not self.over and not self._silenced.is_set():
            if self._sounds:
                quiet_since = max(quiet_since, self._sounds[-1][1])
            ends = began + limit if self._talking_since is not None else min(began + limit, quiet_since + silence)
            if ends <= loop.time():
                break
            await self._until_stirred(ends - loop.time())
        if self._talking_since is not None:
            self._sounds.append((self._talking_since, loop.time()))
        spans = [(self._ms(start - began), self._ms(end - began)) for start, end in self._sounds]
        ms = self._ms(loop.time() - began)
        return Sound(wav=wav.tones(spans, ms=ms), ms=ms)

    async def stop_audio(self) -> None:
        """Stop hearing, and being recorded."""
        self._silenced.set()
        self._stirred.set()

    async def send_digit(self, key: str) -> None:
        """Hear a key that the other side pressed."""
        self.heard.append(f"key {key}")

    async def hang_up(self, *, cause: str) -> None:
        """The call is over."""
        self._close("ended")

    def answer_now(self) -> bool:
        """Have a called party that rings do at once what it is for. False when it does not ring."""
        if self.state == "ringing":
            self._told_to_answer.set()
        return self.state == "ringing"

    def go_on(self) -> None:
        """Tell a party that waits for `told` to go on."""
        self._tell(News.TOLD)

    def leave(self) -> None:
        """End the call from this side."""
        if not self.over:
            self._events.put_nowait(HungUp())
            self._close("ended")

    async def _play_script(self) -> None:
        for step in self._script.steps:
            await self._do(step)
            if self.over:
                return
            self.step += 1

    async def _do(self, step: Step) -> None:
        match step:
            case WaitFor(news=news, text=text):
                try:
                    await asyncio.wait_for(self._see(news, text), self._script.patience_ms / 1000 * self._around.second)
                except TimeoutError:
                    self.leave()
                    self.state = "gave_up"
            case WaitMs(ms=ms):
                await asyncio.sleep(ms / 1000 * self._around.second)
            case Press(keys=keys):
                for key in keys:
                    self._events.put_nowait(Digit(key))
                    await asyncio.sleep(KEY_MS / 1000 * self._around.second)
            case Talk(ms=ms):
                await self._talk(ms)
            case HangUp():
                self.leave()
            case _:
                assert_never(step)

    async def _see(self, news: News, text: str) -> None:
        """Wait until something has happened; what happened before it is forgotten."""
        while True:
            for index, (seen, said) in enumerate(self._unseen):
                if seen is news and text.lower() in said.lower():
                    del self._unseen[: index + 1]
                    return
            self._stirred.clear()
            await self._stirred.wait()

    async def _talk(self, ms: int) -> None:
        loop = asyncio.get_running_loop()
        self._talking_since = since = loop.time()
        self._stirred.set()
        await asyncio.sleep(ms / 1000 * self._around.second)
        self._talking_since = None
        self._sounds.append((since, loop.time()))
        self._stirred.set()

    async def _be_called(self, offer: str) -> None:
        behaviour = self._behaviour or Behaviour()
        await asyncio.sleep(behaviour.ring_ms / 1000 * self._around.second)
        if behaviour.outcome is Outcome.UNREACHABLE:
            self._refuse(REFUSALS[behaviour.outcome])
            return
        self.state = "ringing"
        self._events.put_nowait(Ringing())
        if behaviour.outcome is Outcome.NO_ANSWER:
            return
        await self._until_due(behaviour.after_ms)
        refusal = REFUSALS.get(behaviour.outcome)
        if refusal is not None:
            self._refuse(refusal)
            return
        self.state = "answered"
        self._events.put_nowait(Answered(answer_without_media(offer, self._around.chance)))
        self._tell(News.ANSWERED)
        await self._play_script()

    async def _until_due(self, ms: int) -> None:
        try:
            await asyncio.wait_for(self._told_to_answer.wait(), ms / 1000 * self._around.second)
        except TimeoutError:
            return

    async def _hear(self, what: str) -> None:
        self.heard.append(what)
        self._tell(News.SPEECH, what)
        ms = self._script.speech_ms
        await self._pass(round(speaking_time(what) * 1000) if ms is None else ms)

    async def _pass(self, ms: int) -> None:
        self._silenced.clear()
        if self.over:
            return
        try:
            await asyncio.wait_for(self._silenced.wait(), ms / 1000 * self._around.second)
        except TimeoutError:
            return

    async def _until_stirred(self, seconds: float) -> None:
        self._stirred.clear()
        try:
            await asyncio.wait_for(self._stirred.wait(), seconds)
        except TimeoutError:
            return

    def _ms(self, seconds: float) -> int:
        return max(0, round(seconds / self._around.second * 1000))

    def _tell(self, news: News, said: str = "") -> None:
        self._unseen.append((news, said))
        self._stirred.set()

    def _refuse(self, refusal: Refused) -> None:
        self._events.put_nowait(refusal)
        self._close("refused")

    def _close(self, state: str) -> None:
        if self.over:
            return
        self.over, self.state = True, state
        self._silenced.set()
        self._stirred.set()
        if self._task is not None and self._task is not asyncio.current_task():
            self._task.cancel()
