"""How two parties' sound can meet: browsers speak ICE and DTLS-SRTP and nothing else, most softphones plain RTP.

Plivo has media servers that translate; the sandbox has none. It joins what fits and says so where nothing does.
"""

import re
from base64 import b64encode
from collections.abc import Callable
from enum import StrEnum

MEDIA = re.compile(r"^m=audio (?P<port>\d+)(?:/\d+)? (?P<protocol>\S+)(?P<types>(?: \d+)*)", re.MULTILINE)
ADDRESS = re.compile(r"^c=IN IP[46] (?P<host>[0-9A-Fa-f.:]+)", re.MULTILINE)
EVENTS = re.compile(r"^a=rtpmap:(?P<payload_type>\d+) telephone-event/8000", re.MULTILINE | re.IGNORECASE)

# RFC 3551 6: the two codecs of every telephone, by their fixed payload types.
PCMU, PCMA = "0", "8"

# RFC 4733 2.4.1 gives events no fixed type; this is what phones use.
EVENT_TYPE = "101"


class SoundPath(StrEnum):
    """How a description's sound travels. `UNKNOWN` fits everything: a party that has no sound of its own."""

    BROWSER = "ICE and DTLS-SRTP"
    SECURED = "SRTP with keys in the signalling"
    PLAIN = "plain RTP"
    UNKNOWN = "unknown"


def path_of(sdp: str | None) -> SoundPath:
    """How the sound of a description travels. One that the sandbox made up leads nowhere, so it fits everything."""
    found = MEDIA.search(sdp or "")
    if sdp is None or found is None or made_up(sdp):
        return SoundPath.UNKNOWN
    protocol = found["protocol"].upper()
    if "TLS" in protocol or "a=fingerprint:" in sdp:
        return SoundPath.BROWSER
    return SoundPath.SECURED if "SAVP" in protocol else SoundPath.PLAIN


def made_up(sdp: str) -> bool:
    """Is the description the sandbox's own, with nobody behind it?"""
    return "\ns=nobody" in sdp


def fits(one: str | None, other: str | None) -> bool:
    """Can two parties with these descriptions hear each other?"""
    sounds = {path_of(one), path_of(other)} - {SoundPath.UNKNOWN}
    return len(sounds) < 2


def rejected(sdp: str) -> bool:
    """Does an answer turn the sound away? RFC 3264 6: by port 0."""
    found = MEDIA.search(sdp)
    return found is not None and found["port"] == "0"


def target_of(sdp: str) -> tuple[str, int] | None:
    """Where plain sound for a party goes; None where its description names no address."""
    media, address = MEDIA.search(sdp), ADDRESS.search(sdp)
    if media is None or address is None or not 0 < int(media["port"]) <= 65535:
        return None
    return address["host"], int(media["port"])


def event_type_of(sdp: str) -> int:
    """The payload type of key presses in a description."""
    found = EVENTS.search(sdp)
    return int(found["payload_type"] if found else EVENT_TYPE)


def plain_offer(*, host: str, port: int) -> str:
    """An offer of plain RTP to `port`: what every telephone takes."""
    return _session(host, f"m=audio {port} RTP/AVP {PCMU} {PCMA} {EVENT_TYPE}", *_plain(EVENT_TYPE))


def plain_answer(offer: str, *, host: str, port: int, chance: Callable[[int], bytes]) -> str:
    """The answer to an offer of plain RTP, or of SRTP with keys in the signalling, which then leads nowhere."""
    media = MEDIA.search(offer)
    offered = media["types"].split() if media else []
    protocol = media["protocol"] if media else "RTP/AVP"
    events = EVENTS.search(offer)
    codecs = [one for one in offered if one in (PCMU, PCMA)] or offered[:1] or [PCMU]
    types = [*codecs, events["payload_type"]] if events and events["payload_type"] not in codecs else codecs
    lines = _plain(events["payload_type"]) if events else ["a=sendrecv"]
    if "SAVP" in protocol.upper():
        # RFC 4568 9.1: the key of who answers. Nobody listens, so any does.
        key = b64encode(chance(30)).decode()
        lines.append(f"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{key}")
    return _session(host, f"m=audio {port} {protocol} {' '.join(types)}", *lines)


def _plain(event_type: str) -> list[str]:
    return [
        "a=rtpmap:0 PCMU/8000",
        "a=rtpmap:8 PCMA/8000",
        f"a=rtpmap:{event_type} telephone-event/8000",
        f"a=fmtp:{event_type} 0-15",
        "a=ptime:20",
        "a=sendrecv",
    ]


def _session(host: str, *media: str) -> str:
    version = "6" if ":" in host else "4"
    lines = ["v=0", f"o=- 1 1 IN IP{version} {host}", "s=nobody", f"c=IN IP{version} {host}", "t=0 0", *media]
    return "".join(f"{line}\r\n" for line in lines)
