"""Plivo's REST API, as far as this product asks it (`rest.md`)."""

from dataclasses import dataclass

import httpx2

from softphone.domain.ids import AuthId
from softphone.domain.secret import Secret

CONNECT_SECONDS = 3.0  # rest.md 1.9
TOTAL_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who asks: Basic user and password, and the account in the path (`rest.md` 1.2)."""

    auth_id: AuthId
    auth_token: Secret


class PlivoRest:
    """The client for every connection: one pool, credentials per request."""

    def __init__(self, base_url: str, *, transport: httpx2.AsyncBaseTransport | None = None) -> None:
        self._client = httpx2.AsyncClient(
            base_url=base_url,
            transport=transport,
            timeout=httpx2.Timeout(TOTAL_SECONDS, connect=CONNECT_SECONDS),
            follow_redirects=False,
        )

    async def close(self) -> None:
        """Close the pool."""
        await self._client.aclose()
