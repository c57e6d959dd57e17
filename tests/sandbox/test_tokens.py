"""Which tokens register, which are refused with which code, and what is minted."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest

from softphone.sandbox.tokens import MintRefused, TokenLogin, TokenOptions, TokenRefused, Tokens

AUTH_ID, AUTH_TOKEN = "MAXXXXXXXXXXXXXXXXXX", "MAIN0auth1token2main3auth4token5main6aaa"
NOW = datetime.fromtimestamp(1_800_000_100, tz=UTC)
VECTORS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "wire" / "jwt-vectors.json").read_text(encoding="utf-8")
)
BOTH = {"voice": {"incoming_allow": True, "outgoing_allow": True}}
GOOD: dict[str, Any] = {"iss": AUTH_ID, "sub": "ana123", "nbf": 1_800_000_000, "exp": 1_800_000_600, "per": BOTH}


def tokens(*, refuse_local: bool = False, minted_life: timedelta | None = None) -> Tokens:
    """An account's tokens."""
    return Tokens(
        auth_id=AUTH_ID,
        auth_token=AUTH_TOKEN,
        minting_key=b"k" * 32,
        options=TokenOptions(refuse_local=refuse_local, minted_life=minted_life),
    )


def signed(claims: dict[str, Any], *, key: str = AUTH_TOKEN, header: dict[str, Any] | None = None) -> str:
    """A token with these claims."""
    return jwt.encode(claims, key, algorithm="HS256", headers=header or {"cty": "plivo;v=1"})


def test_a_local_token_registers_as_its_subject_and_account() -> None:
    """`{sub}_{iss}` is the SIP user (`wire.md` 1.6)."""
    login = tokens().check(signed(GOOD), NOW)

    assert isinstance(login, TokenLogin)
    assert login.sip_user == f"ana123_{AUTH_ID}"
    assert (login.incoming, login.outgoing, login.app) == (True, True, None)
    assert login.expires_at == datetime.fromtimestamp(1_800_000_600, tz=UTC)


@pytest.mark.parametrize(
    ("token", "code"),
    [
        ("no token", 10001),
        (signed({**GOOD, "exp": None}), 10001),
        (signed(GOOD, header={"cty": "other"}), 10002),
        (signed({**GOOD, "iss": "MAYYYYYYYYYYYYYYYYYY"}), 10003),
        (signed({**GOOD, "sub": ""}), 10004),
        (signed({**GOOD, "sub": "1ana"}), 10004),
        (signed({**GOOD, "nbf": 1_800_000_101}), 10005),
        (signed({**GOOD, "exp": 1_800_000_100}), 10006),
        (signed(GOOD, key="x" * 40), 10007),
        (signed({**GOOD, "per": {"incoming_allow": True}}), 10008),
        (signed({**GOOD, "per": {}}), 10008),
        (signed({**GOOD, "exp": 1_800_086_401}), 10009),
    ],
    ids=[
        "no jwt",
        "no end",
        "wrong content type",
        "another account",
        "no subject",
        "subject is no name",
        "too early",
        "too late",
        "another key",
        "flat rights",
        "no rights",
        "over a day",
    ],
)
def test_a_refused_token_says_why(token: str, code: int) -> None:
    """Each of Plivo's codes has its own cause."""
    refused = tokens().check(token, NOW)

    assert isinstance(refused, TokenRefused)
    assert refused.code == code


def test_local_tokens_can_be_refused_while_minted_ones_are_taken() -> None:
    """What Plivo's documentation says: only minted tokens, 10007 for others (`wire.md` 1.1)."""
    plivo = tokens(refuse_local=True)
    minted = plivo.mint({"iss": AUTH_ID, "sub": "ana123", "per": BOTH}, NOW)

    local = plivo.check(signed(GOOD), NOW)

    assert isinstance(local, TokenRefused)
    assert local.code == 10007
    assert isinstance(plivo.check(minted, NOW), TokenLogin)


def test_a_minted_token_has_plivo_s_header_and_claims() -> None:
    """Alphabetical claims, empty `app`, both booleans (`wire.md` 1.3)."""
    token = tokens().mint({"iss": AUTH_ID, "sub": "ana123", "nbf": "1800000000", "exp": "1800003600"}, NOW)

    assert jwt.get_unverified_header(token) == {"alg": "HS256", "cty": "plivo;v=1", "typ": "JWT"}
    claims = jwt.decode(token, options={"verify_signature": False})
    assert list(claims) == ["app", "exp", "iss", "nbf", "per", "sub"]
    assert claims["per"] == {"voice": {"incoming_allow": False, "outgoing_allow": False}}
    assert (claims["nbf"], claims["exp"], claims["app"]) == (1_800_000_000, 1_800_003_600, "")


def test_the_life_of_minted_tokens_can_be_capped() -> None:
    """For tests that want to see a renewal soon."""
    token = tokens(minted_life=timedelta(seconds=70)).mint({"iss": AUTH_ID, "sub": "ana123", "per": BOTH}, NOW)

    claims = jwt.decode(token, options={"verify_signature": False, "verify_exp": False})
    assert claims["exp"] == 1_800_000_170


@pytest.mark.parametrize(
    "body",
    [
        {"iss": "MAYYYYYYYYYYYYYYYYYY"},
        {"iss": AUTH_ID, "nbf": 1_800_000_000, "exp": 1_800_086_401},
        {"iss": AUTH_ID, "nbf": 10, "exp": 5},
        {"iss": AUTH_ID, "per": BOTH},
        {"iss": AUTH_ID, "sub": "ana", "per": {"voice": {"incoming_allow": "yes"}}},
        {"iss": AUTH_ID, "exp": "soon"},
    ],
    ids=["another account", "over a day", "ends before it begins", "incoming without subject", "no boolean", "no time"],
)
def test_what_cannot_be_minted_is_refused(body: dict[str, Any]) -> None:
    """400, with the field named."""
    with pytest.raises(MintRefused):
        tokens().mint(body, NOW)


@pytest.mark.parametrize("vector", VECTORS, ids=[one["name"] for one in VECTORS])
def test_published_tokens_never_raise(vector: dict[str, Any]) -> None:
    """Every sample has an answer, whatever it is."""
    assert isinstance(tokens().check(vector["token"], NOW), TokenLogin | TokenRefused)
