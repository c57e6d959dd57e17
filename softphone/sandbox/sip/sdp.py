"""Session descriptions: what must be mended before another browser takes them, and one for when nobody listens.

Browser SDK 2.2.21 trims the codecs on its `m=` line but leaves the attribute lines of those it removed; a browser
answers such a description with 488 (`sdk-on-the-wire.md`, "Calls").
"""

import re
from collections.abc import Callable

OF_PAYLOAD_TYPE = re.compile(r"a=(?:rtpmap|fmtp|rtcp-fb):(?P<payload_type>\d+)\b")

OF_OPUS = re.compile(r"^a=rtpmap:(\d+) opus/48000", re.MULTILINE | re.IGNORECASE)

OF_STREAM = re.compile(r"(?<=^a=)msid:.*|(?<= )msid:.*")
STREAM = "a=msid:voice voice"
"""Every voice that a device hears has this name, as if a media server stood between, as at Plivo."""


def clean(sdp: str) -> str:
    """The description without attribute lines of payload types that are not on the `m=` line above them.

    The stream is renamed: the SDK plays the first that it is offered, and would not hear another after a re-INVITE.
    """
    kept: list[str] = []
    offered: frozenset[str] = frozenset()
    for line in _lines(sdp):
        if line.startswith("m="):
            offered = frozenset(line.split(" ")[3:])
        attribute = OF_PAYLOAD_TYPE.match(line)
        if attribute is None or attribute["payload_type"] in offered:
            kept.append(OF_STREAM.sub("msid:voice voice", line))
    return "".join(f"{line}\r\n" for line in kept)


def for_browser(sdp: str) -> str:
    """The clean description with no codec but those that the browser SDK keeps, if it has one of them.

    The SDK trims an offer that comes in as it trims its own, and would leave the attribute lines of a telephone's
    codecs behind; then the browser refuses its own SDK's description.
    """
    kept: list[str] = []
    for line in _lines(sdp):
        if line.startswith("m=audio"):
            head, types = line.split(" ")[:3], line.split(" ")[3:]
            known = [one for one in types if one in ("0", *OF_OPUS.findall(sdp))]
            line = " ".join([*head, *(known or types)])
        kept.append(line)
    return clean("\r\n".join(kept))


def answer_without_media(offer: str, chance: Callable[[int], bytes]) -> str:
    """An answer to `offer` that a browser accepts and that leads nowhere: made-up keys and no candidate.

    The sandbox has no media server. With this answer the call counts as answered while the sandbox "speaks".
    `setup:active` leaves the browser waiting for a handshake (RFC 5763 5), so that a later re-INVITE can still
    join it to a real party.
    """
    lines = _lines(offer)
    media = [line for line in lines if line.startswith("m=")]
    session = [f"o=- {int.from_bytes(chance(4), 'big')} 1 IN IP4 127.0.0.1", "s=nobody", "t=0 0"]
    bundle = [line for line in lines if line.startswith("a=group:BUNDLE")]
    answer = ["v=0", *session, *bundle]
    for index, line in enumerate(media):
        answer += _silent_media(line, _section(lines, index), chance)
    return "".join(f"{line}\r\n" for line in answer)


def offer_without_media(chance: Callable[[int], bytes]) -> str:
    """An offer that a browser accepts and that leads nowhere, for a caller who has no browser.

    The browser that answers rings, talks and hangs up as with anybody; it hears nothing.
    """
    lines = [
        "v=0",
        f"o=- {int.from_bytes(chance(4), 'big')} 1 IN IP4 127.0.0.1",
        "s=nobody",
        "t=0 0",
        "a=group:BUNDLE 0",
        *_silent_media("m=audio 9 UDP/TLS/RTP/SAVPF 111 0", _OFFERED, chance),
    ]
    return "".join(f"{line}\r\n" for line in lines).replace("a=setup:active", "a=setup:actpass")


_OFFERED = ["a=mid:0", "a=rtcp-mux", "a=rtpmap:111 opus/48000/2", "a=rtpmap:0 PCMU/8000"]


def _silent_media(line: str, section: list[str], chance: Callable[[int], bytes]) -> list[str]:
    payload_types = frozenset(line.split(" ")[3:])
    kept = [
        other
        for other in section
        if other.startswith(("a=mid:", "a=rtcp-mux"))
        or ((found := OF_PAYLOAD_TYPE.match(other)) and found["payload_type"] in payload_types)
    ]
    fingerprint = ":".join(f"{byte:02X}" for byte in chance(32))
    return [
        line,
        "c=IN IP4 0.0.0.0",
        f"a=ice-ufrag:{chance(4).hex()}",
        f"a=ice-pwd:{chance(16).hex()}",
        f"a=fingerprint:sha-256 {fingerprint}",
        "a=setup:active",
        "a=sendrecv",
        STREAM,
        *kept,
    ]


def _section(lines: list[str], index: int) -> list[str]:
    """The lines below the media line that stands at `index` among the media lines."""
    starts = [at for at, line in enumerate(lines) if line.startswith("m=")] + [len(lines)]
    return lines[starts[index] + 1 : starts[index + 1]]


def _lines(sdp: str) -> list[str]:
    # The codec trimming of Browser SDK 2.2.21 leaves up to three carriage returns before a line feed.
    return [line for line in re.split(r"\r*\n", sdp.rstrip("\r")) if line]
