"""Plivo's REST API, as far as this product asks it (`rest.md`)."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import httpx2

from softphone.domain.errors import PlivoFailure
from softphone.domain.ids import PhoneNumber
from softphone.domain.secret import Secret
from softphone.plivo import faults, records
from softphone.plivo.records import Account, Application, CallRecord, PlivoEndpoint, Recording, RentedNumber
from softphone.plivo.token import AccessToken, TokenRefused, TokenRequest, check, read_minted, voice
from softphone.plivo.transport import CONNECT_SECONDS, TOTAL_SECONDS, Ask, Credentials, Transport, loop_time

__all__ = ["CONNECT_SECONDS", "TOTAL_SECONDS", "Credentials", "PlivoRest"]

PAGE = 20  # rest.md 1.5: the most that a list gives at once
MOST_PAGES = 250
"""5,000 objects. A list that never ends must not keep us."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCall:
    """A call that Plivo is to make. `caller_id` is one of the account's numbers; `to` a number or a SIP address."""

    caller_id: PhoneNumber
    caller_name: str
    to: str
    answer_url: str
    hangup_url: str
    ring_seconds: int
    longest_seconds: int


class PlivoRest:
    """The client for every connection: one pool, credentials per request.

    Reads and updates are tried again after a time-out, 429 or 5xx; a create never is, because whether it took effect
    is unknown and nothing at Plivo makes it happen only once: its caller looks for it by name (`rest.md` 1.9).
    """

    def __init__(
        self,
        base_url: str,
        *,
        transport: httpx2.AsyncBaseTransport | None = None,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[int], bytes] = secrets.token_bytes,
        steady: Callable[[], float] = loop_time,
    ) -> None:
        self._wire = Transport(base_url, transport=transport, pause=pause, chance=chance, steady=steady)

    async def close(self) -> None:
        """Close the pool."""
        await self._wire.close()

    async def get_account(self, credentials: Credentials) -> Account:
        """The account: also the cheapest check of the credentials (`rest.md` 2.1)."""
        return records.read_account(await self._get(credentials, ()))

    async def list_applications(self, credentials: Credentials, *, name: str) -> list[Application]:
        """The applications with exactly this name; Plivo itself looks for a prefix (`rest.md` 4.1)."""
        found = self._list(credentials, "Application", query={"app_name": name})
        return [application async for o in found if (application := records.read_application(o)).name == name]

    async def get_application(self, credentials: Credentials, app_id: str) -> Application:
        """One application."""
        return records.read_application(await self._get(credentials, ("Application", app_id)))

    async def create_application(self, credentials: Credentials, *, name: str, answer_url: str, hangup_url: str) -> str:
        """Make an application; its id."""
        body = {
            "app_name": name,
            "answer_url": answer_url,
            "answer_method": "POST",
            "hangup_url": hangup_url,
            "hangup_method": "POST",
        }
        return _id(await self._post(credentials, ("Application",), body, harmless=False), "app_id")

    async def update_application(
        self, credentials: Credentials, application: Application, *, answer_url: str, hangup_url: str
    ) -> None:
        """Point an application at us, saying again what an update would otherwise clear (`rest.md` 4.3)."""
        body = {
            **application.kept,
            "answer_url": answer_url,
            "answer_method": "POST",
            "hangup_url": hangup_url,
            "hangup_method": "POST",
        }
        await self._post(credentials, ("Application", application.id), body, harmless=True)

    async def list_endpoints(self, credentials: Credentials) -> list[PlivoEndpoint]:
        """Every endpoint of the account: Plivo has no filter for them (`rest.md` 3.1)."""
        return [records.read_endpoint(found) async for found in self._list(credentials, "Endpoint", query={})]

    async def get_endpoint(self, credentials: Credentials, endpoint_id: str) -> PlivoEndpoint:
        """One endpoint."""
        return records.read_endpoint(await self._get(credentials, ("Endpoint", endpoint_id)))

    async def create_endpoint(
        self, credentials: Credentials, *, username: str, password: Secret, alias: str, app_id: str
    ) -> PlivoEndpoint:
        """Make an endpoint. Its user name is what Plivo answers, not what was asked for (`rest.md` 3.2)."""
        body = {"username": username, "password": password.reveal(), "alias": alias, "app_id": app_id}
        answer = await self._post(credentials, ("Endpoint",), body, harmless=False)
        return PlivoEndpoint(
            id=_id(answer, "endpoint_id"), alias=alias, username=_id(answer, "username"), application_id=app_id
        )

    async def update_endpoint(
        self,
        credentials: Credentials,
        endpoint_id: str,
        *,
        app_id: str | None = None,
        password: Secret | None = None,
        alias: str | None = None,
    ) -> None:
        """Change what is given: the application that an endpoint is attached to, its password, its alias."""
        given = {"app_id": app_id, "password": password.reveal() if password else None, "alias": alias}
        body = {name: value for name, value in given.items() if value is not None}
        await self._post(credentials, ("Endpoint", endpoint_id), body, harmless=True)

    async def delete_endpoint(self, credentials: Credentials, endpoint_id: str) -> None:
        """Delete an endpoint. One that is not there counts as deleted.

        Raises: PlivoFailure, PlivoUnavailable if it may still be there.
        """
        await self._delete(credentials, ("Endpoint", endpoint_id))

    async def create_call(self, credentials: Credentials, call: NewCall) -> str:
        """Have Plivo call somebody; its id of the request, "" where it names none. Accepted is not ringing.

        Never tried again: a telephone would ring twice (`rest.md` 1.9).
        """
        body = {
            "from": call.caller_id,
            "to": call.to,
            "answer_url": call.answer_url,
            "answer_method": "POST",
            "hangup_url": call.hangup_url,
            "hangup_method": "POST",
            "caller_name": call.caller_name,
            "ring_timeout": call.ring_seconds,
            "time_limit": call.longest_seconds,
        }
        return records.text(await self._post(credentials, ("Call",), body, harmless=False), "request_uuid")

    async def list_numbers(self, credentials: Credentials) -> list[RentedNumber]:
        """The numbers that the account rents."""
        return [records.read_number(found) async for found in self._list(credentials, "Number", query={})]

    async def update_number(self, credentials: Credentials, number: PhoneNumber, *, app_id: str) -> None:
        """Have calls to a number go to an application."""
        await self._post(credentials, ("Number", number), {"app_id": app_id}, harmless=True)

    async def mint_token(self, credentials: Credentials, request: TokenRequest) -> AccessToken:
        """Have Plivo make an access token, and check that it is the one asked for (`wire.md` 1.2).

        Raises: PlivoFailure if it is not; no token leaves then.
        """
        check(request)
        body = {
            "iss": request.auth_id,
            "sub": request.subject,
            "nbf": request.not_before,
            "exp": request.expires,
            "per": voice(request.grants),
        }
        # Harmless: a token that nobody received opens nothing.
        answer = await self._post(credentials, ("JWT", "Token"), body, harmless=True)
        token = answer.get("token")
        if not isinstance(token, str):
            raise faults.not_understood("it has no token")
        try:
            return read_minted(token, request=request)
        except TokenRefused as error:
            raise faults.not_understood(f"the token is wrong, {error}") from None

    async def get_call_record(self, credentials: Credentials, call_uuid: str) -> CallRecord | None:
        """How a call ended; None for one that lives, or of which Plivo knows nothing (`rest.md` 6.5)."""
        try:
            return records.read_call_record(await self._get(credentials, ("Call", call_uuid)))
        except PlivoFailure as failure:
            if failure.status != 404:
                raise
            return None

    async def get_recording(self, credentials: Credentials, recording_id: str) -> Recording:
        """What Plivo knows of a recording (`rest.md` 9)."""
        return records.read_recording(await self._get(credentials, ("Recording", recording_id)))

    async def delete_recording(self, credentials: Credentials, recording_id: str) -> None:
        """Delete a recording. One that is not there counts as deleted.

        Raises: PlivoFailure, PlivoUnavailable if it may still be there.
        """
        await self._delete(credentials, ("Recording", recording_id))

    async def _delete(self, credentials: Credentials, parts: tuple[str, str]) -> None:
        ask = Ask(method="DELETE", parts=parts, query={}, body=None, harmless=True)
        try:
            await self._wire.send(credentials, ask)
        except PlivoFailure as failure:
            if failure.status != 404:
                raise

    async def _get(
        self, credentials: Credentials, parts: tuple[str, ...], *, query: Mapping[str, str] | None = None
    ) -> dict[str, object]:
        ask = Ask(method="GET", parts=parts, query=query or {}, body=None, harmless=True)
        return await self._wire.send(credentials, ask)

    async def _post(
        self, credentials: Credentials, parts: tuple[str, ...], body: Mapping[str, object], *, harmless: bool
    ) -> dict[str, object]:
        ask = Ask(method="POST", parts=parts, query={}, body=body, harmless=harmless)
        return await self._wire.send(credentials, ask)

    async def _list(
        self, credentials: Credentials, resource: str, *, query: Mapping[str, str]
    ) -> AsyncIterator[Mapping[str, object]]:
        place: dict[str, str] = {"offset": "0"}
        for _ in range(MOST_PAGES):
            page = await self._get(credentials, (resource,), query={**query, "limit": str(PAGE), **place})
            objects = page.get("objects")
            if not isinstance(objects, list):
                raise faults.not_understood("it has no list")
            for found in objects:
                if isinstance(found, dict):
                    yield found
            following = next_place(page)
            if following is None or following == place:
                return
            place = following


def next_place(page: Mapping[str, object]) -> dict[str, str] | None:
    """Where the next page of a list begins, by cursor or by offset (`rest.md` 1.5); None after the last."""
    meta = page.get("meta")
    following = meta.get("next") if isinstance(meta, dict) else None
    if not isinstance(following, str):
        return None
    said = parse_qs(urlsplit(following).query)
    for name in ("cursor", "offset"):
        if name in said:
            return {name: said[name][0]}
    return None


def _id(answer: Mapping[str, object], name: str) -> str:
    found = records.text(answer, name)
    if not found:
        raise faults.not_understood(f"it has no {name}")
    return found
