"""One request to Plivo: paced, bounded in time and size, tried again only where that is harmless (`rest.md` 1)."""

import asyncio
import json
import platform
import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

import httpx2

from softphone.domain.errors import InvalidInput, PlivoFailure, PlivoUnavailable
from softphone.domain.ids import AuthId
from softphone.domain.secret import Secret
from softphone.plivo import faults, pace

CONNECT_SECONDS = 3.0  # rest.md 1.9
TOTAL_SECONDS = 10.0
PATIENCE_SECONDS = 20.0
"""No operation, its waits included, begins another try after this: somebody waits for the answer."""

LARGEST_ANSWER = 1024 * 1024
"""Bytes. A page of 20 objects has some 20 KiB."""

AGAIN = frozenset({429, 500, 502, 503, 504})
_AUTH_ID = re.compile(r"(?:MA|SA)[A-Z0-9]{18}")
_PART = re.compile(r"[A-Za-z0-9-]{1,64}")


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who asks: Basic user and password, and the account in the path (`rest.md` 1.2)."""

    auth_id: AuthId
    auth_token: Secret


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, read to its end."""

    status: int
    body: bytes
    retry_after: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One request. `harmless` means that doing it twice is the same as doing it once."""

    method: str
    parts: tuple[str, ...]
    query: Mapping[str, str]
    body: Mapping[str, object] | None
    harmless: bool


def loop_time() -> float:
    """Seconds of a clock that only goes forward."""
    return asyncio.get_running_loop().time()


class Transport:
    """The pool, one bucket per account, and the rules of trying again.

    `pause`, `chance` and `steady` are what tests replace: waiting, the jitter of the wait, and a clock that only goes
    forward.
    """

    def __init__(
        self,
        base_url: str,
        *,
        transport: httpx2.AsyncBaseTransport | None,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[int], bytes] = secrets.token_bytes,
        steady: Callable[[], float] = loop_time,
    ) -> None:
        self._client = httpx2.AsyncClient(
            base_url=base_url,
            transport=transport,
            timeout=httpx2.Timeout(TOTAL_SECONDS, connect=CONNECT_SECONDS),
            follow_redirects=False,
            trust_env=False,
            headers={
                "Accept": "application/json",
                "Accept-Encoding": "identity",
                "User-Agent": f"softphone (Python: {platform.python_version()})",
            },
        )
        self._pause = pause
        self._chance = chance
        self._steady = steady
        self._buckets: dict[AuthId, pace.Bucket] = {}

    async def close(self) -> None:
        """Close the pool."""
        await self._client.aclose()

    async def send(self, credentials: Credentials, ask: Ask) -> dict[str, object]:
        """The JSON object that Plivo answers with; empty for 204.

        Raises: InvalidInput for an id that must not enter a path; PlivoFailure for a refusal or an answer that cannot
        be understood; PlivoUnavailable where whether it took effect is unknown.
        """
        path = path_of(credentials.auth_id, ask.parts)
        began = self._steady()
        for attempt in range(1, pace.TRIES + 1):
            await self._take_turn(credentials.auth_id)
            try:
                answer = await self._once(credentials, path, ask)
            except PlivoUnavailable as error:
                problem: PlivoFailure = error
                wait = pace.pause_before(attempt, chance=self._jitter(), retry_after=None)
            else:
                if 200 <= answer.status < 300:
                    return read_object(answer)
                problem = faults.failure(answer.status, answer.body, secret=credentials.auth_token.reveal())
                problem.retry_after = answer.retry_after
                if answer.status not in AGAIN:
                    raise problem
                wait = pace.pause_before(attempt, chance=self._jitter(), retry_after=answer.retry_after)
            if not ask.harmless or attempt == pace.TRIES or self._steady() + wait - began > PATIENCE_SECONDS:
                raise problem
            await self._pause(wait)
        raise AssertionError("the last try returns or raises")

    async def _take_turn(self, account: AuthId) -> None:
        now = self._steady()
        self._buckets[account], wait = self._buckets.get(account, pace.full_bucket(now)).take(now)
        if wait > 0:
            await self._pause(wait)

    async def _once(self, credentials: Credentials, path: str, ask: Ask) -> Answer:
        try:
            # The client's own limits are per read: only this one ends an answer that trickles.
            async with asyncio.timeout(TOTAL_SECONDS):
                async with self._client.stream(
                    ask.method,
                    path,
                    params=dict(ask.query) or None,
                    json=ask.body,
                    auth=(credentials.auth_id, credentials.auth_token.reveal()),
                ) as response:
                    body = bytearray()
                    async for chunk in response.aiter_bytes():
                        body += chunk
                        if len(body) > LARGEST_ANSWER:
                            raise faults.not_understood("it is too large")
                    return Answer(
                        response.status_code, bytes(body), pace.read_retry_after(response.headers.get("Retry-After"))
                    )
        except (httpx2.RequestError, TimeoutError):
            # From None: the library's own error holds the request with its credentials.
            raise PlivoUnavailable from None

    def _jitter(self) -> float:
        return int.from_bytes(self._chance(4)) / 2**32


def path_of(auth_id: AuthId, parts: tuple[str, ...]) -> str:
    """The path of a resource. An empty or odd part never becomes a path: `DELETE …/Call/` would end every call.

    Raises: InvalidInput for a part that is not letters, digits and hyphens (threat model, TM-I10).
    """
    if not _AUTH_ID.fullmatch(auth_id):
        raise InvalidInput("The Auth ID does not have the shape of one.", code="auth_id_shape", field="auth_id")
    for part in parts:
        if not _PART.fullmatch(part):
            raise InvalidInput("This is not an id of Plivo's.", code="plivo_id_shape")
    return "/".join(("/v1/Account", auth_id, *(quote(part, safe="") for part in parts), ""))


def read_object(answer: Answer) -> dict[str, object]:
    """The JSON object of an answer that went well.

    Raises: PlivoFailure if it is none.
    """
    if answer.status == 204:
        return {}
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError):
        raise faults.not_understood("it is not JSON") from None
    if not isinstance(found, dict):
        raise faults.not_understood("it is not an object")
    return found
