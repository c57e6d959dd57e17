"""Recordings as Plivo keeps them, fetched from one configured place and from nowhere else (threat model, TM-D7).

What a callback says about where a file is, is looked at and never followed blindly: only its path is kept, and only
where scheme, host and port are the configured ones. The credentials go to that place alone; redirects are refused.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx2

from softphone.domain.errors import InvalidInput, PlivoFailure, PlivoUnavailable
from softphone.plivo import faults
from softphone.plivo.transport import CONNECT_SECONDS, Credentials, loop_time

LARGEST_RECORDING = 20 * 1024 * 1024  # Threat model, TM-D7, as is the next. 180 s of mp3 are some 3 MB.
FETCH_SECONDS = 30.0
CONTENT_TYPE = "audio/mpeg"
"""What every recording is sent on as, whatever its server says that it is. `<Record>` is asked for mp3."""
MEDIA_PATH = re.compile(r"/v1/Account/(?:MA|SA)[A-Z0-9]{18}/Recording/[0-9A-Za-z-]{1,64}\.mp3")


def read_media_path(url: str | None, *, media_url: str) -> str | None:
    """The path of a recording's address, if that address is at the configured place; None otherwise.

    The text must begin with the configured place letter for letter: no other port, user, spelling or script passes.
    """
    if url is None or not url.startswith(media_url + "/"):
        return None
    path = url.removeprefix(media_url)
    return path if MEDIA_PATH.fullmatch(path) else None


def media_path(credentials: Credentials, recording_id: str) -> str:
    """Where a recording of an account is, if nobody has said it (`rest.md` 0).

    Raises: InvalidInput for an id that must not enter a path.
    """
    path = f"/v1/Account/{credentials.auth_id}/Recording/{recording_id}.mp3"
    if MEDIA_PATH.fullmatch(path) is None:
        raise InvalidInput("This is not an id of Plivo's.", code="plivo_id_shape")
    return path


@dataclass(frozen=True, slots=True)
class OpenRecording:
    """A recording whose head has come. `length` in bytes, where it was said. Read `chunks` to the end, or `close`."""

    length: int | None
    _response: httpx2.Response
    _until: float

    async def chunks(self) -> AsyncIterator[bytes]:
        """The sound, piece by piece.

        Raises: PlivoUnavailable if it takes too long or breaks off; PlivoFailure if it is too large.
        """
        parts = self._response.aiter_raw().__aiter__()
        passed = 0
        try:
            while True:
                try:
                    # Around each piece and not around the loop: whoever reads may stand still between two of them.
                    async with asyncio.timeout_at(self._until):
                        part = await anext(parts, None)
                except (httpx2.RequestError, TimeoutError):
                    raise PlivoUnavailable from None
                if part is None:
                    return
                passed += len(part)
                if passed > LARGEST_RECORDING:
                    raise faults.not_understood("the recording is too large")
                yield part
        finally:
            await self.close()

    async def close(self) -> None:
        """Let the connection go."""
        await self._response.aclose()


class PlivoMedia:
    """The client for recordings: a pool of its own, so that a slow file never holds up the REST API."""

    def __init__(self, media_url: str, *, transport: httpx2.AsyncBaseTransport | None = None) -> None:
        self.media_url = media_url
        self._client = httpx2.AsyncClient(
            transport=transport,
            timeout=httpx2.Timeout(FETCH_SECONDS, connect=CONNECT_SECONDS),
            follow_redirects=False,
            trust_env=False,
            headers={"Accept": CONTENT_TYPE, "Accept-Encoding": "identity", "User-Agent": "softphone"},
        )

    async def close(self) -> None:
        """Close the pool."""
        await self._client.aclose()

    async def open(self, credentials: Credentials, path: str) -> OpenRecording:
        """Begin to fetch a recording. `path` is one of `read_media_path` or `media_path`.

        Raises: InvalidInput for any other path; PlivoFailure if Plivo refuses, redirects or does not have it;
        PlivoUnavailable if it does not answer in time.
        """
        if MEDIA_PATH.fullmatch(path) is None:
            raise InvalidInput("This is not the path of a recording.", code="plivo_id_shape")
        until = loop_time() + FETCH_SECONDS
        auth = httpx2.BasicAuth(credentials.auth_id, credentials.auth_token.reveal())
        request = self._client.build_request("GET", self.media_url + path)
        try:
            async with asyncio.timeout_at(until):
                response = await self._client.send(request, auth=auth, stream=True)
        except (httpx2.RequestError, TimeoutError):
            # From None: the library's own error holds the request with its credentials.
            raise PlivoUnavailable from None
        problem = _problem(response)
        if problem is not None:
            await response.aclose()
            raise problem
        return OpenRecording(_length(response), response, until)


def _problem(response: httpx2.Response) -> PlivoFailure | None:
    if response.status_code == 404:
        message = "Plivo does not have this recording any more."
        return PlivoFailure(status=404, code="recording_gone", message=message)
    if response.status_code != 200:
        return faults.failure(response.status_code, b"", secret="")
    if (_length(response) or 0) > LARGEST_RECORDING:
        return faults.not_understood("the recording is too large")
    return None


def _length(response: httpx2.Response) -> int | None:
    said = response.headers.get("Content-Length", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 12 else None
