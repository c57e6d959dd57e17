"""The document that Plivo falls back to when this service does not answer."""

from xml.etree import ElementTree

from softphone.actions.write_fallback import fallback_confirm_document, fallback_document
from tests.hotlines import hotline, private_phone

LINE = hotline(languages=("en", "es", "vi"))
CONFIRM = "https://static.example.org/confirm.xml"


def parsed(document: bytes) -> ElementTree.Element:
    """The document, read."""
    return ElementTree.fromstring(document)  # noqa: S314  # our own bytes


def test_it_rings_the_allowed_phones_and_takes_a_message() -> None:
    """With our caller ID and both limits, and not one address of this service."""
    document = fallback_document(
        LINE, [private_phone(), private_phone("v-ben", "14155550178")], caller_id="14155550100", confirm_url=CONFIRM
    )

    root = parsed(document)
    # Vietnamese has no voice of Plivo's: it is left out rather than said in English twice.
    assert [verb.tag for verb in root] == ["Speak", "Speak", "Dial", "Speak", "Speak", "Record", "Speak", "Hangup"]
    dial = root[2]
    assert dial.attrib == {
        "timeout": "20",
        "timeLimit": "10800",
        "callerId": "14155550100",
        "confirmSound": CONFIRM,
        "confirmKey": "1",
        "confirmTimeout": "15",
    }
    assert [number.text for number in dial] == ["14155550177", "14155550178"]
    assert {"action", "callbackUrl"}.isdisjoint(root[5].attrib)
    assert b"127.0.0.1" not in document


def test_without_phones_or_a_number_of_ours_nobody_is_dialled() -> None:
    """A Dial without our caller ID would show the caller's number."""
    for phones, caller_id in (([], "14155550100"), ([private_phone()], None)):
        document = parsed(fallback_document(LINE, phones, caller_id=caller_id, confirm_url=None))

        assert document.find("Dial") is None
        assert document.find("Record") is not None


def test_its_second_part_asks_for_the_key() -> None:
    """One sentence, in the hotline's own language."""
    assert [verb.tag for verb in parsed(fallback_confirm_document(LINE))] == ["Speak"]
