"""SIP addresses."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from softphone.sandbox.sip.address import NameAddr, SipUri, read_name_addr, read_uri, render_name_addr


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sip:ana@phone.plivo.com", SipUri("ana", "phone.plivo.com")),
        ("SIPS:Ana%20B:secret@Phone.Plivo.Com:5061;transport=ws?x=y", SipUri("Ana B", "phone.plivo.com:5061")),
        ("sip:phone.plivo.com", SipUri("", "phone.plivo.com")),
        ("tel:+14155550100", None),
        ("", None),
        ("sip:", None),
    ],
)
def test_a_uri_reads_into_user_and_host(text: str, expected: SipUri | None) -> None:
    """Parameters, password and the case of the host go."""
    assert read_uri(text) == expected


def test_a_parameter_without_brackets_belongs_to_the_header() -> None:
    """RFC 3261 20.10."""
    address = read_name_addr("sip:ana@b ;tag=7")

    assert (address.uri, address.parameter("tag")) == ("sip:ana@b", "7")


def test_a_display_name_may_hold_brackets_and_quotes() -> None:
    """What is quoted is not syntax."""
    address = read_name_addr('"An \\"A\\" <x>" <sip:ana@b;transport=ws>;tag=7;ob')

    assert address == NameAddr(
        display='An "A" <x>', uri="sip:ana@b;transport=ws", parameters=(("tag", "7"), ("ob", ""))
    )


@settings(deadline=None)
@given(st.text(max_size=30))
def test_any_display_name_survives(display: str) -> None:
    """A name typed by a caller breaks no header: control characters become spaces."""
    rendered = render_name_addr(NameAddr(display=display, uri="sip:a@b"))

    assert "\r" not in rendered
    assert "\n" not in rendered
    assert read_name_addr(rendered).uri == "sip:a@b"


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_read_without_a_crash(text: str) -> None:
    """Addresses come from outside."""
    read_name_addr(text)
    read_uri(text)
