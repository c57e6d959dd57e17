"""Asks the customer's URLs what to do, as Plivo asks: form POST or GET, signed, with retries as the fragment says."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode

import httpx2

from softphone.sandbox.faults import Action, Fault, Faults, Where
from softphone.sandbox.ids import Ids
from softphone.sandbox.ladder import Kind, Ladder
from softphone.sandbox.signing import signature_headers

MAX_BODY = 1_000_000
"""Bytes of an answer that are read. Plivo takes 100 KB; reading more lets the reader of the XML say so."""

USER_AGENT = "softphone-sandbox"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came of asking a URL. `status` is 0 when nobody answered, and then `error` says why, in words."""

    status: int
    body: bytes = b""
    content_type: str = ""
    error: str | None = None
    ms: int = 0

    @property
    def usable(self) -> bool:
        """Whether the URL was reached: answered with a 2xx (`wire.md` 4.7)."""
        return self.error is None and 200 <= self.status < 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long one request may take and when it is repeated (`wire.md` 4.7). `total` counts over all tries."""

    connect: float = 2.0
    read: float = 40.0
    total: float = 55.0
    retries: int = 1
    on: frozenset[str] = frozenset({"ct", "rt"})


def read_patience(url: str) -> Patience:
    """The patience that the URL's fragment asks for (`#ct=2000&rc=2`). What is out of range keeps its default."""
    asked = dict(parse_qsl(url.partition("#")[2]))
    patience = Patience()
    if (connect := _whole(asked.get("ct"), 100, 10_000)) is not None:
        patience = replace(patience, connect=connect / 1000)
    if (read := _whole(asked.get("rt"), 100, 40_000)) is not None:
        patience = replace(patience, read=read / 1000)
    if (total := _whole(asked.get("tt"), 100, 55_000)) is not None:
        patience = replace(patience, total=total / 1000)
    if (retries := _whole(asked.get("rc"), 0, 5)) is not None:
        patience = replace(patience, retries=retries)
    if when := set(asked.get("rp", "").split(",")) & {"4xx", "5xx", "ct", "rt", "all"}:
        patience = replace(patience, on=frozenset({"4xx", "5xx", "ct", "rt"} if "all" in when else when))
    return patience


class Callbacks:
    """Makes the requests. One client for all of them; `close` ends it and what still runs in the background."""

    def __init__(
        self,
        *,
        auth_token: str,
        ids: Ids,
        faults: Faults,
        transport: httpx2.AsyncBaseTransport | None = None,
        stopwatch: Callable[[], float] = time.monotonic,
    ) -> None:
        self._auth_token = auth_token
        self._ids = ids
        self._faults = faults
        self._stopwatch = stopwatch
        self._client = httpx2.AsyncClient(transport=transport, follow_redirects=False, trust_env=False)
        self._running: set[asyncio.Task[Reply]] = set()

    async def ask(self, url: str, *, method: str, fields: Mapping[str, str], ladder: Ladder) -> Reply:
        """Ask a URL and wait for what it says. Never raises: an unreachable URL is a `Reply` with an `error`."""
        patience = read_patience(url)
        began = self._stopwatch()
        ladder.note(Kind.ASKED, f"{method} {_path(url)}", detail=_told(url, fields))
        for attempt in range(patience.retries + 1):
            left = patience.total - (self._stopwatch() - began)
            reply, trouble = await self._strike(
                url, method=method, fields=fields, patience=replace(patience, total=left)
            )
            reply = replace(reply, ms=round((self._stopwatch() - began) * 1000))
            _note_reply(ladder, reply)
            if trouble not in patience.on or attempt == patience.retries or left <= 0:
                return reply
            ladder.note(Kind.ASKED, f"{method} {_path(url)} again", detail=f"try {attempt + 2}")
        return reply

    def tell(self, url: str, *, method: str, fields: Mapping[str, str], ladder: Ladder, after: float = 0.0) -> None:
        """Tell a URL in the background, `after` so many seconds; its answer is only noted."""
        asking = self.ask(url, method=method, fields=fields, ladder=ladder)
        task = asyncio.create_task(_later(asking, after) if after else asking)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def settle(self) -> None:
        """Wait until everything told so far has been told."""
        while self._running:
            await asyncio.gather(*tuple(self._running), return_exceptions=True)

    async def close(self) -> None:
        """End the client; what still runs is cancelled."""
        running = tuple(self._running)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await self._client.aclose()

    async def _strike(
        self, url: str, *, method: str, fields: Mapping[str, str], patience: Patience
    ) -> tuple[Reply, str | None]:
        """One try, with the fault that is set for it. The second value names what went wrong as `rp` does."""
        fault = self._faults.take(Where.CALLBACK, _path(url))
        if fault is not None and fault.action is Action.DELAY:
            await asyncio.sleep(fault.ms / 1000)
        if fault is not None and fault.action is Action.DROP:
            return Reply(status=0, error="the request was dropped on the way (a fault that was asked for)"), "ct"
        if fault is not None and fault.action is Action.STATUS:
            return _pretended(fault)
        if fault is not None and fault.action is Action.TWICE:
            await self._send(url, method=method, fields=fields, patience=patience)
        answer = await self._send(url, method=method, fields=fields, patience=patience)
        if fault is not None and fault.action is Action.CLOSE:
            return Reply(status=0, error="the connection ended before the answer (a fault that was asked for)"), "rt"
        return answer

    async def _send(
        self, url: str, *, method: str, fields: Mapping[str, str], patience: Patience
    ) -> tuple[Reply, str | None]:
        try:
            request = self._request(url, method=method, fields=fields, patience=patience)
            async with asyncio.timeout(max(patience.total, 0.1)):
                response = await self._client.send(request, stream=True)
                try:
                    body = await _read(response)
                finally:
                    await response.aclose()
        except (httpx2.ConnectTimeout, httpx2.PoolTimeout):
            return Reply(status=0, error=f"no connection within {patience.connect:g} s"), "ct"
        except (httpx2.TimeoutException, TimeoutError):
            return Reply(status=0, error=f"no answer within {patience.read:g} s"), "rt"
        except httpx2.ConnectError:
            return Reply(status=0, error="nobody listens at this address"), "ct"
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
            return Reply(status=0, error=f"the request failed: {type(error).__name__}"), "rt"
        kind = response.headers.get("content-type", "")
        return Reply(status=response.status_code, body=body, content_type=kind), _trouble(response.status_code)

    def _request(self, url: str, *, method: str, fields: Mapping[str, str], patience: Patience) -> httpx2.Request:
        target = url.partition("#")[0]
        pairs = sorted(fields.items())
        if method == "GET":
            # One query string, ours and theirs merged and sorted (`wire.md` 4.1).
            base, _, query = target.partition("?")
            merged = sorted([*parse_qsl(query, keep_blank_values=True), *pairs])
            target = f"{base}?{urlencode(merged)}" if merged else base
        in_body = pairs if method == "POST" else []
        signed = signature_headers(
            method,
            target,
            fields=in_body,
            nonce=self._ids.digits(20),
            auth_token=self._auth_token,
            main_token=self._auth_token,
        )
        headers = {"User-Agent": USER_AGENT, "Accept": "*/*", **signed}
        content = None
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            content = urlencode(in_body).encode("ascii")
        waits = httpx2.Timeout(patience.read, connect=patience.connect)
        return self._client.build_request(method, target, headers=headers, content=content, timeout=waits)


async def _later(asking: Coroutine[object, object, Reply], seconds: float) -> Reply:
    try:
        await asyncio.sleep(seconds)
    except asyncio.CancelledError:
        asking.close()
        raise
    return await asking


async def _read(response: httpx2.Response) -> bytes:
    body = b""
    async for piece in response.aiter_bytes():
        body += piece
        if len(body) > MAX_BODY:
            break
    return body


def _pretended(fault: Fault) -> tuple[Reply, str | None]:
    reply = Reply(status=fault.status, body=fault.body.encode(), content_type="application/xml")
    return reply, _trouble(fault.status)


def _path(url: str) -> str:
    """The path of a URL, also of one that cannot be parsed."""
    _, slash, path = url.partition("#")[0].partition("?")[0].partition("://")[2].partition("/")
    return slash + path or "/"


def _trouble(status: int) -> str | None:
    return {4: "4xx", 5: "5xx"}.get(status // 100)


def _told(url: str, fields: Mapping[str, str]) -> str:
    lines = [url, *(f"{name}={value}" for name, value in sorted(fields.items()))]
    return "\n".join(lines)


def _note_reply(ladder: Ladder, reply: Reply) -> None:
    if reply.error is not None:
        ladder.note(Kind.ERROR, "No answer", detail=f"{reply.error}\nafter {reply.ms} ms")
        return
    kind = Kind.REPLIED if reply.usable else Kind.ERROR
    text = reply.body.decode(errors="replace")
    looks_like_xml = text.lstrip().startswith("<")
    detail = f"{reply.content_type or 'no content type'}, after {reply.ms} ms"
    ladder.note(
        kind,
        f"{reply.status} after {reply.ms} ms",
        detail=detail if looks_like_xml or not text else f"{detail}\n{text}",
        xml=text if looks_like_xml else None,
    )


def _whole(text: str | None, low: int, high: int) -> int | None:
    if text is None or not (text.isascii() and text.isdigit()):
        return None
    value = int(text)
    return value if low <= value <= high else None
