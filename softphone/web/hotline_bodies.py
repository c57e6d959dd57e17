"""What may come in as JSON about hotlines and their calls."""

import msgspec

from softphone.domain.admission import BlockReason
from softphone.domain.hotline import Strategy
from softphone.web.bodies import Body


class SpanBody(Body, frozen=True):
    """A time of the week: `weekday` 0 is Monday; times such as 18:00, closing on the next day where it is not later."""

    weekday: int
    opens: str
    closes: str


class HolidayBody(Body, frozen=True):
    """A day such as 2026-12-25, and its name."""

    day: str
    name: str = ""


class HotlineChange(Body, frozen=True):
    """What an administrator may change of a hotline; what is not given stays, a `music_url` of "" goes."""

    name: str | None = None
    numbers: list[str] | None = None
    time_zone: str | None = None
    round_the_clock: bool | None = None
    hours: list[SpanBody] | None = None
    holidays: list[HolidayBody] | None = None
    languages: list[str] | None = None
    default_language: str | None = None
    strategy: Strategy | None = None
    ring_at_once: int | None = None
    ring_seconds: int | None = None
    pause_seconds: int | None = None
    longest_wait_seconds: int | None = None
    music_url: str | None = None
    wrap_up_seconds: int | None = None
    hard_wrap_up_seconds: int | None = None
    outcomes: list[str] | None = None
    notes_enabled: bool | None = None


class NewHotline(HotlineChange, frozen=True):
    """A hotline to be added; on the default connection unless another is named."""

    connection_id: str | None = None


class ClosedSwitch(Body, frozen=True):
    """Closed for now, or not."""

    closed: bool


class MembersBody(Body, frozen=True):
    """Who has the right to answer, by id."""

    volunteers: list[str] = msgspec.field(default_factory=list)


class BlockBody(Body, frozen=True):
    """Why a caller is blocked, if the volunteer says."""

    reason: BlockReason = BlockReason.NOT_SAID


class OutcomeBody(Body, frozen=True):
    """How a call went."""

    outcome: str


class NoteBody(Body, frozen=True):
    """A note on a call."""

    note: str


class PrivatePhoneBody(Body, frozen=True):
    """A telephone of one's own. Without a number the one that is there is kept. `send_digits` are pressed once it has
    answered; "" are none, and without them those that are there are kept.
    """

    number: str | None = None
    enabled: bool = True
    in_fallback: bool = False
    send_digits: str | None = None
