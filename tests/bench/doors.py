"""The service's doors under load: token issue and direct-dial answers, beside the bare route."""

from urllib.parse import urlencode

from quart import Quart

from softphone.__main__ import utc_now
from tests import telephony
from tests.bench.figures import Measured
from tests.bench.ledger import Entry
from tests.bench.stage import TOKENS_EACH, Scale, Service, Stage, measure

PATH = "/telephony/main/outgoing"


async def measure_bare(service: Service, scale: Scale) -> Measured:
    """The route that does nothing."""
    requests = [post("/", {"Content-Type": "application/json"}, "{}")] * scale.total
    return (await measure("bare Quart route", service, requests, expected="{}", scale=scale))[0]


async def measure_tokens(stage: Stage) -> Measured:
    """Tokens that the service signs itself, for volunteers who have their endpoint."""
    requests = [
        post("/api/webrtc-token", {"Content-Type": "application/json", **page}, "{}")
        for _ in range(TOKENS_EACH)
        for page in stage.pages
    ]
    name = "token issue"
    return (await measure(name, stage.service, requests, expected='"token":', scale=stage.scale))[0]


async def measure_answers(stage: Stage) -> tuple[Measured, list[Entry]]:
    """Direct-dial answers: verified, decided, rendered and recorded. Also what was acknowledged."""
    plivo, now = telephony.Caller(app=Quart("bench")), utc_now()
    requests: list[str] = []
    calls: list[Entry] = []
    for number, caller in enumerate(stage.callers):
        callee, nonce = stage.callees[number % len(stage.callees)], str(next(plivo.nonces))
        calls.append((f"bench-{number:08}", nonce))
        fields = plivo.outgoing(caller, callee.extension, call=calls[-1][0], SessionStart=f"{now:%Y-%m-%d %H:%M:%S}")
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Plivo-Signature-V3-Nonce": nonce,
            "X-Plivo-Signature-V3": plivo.signature(PATH, fields, nonce),
        }
        requests.append(post(PATH, headers, urlencode(fields)))
    name = "direct-dial answer"
    measured, acknowledged = await measure(name, stage.service, requests, expected="<User>", scale=stage.scale)
    return measured, [calls[number] for number in acknowledged]


def post(path: str, headers: dict[str, str], body: str) -> str:
    """A whole request."""
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body.encode())}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", body])
