"""Who rings and why not the others: for any roster, state and hours, the reasons and the XML name the same people."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from softphone.domain.candidates import Known, Line, candidate
from softphone.domain.endpoints import EndpointKind, sip_uri, token_sip_uri
from softphone.domain.hotline import Hotline, OpenSpan, Strategy
from softphone.domain.ids import CallRef, DeviceId, EndpointId, EndpointUsername, PhoneNumber, RegistrationId
from softphone.domain.prompts import say
from softphone.domain.registration import Registration
from softphone.domain.routing import (
    Candidate,
    Last,
    Pause,
    RingRound,
    Routed,
    SayAlternatives,
    Situation,
    TakeMessage,
    route,
)
from softphone.domain.secret import Secret
from softphone.domain.standing import WORDS, Phone, Why
from softphone.domain.volunteers import Availability
from softphone.plivo.hotline_answers import Way, decision_verbs
from softphone.plivo.xml import Record, render
from tests.clock import NOON
from tests.hotlines import hotline
from tests.people import volunteer
from tests.telephony import AUTH_ID, connection

MINUTE = timedelta(minutes=1)
LANGUAGES = ("en", "es", "fr")
BASE = "http://127.0.0.1:8000/telephony/main/incoming"


@st.composite
def known_people(draw: st.DrawFn) -> list[Known]:
    """Up to eight volunteers in any state."""
    people = []
    for number in range(draw(st.integers(0, 8))):
        kinds = draw(st.lists(st.sampled_from(EndpointKind), unique=True))
        person = volunteer(
            f"v{number}",
            languages=tuple(draw(st.lists(st.sampled_from(LANGUAGES), unique=True))),
            active=draw(st.sampled_from([True, True, True, False])),
            webrtc_enabled=draw(st.sampled_from([True, True, False])),
            availability=draw(st.sampled_from([Availability.ON_DUTY, Availability.ON_DUTY, Availability.AWAY])),
        )
        private = Secret(f"1415555{number:04}") if draw(st.booleans()) else None
        people.append(
            Known(
                volunteer=person,
                member=draw(st.sampled_from([True, True, True, False])),
                lines=tuple(_line(draw, f"u{number}", kind) for kind in kinds),
                private=private,
                busy=draw(st.sampled_from([None, None, None, Why.IN_CALL, Why.RINGING])),
                wrap_up_until=draw(st.sampled_from([None, None, NOON - MINUTE, NOON + MINUTE])),
                idle_since=draw(st.sampled_from([None, NOON - MINUTE, NOON])),
                rung=tuple(draw(st.lists(st.sampled_from([Last.APPS, Last.PRIVATE]), max_size=3))),
                declined=draw(st.booleans()),
            )
        )
    return people


def _line(draw: st.DrawFn, name: str, kind: EndpointKind) -> Line:
    expires = draw(st.sampled_from([None, NOON - MINUTE, NOON + MINUTE]))
    registration = expires and Registration(
        id=RegistrationId("r"),
        endpoint_id=EndpointId("e"),
        generation=1,
        device_id=DeviceId("device-1"),
        device_label="Firefox, Linux",
        user_agent="",
        registered_at=NOON - MINUTE,
        refreshed_at=NOON - MINUTE,
        expires_at=expires,
        ended_at=None,
        end_reason=None,
    )
    username = EndpointUsername(f"{name}{kind.value}140703093944") if draw(st.booleans()) else None
    return Line(kind=kind, username=username, newest=registration or None)


@st.composite
def situations(draw: st.DrawFn) -> Situation:
    """A caller of any hotline, at any point of their wait."""
    hours = draw(st.sampled_from([None, None, (), tuple(_span(day) for day in range(7))]))
    line = hotline(
        hours=hours,
        closed=draw(st.sampled_from([False, False, False, True])),
        languages=LANGUAGES,
        strategy=draw(st.sampled_from(Strategy)),
        ring_at_once=draw(st.integers(1, 4)),
        pause_for=timedelta(seconds=draw(st.sampled_from([0, 5]))),
    )
    halves = tuple(draw(st.lists(st.sampled_from([Last.SPOKE_BEFORE, Last.APPS, Last.PRIVATE]), max_size=3)))
    return Situation(
        hotline=line,
        language=draw(st.sampled_from(LANGUAGES)),
        waiting_since=NOON - timedelta(seconds=draw(st.sampled_from([0, 30, 180, 400]))),
        round=len(halves),
        last=draw(st.sampled_from(Last)),
        halves=halves,
        reconnect_to=volunteer("v0").id if draw(st.booleans()) else None,
        takes_messages=draw(st.booleans()),
    )


def _span(day: int) -> OpenSpan:
    return OpenSpan(weekday=day, opens=NOON.time().replace(hour=1), closes=NOON.time().replace(hour=11))


def way(line: Hotline) -> Way:
    """Where Plivo goes on."""
    return Way(
        next_url=f"{BASE}/next?step=1",
        legs_url=f"{BASE}/legs?step=1",
        confirm_url=f"{BASE}/confirm",
        caller_id=PhoneNumber("14155550100"),
        caller_name="Night line",
        ref=CallRef("0123456789abcdef"),
        music_url=line.music_url,
        say=partial(say, language="en", own={}),
        record=lambda words: (*words, Record(action=f"{BASE}/message", callback_url=f"{BASE}/recorded")),
    )


def addresses(known: Known, phones: tuple[Phone, ...]) -> set[str]:
    """What the standing of a volunteer says is dialled, made a second way."""
    names = {line.kind: line.username for line in known.lines}
    made = set()
    for phone in phones:
        match phone:
            case Phone.BROWSER:
                made.add(token_sip_uri(names[EndpointKind.BROWSER] or EndpointUsername(""), AUTH_ID))
            case Phone.SIP:
                made.add(sip_uri(names[EndpointKind.SIP] or EndpointUsername("")))
            case Phone.PRIVATE:
                made.add(known.private.reveal() if known.private else "")
    return made


def people_of(known: list[Known], *, webrtc: bool = True) -> list[Candidate]:
    """The volunteers as candidates."""
    return [candidate(one, connection(webrtc_enabled=webrtc), now=NOON) for one in known]


@given(known=known_people(), situation=situations(), webrtc=st.booleans())
def test_the_reasons_and_the_xml_name_the_same_people(known: list[Known], situation: Situation, webrtc: bool) -> None:
    """Everybody has one reason; exactly those who ring are dialled; the document ends in a person, a question to us, a
    message or a sentence.
    """
    routed = route(situation, people_of(known, webrtc=webrtc), now=NOON)

    document = ElementTree.fromstring(  # noqa: S314  # our own bytes
        render(decision_verbs(routed.decision, way(situation.hotline), last=situation.last))
    )
    dialled = {callee.text for dial in document.iter("Dial") for callee in dial}
    by_id = {one.volunteer.id: one for one in known}
    explained = set()
    for standing in routed.standings:
        explained |= addresses(by_id[standing.volunteer_id], standing.phones)
        assert (standing.why is Why.RINGS) is bool(standing.phones)
        assert standing.why in WORDS
    assert [one.volunteer_id for one in routed.standings] == list(by_id)
    assert explained == dialled
    assert document[-1].tag in {"Dial", "Redirect", "Record", "Hangup"}
    assert document[-1].tag != "Hangup" or document[-2].tag == "Speak"


@given(known=known_people(), situation=situations(), webrtc=st.booleans())
def test_nobody_rings_who_must_not(known: list[Known], situation: Situation, webrtc: bool) -> None:
    """Never people away, in a call, in their pause, without the right or off; never a browser with WebRTC off."""
    routed = route(situation, people_of(known, webrtc=webrtc), now=NOON)

    by_id = {one.volunteer.id: one for one in known}
    for standing in routed.standings:
        one = by_id[standing.volunteer_id]
        if standing.why is not Why.RINGS:
            continue
        assert one.member
        assert one.volunteer.active
        assert one.volunteer.availability is Availability.ON_DUTY
        assert one.busy is None
        assert one.wrap_up_until is None or one.wrap_up_until <= NOON
        assert Phone.BROWSER not in standing.phones or (webrtc and one.volunteer.webrtc_enabled)
        assert len({phone is Phone.PRIVATE for phone in standing.phones}) == 1


@given(known=known_people(), situation=situations())
def test_every_wait_comes_to_an_end(known: list[Known], situation: Situation) -> None:
    """Asked again after each ring and pause, the caller is with a message or a sentence soon after the longest wait."""
    people, now, steps = people_of(known), situation.waiting_since, 0
    current = situation
    while True:
        routed = route(current, people, now=now)
        match routed.decision:
            case RingRound() as ring:
                now += ring.ring_for
                current = _after(current, ring.half, number=ring.number, rang=ring.half)
            case Pause(hold_for):
                now += hold_for
                current = _after(current, Last.PAUSE, number=current.round)
            case TakeMessage() | SayAlternatives():
                break
        steps += 1
        assert steps < 400
    assert now - situation.waiting_since < situation.hotline.longest_wait + MINUTE


def _after(before: Situation, last: Last, *, number: int, rang: Last | None = None) -> Situation:
    return Situation(
        hotline=before.hotline,
        language=before.language,
        waiting_since=before.waiting_since,
        round=number,
        last=last,
        halves=(*before.halves, rang) if rang else before.halves,
        reconnect_to=before.reconnect_to,
        takes_messages=before.takes_messages,
    )


def free(
    login: str, *, languages: tuple[str, ...] = ("en",), idle_minutes: int = 0, private: bool = False
) -> Candidate:
    """A volunteer whose browser rings."""
    one = Known(
        volunteer=volunteer(login, languages=languages, at=NOON - timedelta(days=1)),
        member=True,
        lines=(),
        private=Secret("14155550111"),
        busy=None,
        wrap_up_until=None,
        idle_since=NOON - timedelta(minutes=idle_minutes),
    )
    made = candidate(one, connection(), now=NOON)
    if private:
        return made
    return replace(made, phones=tuple(replace(phone, phone=Phone.BROWSER) for phone in made.phones))


def asked(line: Hotline, language: str = "en", last: Last = Last.NOTHING, halves: tuple[Last, ...] = ()) -> Situation:
    """A caller who has just begun to wait."""
    return Situation(
        hotline=line,
        language=language,
        waiting_since=NOON,
        round=len(halves),
        last=last,
        halves=halves,
        reconnect_to=None,
        takes_messages=True,
    )


def whys(routed: Routed) -> dict[str, Why]:
    """The reasons by login."""
    return {one.volunteer_id.removeprefix("v-"): one.why for one in routed.standings}


def test_the_longest_idle_come_first_and_speakers_before_others() -> None:
    """n at a time; the reason of the rest is that others are first."""
    line = hotline(strategy=Strategy.LONGEST_IDLE, ring_at_once=2)
    people = [free("ana", idle_minutes=1), free("ben", idle_minutes=9), free("eve", languages=("es",), idle_minutes=2)]

    assert whys(route(asked(line), people, now=NOON)) == {
        "ana": Why.RINGS,
        "ben": Why.RINGS,
        "eve": Why.OTHERS_FIRST,
    }
    assert whys(route(asked(line, "es"), people, now=NOON))["ana"] is Why.OTHERS_FIRST


def test_language_first_is_for_the_first_round_only() -> None:
    """Speakers ring alone, then everybody; where nobody speaks it, everybody rings at once."""
    line = hotline(strategy=Strategy.LANGUAGE_FIRST)
    people = [free("ana"), free("eve", languages=("es-MX",))]

    first = route(asked(line, "es"), people, now=NOON)
    later = route(asked(line, "es", Last.PAUSE, (Last.APPS,)), people, now=NOON)
    nobody = route(asked(line, "fr"), people, now=NOON)

    assert whys(first) == {"ana": Why.OTHER_LANGUAGE, "eve": Why.RINGS}
    assert set(whys(later).values()) == set(whys(nobody).values()) == {Why.RINGS}


def test_private_phones_ring_in_their_own_half() -> None:
    """First browsers, then, at once, private phones, with a key."""
    people = [free("ana"), free("ben", private=True)]

    first = route(asked(hotline()), people, now=NOON)
    second = route(asked(hotline(), last=Last.APPS, halves=(Last.APPS,)), people, now=NOON)

    assert whys(first) == {"ana": Why.RINGS, "ben": Why.PRIVATE_LATER}
    assert whys(second) == {"ana": Why.APPS_FIRST, "ben": Why.RINGS}
    assert isinstance(first.decision, RingRound)
    assert isinstance(second.decision, RingRound)
    assert (first.decision.confirm, second.decision.confirm) == (False, True)
    assert (first.decision.number, second.decision.number) == (1, 1)


@pytest.mark.parametrize("why", list(Why))
def test_every_reason_is_said_in_a_sentence(why: Why) -> None:
    """An administrator reads words, never codes."""
    assert WORDS[why].endswith(".")
    assert all(one != two for one, two in pairwise(sorted(WORDS.values())))
