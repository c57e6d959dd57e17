"""What may be dialled, and what never, whatever it is dressed as (threat model, TM-F1)."""

from collections.abc import Iterator
from pathlib import Path

import phonenumbers
import pytest
from phonenumbers import PhoneNumberType

from softphone.domain.dialling import DialDecision, DialFacts, DialNumber, Refuse, Spent, decide_dial
from softphone.domain.endpoints import EndpointKind
from softphone.domain.numbers import read_dialled
from softphone.domain.refusals import Refusal
from softphone.domain.volunteers import Dialling
from tests.clock import NOON
from tests.people import volunteer
from tests.telephony import AUTH_ID, connection

EVERYWHERE = frozenset(phonenumbers.SUPPORTED_REGIONS)
HOMES = ("US", "GB", "MX", "DE")
COSTLY = (
    PhoneNumberType.PREMIUM_RATE,
    PhoneNumberType.SHARED_COST,
    PhoneNumberType.PERSONAL_NUMBER,
    PhoneNumberType.PAGER,
    PhoneNumberType.UAN,
    PhoneNumberType.VOICEMAIL,
)
ARABIC_INDIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
FULL_WIDTH = str.maketrans("+0123456789", "＋０１２３４５６７８９")  # noqa: RUF001  # these digits are the point


def rows() -> list[tuple[str, str]]:
    """Each text of the list with its verdict: a country, or `never`."""
    lines = (Path(__file__).parent / "dialled-numbers.txt").read_text("utf-8").splitlines()
    told = [line.split(" ") for line in lines if not line.startswith("#")]
    return [(text, verdict) for verdict, *texts in told for text in texts]


def dial(text: str, *, home: str = "US", allowed: frozenset[str] = EVERYWHERE) -> DialDecision:
    """What becomes of a text that a volunteer with every right dials."""
    facts = DialFacts(
        now=NOON,
        calls_from=EndpointKind.BROWSER,
        connection=connection(country=home, allowed_countries=tuple(sorted(allowed))),
        caller=volunteer("ana", dialling=Dialling.NUMBERS),
        dialled=read_dialled(text, country=home, auth_id=AUTH_ID),
        colleague=None,
        spent=Spent.nothing(),
    )
    return decide_dial(facts)


def dressed(number: str) -> Iterator[str]:
    """An international number in every dress that people and pages use."""
    digits = number.removeprefix("+")
    yield from (number, f"00{digits}", f"011{digits}", f"tel:{number}", f"TEL:{number}")
    yield f"sip:{number}@phone.plivo.com"
    if len(digits) != 10:
        # Ten digits without a plus are an American number first, as somebody there dials it.
        yield f"SIP:{digits}_{AUTH_ID}@PHONE.plivo.com"
    yield f"sip:%2B{digits}@phone.plivo.com"
    yield from (number.translate(ARABIC_INDIC), number.translate(FULL_WIDTH))
    yield f"+{digits[:2]} ({digits[2:5]})\N{NO-BREAK SPACE}{digits[5:]}"
    yield f" {digits[:3]}.{digits[3:6]}-{digits[6:]} " if len(digits) > 11 else number


def international(texts: list[str]) -> list[str]:
    """Those of the texts that are plain international numbers."""
    return [text for text in texts if text[0] == "+" and text[1:].isdecimal() and text[1] != "0" and len(text) > 7]


@pytest.mark.tm("TM-F1")
def test_the_list_has_at_least_three_hundred_numbers() -> None:
    """Each of them once."""
    texts = [text for text, _ in rows()]

    assert len(texts) >= 300
    assert len(set(texts)) == len(texts)


@pytest.mark.tm("TM-F1")
@pytest.mark.parametrize("home", HOMES)
def test_what_is_never_dialled_is_refused_wherever_everything_is_allowed(home: str) -> None:
    """Premium rate, shared cost, satellites, emergencies, short codes, and what is not a number alone."""
    texts = [text for text, verdict in rows() if verdict == "never"]

    dialled = [text for text in texts if not isinstance(dial(text, home=home), Refuse)]

    assert dialled == []


@pytest.mark.tm("TM-F1")
def test_no_dress_makes_a_forbidden_number_pass() -> None:
    """Arabic-Indic and full-width digits, `tel:`, `sip:`, 00 and 011 are one number, or none."""
    texts = international([text for text, verdict in rows() if verdict == "never"])

    dialled = [worn for text in texts for worn in dressed(text) if not isinstance(dial(worn), Refuse)]

    assert dialled == []


@pytest.mark.tm("TM-F1")
def test_an_ordinary_number_is_dialled_where_its_country_is_allowed() -> None:
    """In every dress it is the same number, and it is dialled as Plivo writes it."""
    wrong = []
    for text, country in rows():
        for worn in dressed(text) if country != "never" else ():
            decision = dial(worn, allowed=frozenset({country}))
            if not isinstance(decision, DialNumber) or decision.number != text.removeprefix("+"):
                wrong.append((worn, decision))

    assert wrong == []


@pytest.mark.tm("TM-F1")
def test_a_country_that_is_not_named_is_not_called() -> None:
    """Jamaica is not the United States, whatever its numbers look like; nothing named means nobody outside."""
    named = [(text, country) for text, country in rows() if country != "never"]

    elsewhere = {text: dial(text, allowed=EVERYWHERE - {country}) for text, country in named}
    nowhere = {text: dial(text, allowed=frozenset()) for text, country in named}

    assert {text for text, decision in elsewhere.items() if decision != Refuse(Refusal.COUNTRY_NOT_ALLOWED)} == set()
    assert {text for text, decision in nowhere.items() if decision != Refuse(Refusal.COUNTRY_NOT_ALLOWED)} == set()


@pytest.mark.tm("TM-F1")
def test_no_countrys_costly_numbers_are_dialled() -> None:
    """The numbering plans' own examples of every kind that costs the caller or reaches no person."""
    examples = [
        phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        for region in sorted(EVERYWHERE)
        for kind in COSTLY
        if (number := phonenumbers.example_number_for_type(region, kind)) is not None
    ]

    dialled = [text for text in examples if not isinstance(dial(text), Refuse)]

    assert len(examples) > 300
    assert dialled == []


@pytest.mark.tm("TM-F1")
@pytest.mark.parametrize("text", ["911", "112", "999", "9 1 1", "+911", "tel:112", "sip:911@phone.plivo.com", "٩١١"])
def test_emergencies_are_refused_in_words_of_their_own(text: str) -> None:
    """The volunteer must learn at once to take another phone."""
    assert [dial(text, home=home) for home in HOMES] == [Refuse(Refusal.EMERGENCY)] * 4


@pytest.mark.parametrize(
    ("text", "home"),
    [("(415) 555-0123", "US"), ("415.555.0123", "US"), ("1 415 555 0123", "US"), ("415-555-0123", "CA")],
)
def test_a_number_is_read_as_people_write_it(text: str, home: str) -> None:
    """In the connection's own country the country code may be left out."""
    decision = dial(text, home=home, allowed=frozenset({"US"}))

    assert isinstance(decision, DialNumber)
    assert decision.number == "14155550123"
