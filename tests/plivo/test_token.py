"""Access tokens are exactly what Plivo and its browser SDK take."""

import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plivo.utils.jwt import AccessToken as OfficialToken

from softphone.domain.ids import AuthId, EndpointUsername
from softphone.domain.secret import Secret
from softphone.plivo.token import (
    LONGEST_TOKEN,
    Grants,
    TokenRefused,
    TokenRequest,
    encode,
    read_minted,
    sign,
)
from tests.clock import NOON
from tests.plivo_wire import AUTH_ID, AUTH_TOKEN, PLIVOS_KEY, minted

VECTORS = json.loads((Path(__file__).parents[1] / "wire" / "jwt-vectors.json").read_text())
LOCAL = [v for v in VECTORS if len(v["auth_token"]) == 40 and not v["name"].startswith("R")]
KEY = Secret(AUTH_TOKEN)


def request(**changes: Any) -> TokenRequest:
    """A request that can be granted, with changes."""
    fields: dict[str, Any] = {
        "auth_id": AuthId(AUTH_ID),
        "subject": EndpointUsername("valice140703093944"),
        "grants": Grants(incoming=True, outgoing=False),
        "lifetime": timedelta(seconds=600),
        "now": NOON,
        "jti": "0123456789abcdef",
    }
    return TokenRequest(**{**fields, **changes})


def claims_of(token: str) -> dict[str, Any]:
    """What a token says, unverified."""
    body = token.split(".")[1]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return found


@pytest.mark.parametrize("vector", LOCAL, ids=lambda v: str(v["name"]))
def test_the_published_tokens_are_matched_byte_for_byte(vector: dict[str, Any]) -> None:
    """The same claims in the same order with the same key make the token that Plivo's own packages make."""
    token = encode(vector["claims"], key=Secret(vector["auth_token"]))

    assert (jwt.get_unverified_header(token), claims_of(token)) == (vector["header"], vector["claims"])
    assert jwt.decode(
        token, vector["auth_token"], algorithms=["HS256"], options={"verify_exp": False, "verify_nbf": False}
    )
    if jwt.get_unverified_header(token) and token.split(".")[0] == vector["token"].split(".")[0]:
        assert token == vector["token"]


def test_a_token_says_what_was_decided() -> None:
    """Claims, order of times, and both spellings of the permissions (`wire.md` 1.9)."""
    made = sign(request(), key=KEY)

    voice = {"voice": {"incoming_allow": True, "outgoing_allow": False}}
    start = int((NOON - timedelta(seconds=30)).timestamp())
    assert claims_of(made.secret.reveal()) == {
        "jti": "0123456789abcdef",
        "iss": AUTH_ID,
        "sub": "valice140703093944",
        "nbf": start,
        "exp": start + 600,
        "per": voice,
        "grants": voice,
    }
    assert made.expires_at == datetime.fromtimestamp(start + 600, UTC)
    assert jwt.get_unverified_header(made.secret.reveal()) == {"alg": "HS256", "typ": "JWT", "cty": "plivo;v=1"}


def test_the_official_package_agrees_on_what_it_knows() -> None:
    """Its account, name and times are ours. Its signing cannot be compared: it fails under PyJWT 2 (`wire.md` 1.4)."""
    official = OfficialToken(AUTH_ID, AUTH_TOKEN, "valice140703093944", valid_from=1800000000, lifetime=600, uid="j")

    ours = sign(request(now=datetime.fromtimestamp(1800000030, UTC)), key=KEY).secret.reveal()

    assert (official.valid_from, official.valid_from + official.lifetime) == (
        claims_of(ours)["nbf"],
        claims_of(ours)["exp"],
    )
    assert (official.auth_id, official.username) == (claims_of(ours)["iss"], claims_of(ours)["sub"])


@pytest.mark.parametrize("seconds", [180, 86_400])
def test_the_limits_of_a_life_are_allowed(seconds: int) -> None:
    """180 s and 24 h are inside."""
    claims = claims_of(sign(request(lifetime=timedelta(seconds=seconds)), key=KEY).secret.reveal())

    assert claims["exp"] - claims["nbf"] == seconds


@pytest.mark.parametrize(
    "changes",
    [
        {"lifetime": timedelta(seconds=179)},
        {"lifetime": timedelta(seconds=86_401)},
        {"auth_id": "MAxxxxxxxxxxxxxxxxxx"},
        {"auth_id": "XXXXXXXXXXXXXXXXXXXX"},
        {"auth_id": "MAXXXXXXXXXXXXXXXXXXX"},
        {"subject": ""},
        {"subject": "v;transport=udp"},
        {"subject": "vädgar"},
        {"subject": "v" * 65},
        {"jti": "short"},
    ],
)
def test_what_no_token_should_be_made_from_is_refused(changes: dict[str, Any]) -> None:
    """A wrong life, account, name or id stops here."""
    with pytest.raises(TokenRefused):
        sign(request(**changes), key=KEY)


@given(length=st.integers(1, 64), incoming=st.booleans(), outgoing=st.booleans())
def test_no_token_is_longer_than_the_sdk_sends(length: int, incoming: bool, outgoing: bool) -> None:
    """Over 500 characters `grants` goes first; `per`, which the SDK reads, always stays."""
    wanted = request(subject="v" * length, grants=Grants(incoming=incoming, outgoing=outgoing))

    token = sign(wanted, key=KEY).secret.reveal()

    assert len(token) <= LONGEST_TOKEN
    assert claims_of(token)["per"]["voice"] == {"incoming_allow": incoming, "outgoing_allow": outgoing}
    assert claims_of(token).get("grants", claims_of(token)["per"]) == claims_of(token)["per"]
    assert ("grants" in claims_of(token)) or length > 37


@pytest.mark.tm("TM-T4")
def test_permissions_do_not_leak_from_one_token_into_the_next() -> None:
    """A token that may dial, then one that may not: the second cannot."""
    sign(request(grants=Grants(incoming=True, outgoing=True)), key=KEY)

    second = claims_of(sign(request(grants=Grants(incoming=True, outgoing=False)), key=KEY).secret.reveal())

    assert second["per"]["voice"]["outgoing_allow"] is False
    assert second["grants"]["voice"]["outgoing_allow"] is False


def asked() -> dict[str, Any]:
    """What Plivo is asked for by `request()`."""
    wanted = request()
    return {
        "iss": AUTH_ID,
        "sub": wanted.subject,
        "nbf": wanted.not_before,
        "exp": wanted.expires,
        "per": {"voice": {"incoming_allow": True, "outgoing_allow": False}},
    }


def forged(header: dict[str, Any], claims: dict[str, Any] | str) -> str:
    """A token put together by hand."""
    parts = [json.dumps(header), claims if isinstance(claims, str) else json.dumps(claims), "signature"]
    return ".".join(base64.urlsafe_b64encode(part.encode()).decode().rstrip("=") for part in parts)


PLIVOS_HEADER = {"alg": "HS256", "typ": "JWT", "cty": "plivo;v=1"}


@pytest.mark.tm("TM-T6")
def test_the_token_that_was_asked_for_passes() -> None:
    """Also one that ends sooner, as Plivo may decide."""
    ends = request().expires - 120

    made = read_minted(minted(asked(), exp=ends), request=request())

    assert made.expires_at == datetime.fromtimestamp(ends, UTC)


@pytest.mark.tm("TM-T6")
@pytest.mark.parametrize(
    "changes",
    [
        {"sub": "somebodyelse1234"},
        {"sub": ""},
        {"iss": "MAYYYYYYYYYYYYYYYYYY"},
        {"exp": request().expires + 3600},
        {"exp": str(request().expires)},
        {"exp": int(NOON.timestamp())},
        {"exp": True},
        {"nbf": int(NOON.timestamp()) + 60},
        {"nbf": None},
        {"per": {"voice": {"incoming_allow": True, "outgoing_allow": True}}},
        {"per": {"incoming_allow": True, "outgoing_allow": False}},
        {"per": {"voice": {"incoming_allow": 1, "outgoing_allow": 0}}},
        {"per": None},
        {"grants": {"voice": {"incoming_allow": True, "outgoing_allow": True}}},
        {"app": "20468599130939380"},
    ],
)
def test_a_minted_token_that_says_something_else_is_refused(changes: dict[str, Any]) -> None:
    """Another name, account, time or right than was asked for never reaches a browser."""
    with pytest.raises(TokenRefused):
        read_minted(forged(PLIVOS_HEADER, {"app": "", **asked(), **changes}), request=request())


@pytest.mark.tm("TM-T5")
@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none"},
        {"alg": "None"},
        {"alg": "NONE"},
        {"alg": "RS256"},
        {"alg": "ES256"},
        {"alg": "PS256"},
        {"alg": "HS384"},
        {"alg": "HS512"},
        {"alg": "hs256"},
        {"alg": ["HS256"]},
        {"alg": None},
        {"typ": "JWE"},
        {"typ": None},
        {"cty": "JWT"},
        {"cty": None},
        {"kid": "../../dev/null"},
        {"kid": "x' UNION SELECT 'k"},
        {"jku": "https://example.org/keys"},
        {"jwk": {"kty": "oct", "k": "AA"}},
        {"x5u": "https://example.org/cert"},
        {"x5c": ["AA"]},
        {"crit": ["exp"]},
        {"b64": False},
        {"zip": "DEF"},
        {"enc": "A256GCM"},
    ],
)
def test_a_header_that_plays_with_the_algorithm_is_refused(header: dict[str, Any]) -> None:
    """Only HS256, JWT and Plivo's own content type, and no other header name."""
    with pytest.raises(TokenRefused):
        read_minted(forged({**PLIVOS_HEADER, **header}, {"app": "", **asked()}), request=request())


@pytest.mark.tm("TM-T5")
@pytest.mark.parametrize(
    "token",
    [
        "",
        "..",
        "a.b",
        "a.b.c.d",
        "<html>not a token</html>",
        forged(PLIVOS_HEADER, "[]"),
        forged(PLIVOS_HEADER, "null"),
        forged(PLIVOS_HEADER, '{"sub":"a","sub":"b"}'),
        minted(asked()) + "A" * 500,
        "é.é.é",
        jwt.encode({"x": 1}, PLIVOS_KEY),
    ],
)
def test_what_is_no_token_is_refused(token: str) -> None:
    """HTML, arrays, names said twice, and anything too long."""
    with pytest.raises(TokenRefused):
        read_minted(token, request=request())
