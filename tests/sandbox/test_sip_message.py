"""SIP text to values and back."""

import string
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from softphone.sandbox.sip.message import (
    Headers,
    MessageError,
    Request,
    Response,
    read_message,
    render_message,
)

NAMES = st.text(string.ascii_letters + string.digits + "-.!%*_+`'~", min_size=1, max_size=12).filter(
    lambda name: name.lower() not in ("content-length", "l")
)
VALUES = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"], exclude_characters="\x85"), max_size=40
).map(lambda value: value.strip())
HEADERS = st.lists(st.tuples(NAMES, VALUES), max_size=8).map(lambda items: Headers(tuple(items)))
BODIES = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
REQUESTS = st.builds(
    Request,
    method=st.sampled_from(["INVITE", "REGISTER", "BYE", "X-OWN"]),
    uri=st.sampled_from(["sip:a@b", "sip:x@y;transport=ws", "tel:+14155550100"]),
    headers=HEADERS,
    body=BODIES,
)
RESPONSES = st.builds(
    Response,
    status=st.integers(100, 699),
    reason=st.sampled_from(["", "OK", "Not Found"]),
    headers=HEADERS,
    body=BODIES,
)


@settings(deadline=None)
@given(REQUESTS | RESPONSES)
def test_what_is_rendered_reads_back_the_same(message: Request | Response) -> None:
    """Order, spelling and body survive; Content-Length is counted in octets."""
    read = read_message(render_message(message))

    assert read.headers.without("Content-Length") == message.headers
    assert read.body == message.body
    assert type(read) is type(message)


@settings(deadline=None)
@given(st.text() | st.text('INVITE sip:a@b SIP/2.0\r\n :;<>"\t', max_size=200))
def test_garbage_is_refused_and_never_crashes(text: str) -> None:
    """Whatever comes in on a socket, the parser has one error."""
    with suppress(MessageError):
        read_message(text)


def test_the_torture_headers_of_rfc_4475_read() -> None:
    """Compact names, folded lines, odd spacing and unknown headers (RFC 4475 3.1.1.1)."""
    text = (
        "INVITE sip:vivekg@chair-dnrc.example.com;unknownparam SIP/2.0\r\n"
        "TO :\r\n sip:vivekg@chair-dnrc.example.com ;   tag    = 1918181833n\r\n"
        'from   : "J Rosenberg \\\\\\""       <sip:jdrosen@example.com>\r\n  ;\r\n  tag = 98asjd8\r\n'
        "MaX-fOrWaRdS: 0068\r\n"
        "Call-ID: wsinv.ndaksdj@192.0.2.1\r\n"
        "Content-Length   : 5\r\n"
        "cseq: 0009\r\n  INVITE\r\n"
        "Via  : SIP  /   2.0\r\n /UDP\r\n    192.0.2.2;branch=390skdjuw\r\n"
        "s :\r\n"
        "NewFangledHeader:   newfangled value\r\n continued newfangled value\r\n"
        "v:  SIP  / 2.0  / TCP     spindle.example.com   ;\r\n  branch  =   z9hG4bK9ikj8\r\n"
        "m:<sip:jdrosen@example.com>\r\n"
        "\r\n"
        "v=0\r\nbeyond"
    )

    message = read_message(text)

    assert isinstance(message, Request)
    assert len(message.headers.all("Via")) == 2
    assert message.headers.get("contact") == "<sip:jdrosen@example.com>"
    assert message.headers.get("CSeq") == "0009 INVITE"
    assert message.headers.get("Subject") == ""
    assert message.headers.get("newfangledheader") == "newfangled value continued newfangled value"
    assert message.body == "v=0\r\n"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\r\n\r\n",
        "INVITE sip:a@b\r\n\r\n",
        "INVITE sip:a@b SIP/3.0\r\n\r\n",
        "INVITE  SIP/2.0\r\n\r\n",
        "SIP/2.0 99 Low\r\n\r\n",
        "SIP/2.0 9999 High\r\n\r\n",
        "BYE sip:a@b SIP/2.0\r\nno colon here\r\n\r\n",
        "BYE sip:a@b SIP/2.0\r\n: no name\r\n\r\n",
        "BYE sip:a@b SIP/2.0\r\nContent-Length: -1\r\n\r\n",
        "BYE sip:a@b SIP/2.0\r\nContent-Length: 10\r\n\r\nshort",
    ],
)
def test_what_is_no_message_is_refused(text: str) -> None:
    """A start line, named headers, and a body as long as it says."""
    with pytest.raises(MessageError):
        read_message(text)


def test_the_body_is_cut_in_octets_and_not_in_letters() -> None:
    """`é` counts for two."""
    message = read_message("MESSAGE sip:a@b SIP/2.0\r\nContent-Length: 2\r\n\r\né!")

    assert message.body == "é"
