"""Session descriptions that a second browser takes."""

import pytest

from softphone.sandbox.sip.sdp import answer_without_media, clean

OFFER = "\r\n".join(
    [
        "v=0",
        "o=- 1 2 IN IP4 127.0.0.1",
        "s=-",
        "t=0 0",
        "a=group:BUNDLE 0",
        "m=audio 40000 UDP/TLS/RTP/SAVPF 111 0",
        "a=ice-ufrag:abcd",
        "a=mid:0",
        "a=rtcp-mux",
        "a=rtpmap:111 opus/48000/2",
        "a=rtcp-fb:111 transport-cc",
        "a=fmtp:111 minptime=10;useinbandfec=1",
        "a=rtpmap:63 red/48000/2",
        "a=fmtp:63 111/111",
        "a=rtcp-fb:110 nack",
        "a=rtpmap:0 PCMU/8000",
        "a=rtpmap:126 telephone-event/8000",
        "",
    ]
)


def test_lines_of_codecs_that_are_not_offered_go() -> None:
    """The SDK trims the `m=` line and forgets the attributes; a browser would answer 488."""
    cleaned = clean(OFFER)

    assert "a=rtpmap:111 opus" in cleaned
    assert "a=rtpmap:0 PCMU" in cleaned
    assert not any(f":{gone} " in cleaned for gone in (63, 110, 126))


def test_the_extra_carriage_returns_of_trimmed_codecs_go() -> None:
    """SDK 2.2.21 writes `a=rtpmap:0 PCMU/8000` with three carriage returns; a browser refuses such a line."""
    cleaned = clean(OFFER.replace("PCMU/8000\r\n", "PCMU/8000\r\r\r\n"))

    assert cleaned == clean(OFFER)


def test_cleaning_twice_changes_nothing_more() -> None:
    """What has been cleaned is clean."""
    once = clean(OFFER)

    assert clean(once) == once


def test_every_media_line_has_its_own_codecs() -> None:
    """A payload type belongs to the `m=` line above it."""
    two = clean(
        "m=audio 9 RTP 0\na=rtpmap:0 PCMU/8000\na=rtpmap:96 VP8/90000\nm=video 9 RTP 96\na=rtpmap:96 VP8/90000\n"
    )

    assert two.count("a=rtpmap:96") == 1


def test_an_answer_without_media_names_the_offered_codecs_and_no_address() -> None:
    """The call counts as answered; nothing can be reached."""
    answer = answer_without_media(clean(OFFER), lambda count: bytes(range(count)))

    assert "m=audio 40000 UDP/TLS/RTP/SAVPF 111 0\r\n" in answer
    assert "a=setup:active\r\n" in answer
    assert "a=mid:0\r\n" in answer
    assert "a=fingerprint:sha-256 00:01:02" in answer
    assert "a=candidate" not in answer


@pytest.mark.parametrize(
    "text", ["", "garbage", "m=audio", "m=\r\na=rtpmap:1 x"], ids=["empty", "text", "short", "bare"]
)
def test_descriptions_that_are_none_do_no_harm(text: str) -> None:
    """What comes from a browser is not trusted to be SDP."""
    clean(text)
    answer_without_media(text, lambda count: bytes(count))


def test_every_stream_has_the_same_name() -> None:
    """The SDK goes on playing the stream that it was offered first, whoever it is joined to later."""
    sdp = "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=msid:abc def\r\na=ssrc:12 msid:abc def\r\na=ssrc:12 cname:x\r\n"

    assert clean(sdp).split("\r\n")[2:5] == ["a=msid:voice voice", "a=ssrc:12 msid:voice voice", "a=ssrc:12 cname:x"]
