"""Recordings come from one place, and the credentials go nowhere else."""

import base64
from collections.abc import AsyncIterator, Callable

import httpx2
import pytest

from softphone.domain.errors import InvalidInput, PlivoFailure, PlivoUnavailable
from softphone.plivo.media import LARGEST_RECORDING, OpenRecording, PlivoMedia, media_path, read_media_path
from tests.plivo_wire import AUTH_ID, AUTH_TOKEN, CREDENTIALS, SOUND, sound

MEDIA = "https://media.plivo.com"
PATH = f"/v1/Account/{AUTH_ID}/Recording/d405c4eb-d562-4399-af32-6ff3c57fa559.mp3"
Answer = Callable[[httpx2.Request], httpx2.Response]


class Server:
    """Whatever answers; it remembers who was asked, with which credentials."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.asked: list[tuple[str, str | None]] = []

    def handle(self, request: httpx2.Request) -> httpx2.Response:
        """Answer one request."""
        self.asked.append((str(request.url), request.headers.get("Authorization")))
        return self.answer(request)


async def fetched(answer: Answer, path: str = PATH) -> tuple[Server, OpenRecording | Exception, bytes]:
    """What comes of a fetch: the server, the recording or the failure, and the sound."""
    server = Server(answer)
    media = PlivoMedia(MEDIA, transport=httpx2.MockTransport(server.handle))
    try:
        recording = await media.open(CREDENTIALS, path)
        return server, recording, b"".join([part async for part in recording.chunks()])
    except (PlivoFailure, InvalidInput) as failure:
        return server, failure, b""
    finally:
        await media.close()


async def test_a_recording_is_fetched_with_the_credentials() -> None:
    """From the configured place, as it is."""
    server, recording, heard = await fetched(lambda _: sound())

    basic = base64.b64encode(f"{AUTH_ID}:{AUTH_TOKEN}".encode()).decode()
    assert server.asked == [(MEDIA + PATH, f"Basic {basic}")]
    assert heard == SOUND
    assert isinstance(recording, OpenRecording)
    assert recording.length == len(SOUND)


@pytest.mark.tm("TM-D7")
@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example" + PATH,
        "https://media.plivo.com.evil.example" + PATH,
        "https://media.plivo.com@evil.example" + PATH,
        "https://user:secret@media.plivo.com" + PATH,
        "https://media.plivo.com:8443" + PATH,
        "https://media.plivo.com:443" + PATH,
        "http://media.plivo.com" + PATH,
        "HTTPS://MEDIA.PLIVO.COM" + PATH,
        "https://192.0.2.1" + PATH,
        "https://[::1]" + PATH,
        "https://169.254.169.254/latest/meta-data",
        "https://m\u0435dia.plivo.com" + PATH,
        "https://xn--mdia-bva.plivo.com" + PATH,
        "https://media.plivo.com\\@evil.example" + PATH,
        "https://media.plivo.com/../v1" + PATH,
        "https://media.plivo.com" + PATH + "?next=https://evil.example",
        "https://media.plivo.com" + PATH + "#x",
        "https://media.plivo.com" + PATH.replace(".mp3", ".wav"),
        "https://media.plivo.com/v1/Account/../../evil.mp3",
        "https://media.plivo.com" + PATH + "\r\nX: 1",
        "//media.plivo.com" + PATH,
        PATH,
        "javascript:alert(1)",
        "",
        None,
    ],
)
def test_an_address_elsewhere_is_never_used(url: str | None) -> None:
    """Another host, port, scheme, user, spelling or path: none of it reaches the client (threat model, TM-D7)."""
    assert read_media_path(url, media_url=MEDIA) is None


def test_an_address_at_the_configured_place_is_used() -> None:
    """Its path is kept. Where nothing usable was said, the documented path is taken."""
    assert read_media_path(MEDIA + PATH, media_url=MEDIA) == PATH
    assert media_path(CREDENTIALS, "d405c4eb-d562-4399-af32-6ff3c57fa559") == PATH
    with pytest.raises(InvalidInput):
        media_path(CREDENTIALS, "../x")


@pytest.mark.tm("TM-D7")
@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
async def test_a_redirect_is_refused(code: int) -> None:
    """Nobody else is asked, with or without credentials."""
    server, failure, _ = await fetched(
        lambda _: httpx2.Response(code, headers={"Location": "https://evil.example/x.mp3"})
    )

    assert len(server.asked) == 1
    assert isinstance(failure, PlivoFailure)
    assert failure.code == "plivo_redirect"


@pytest.mark.tm("TM-D7")
@pytest.mark.parametrize(
    "path", ["", "/", "/v1/Account/", "//evil.example/x.mp3", "@evil.example/", PATH + "x", ".evil.example" + PATH]
)
async def test_no_other_path_is_asked_for(path: str) -> None:
    """Not even by mistake: nothing leaves."""
    server, failure, _ = await fetched(lambda _: sound(), path)

    assert server.asked == []
    assert isinstance(failure, InvalidInput)


@pytest.mark.parametrize(
    ("status", "code"), [(404, "recording_gone"), (401, "plivo_credentials_refused"), (206, "plivo_refused")]
)
async def test_a_refusal_is_said_in_words(status: int, code: str) -> None:
    """What Plivo answers becomes a failure that a page can show."""
    _, failure, _ = await fetched(lambda _: httpx2.Response(status, content=b"x"))

    assert isinstance(failure, PlivoFailure)
    assert failure.code == code


@pytest.mark.tm("TM-D7")
async def test_a_recording_that_says_it_is_too_large_is_not_begun() -> None:
    """20 MB are enough for 180 seconds, many times over."""
    headers = {"Content-Length": str(LARGEST_RECORDING + 1)}
    _, failure, _ = await fetched(lambda _: httpx2.Response(200, headers=headers, stream=Endless(piece=b"x")))

    assert isinstance(failure, PlivoFailure)


@pytest.mark.tm("TM-D7")
async def test_a_recording_without_end_is_cut_off() -> None:
    """Whatever it said about its length."""
    endless = Endless(piece=b"x" * 1024 * 1024)
    _, failure, _ = await fetched(lambda _: httpx2.Response(200, stream=endless))

    assert isinstance(failure, PlivoFailure)
    assert endless.given <= LARGEST_RECORDING // (1024 * 1024) + 1
    assert endless.closed


async def test_a_place_that_does_not_answer_is_a_failure_without_the_credentials() -> None:
    """The library's own error holds the request; ours does not lead to it."""

    def gone(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("gone", request=request)

    _, failure, _ = await fetched(gone)

    assert isinstance(failure, PlivoUnavailable)
    assert failure.__cause__ is None


class Endless(httpx2.AsyncByteStream):
    """A body that never ends."""

    def __init__(self, *, piece: bytes) -> None:
        self.piece = piece
        self.given = 0
        self.closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            self.given += 1
            yield self.piece

    async def aclose(self) -> None:
        self.closed = True
