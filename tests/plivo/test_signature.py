"""Rule R holds on Plivo's own vectors, and nothing makes the verifier raise."""

import json
import secrets
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plivo.utils.signature_v3 import validate_v3_signature

from softphone.domain.secret import Secret
from softphone.plivo.signature import SignedRequest, is_signed, pairs_of, read_pairs, sign, signed_text, usable_nonce

WIRE = Path(__file__).parent.parent / "wire"
VECTORS = json.loads((WIRE / "signature-v3-vectors.json").read_text("utf-8"))
DIVERGENT = json.loads((WIRE / "signature-v3-divergent.json").read_text("utf-8"))
TOKEN = "0123456789abcdef0123456789abcdef01234567"
NONCE = "31627761595286130198"


def asked(vector: dict[str, object]) -> SignedRequest:
    """The request of a vector."""
    fields: list[tuple[str, str]] = []
    params = vector["params"]
    assert isinstance(params, dict)
    for name, value in params.items():
        fields += [(name, one) for one in (value if isinstance(value, list) else [value])]
    return SignedRequest(
        method=str(vector["method"]),
        url=str(vector["url"]).encode(),
        fields=pairs_of(fields),
        nonce=str(vector["nonce"]),
    )


@pytest.mark.tm("TM-W1")
@pytest.mark.parametrize("vector", VECTORS, ids=[v["name"] for v in VECTORS])
def test_every_vector_is_judged_as_plivo_judges_it(vector: dict[str, object]) -> None:
    """The 71 vectors that the official SDKs agree on."""
    header = vector["signature"]
    text = ",".join(header) if isinstance(header, list) else str(header)

    verdict = is_signed(asked(vector), text, [Secret(str(vector["auth_token"]))])

    assert verdict is vector["valid"]
    assert signed_text(asked(vector)) == str(vector["signed_string"]).encode()


@pytest.mark.tm("TM-W8")
@pytest.mark.parametrize("vector", DIVERGENT, ids=[v["name"] for v in DIVERGENT])
def test_odd_urls_never_raise(vector: dict[str, object]) -> None:
    """Where the SDKs disagree or raise, rule R still gives its one answer."""
    request = asked(vector)

    text = signed_text(request)

    assert text == str(vector["recommended_signed_string"]).encode()
    assert sign(request, Secret(str(vector["auth_token"]))) == vector["recommended_signature"]


THREAT_MODEL = [
    (
        "POST",
        "https://sp.example.org/plivo/c1/answer",
        [("From", "15551230000"), ("To", "18005550100"), ("CallUUID", "b5a1d3c0-0000-4000-8000-000000000001")],
        "05429567804466091622",
        "C2Ok9L2kZHS6LhW2fakpA9shInYjrM+heTqGomrXv5Q=",
    ),
    (
        "POST",
        "https://sp.example.org/plivo/c1/answer?lang=es&step=2",
        [("From", "15551230000"), ("Digits", "")],
        "05429567804466091623",
        "6sF//B1DandCz8rp7+14P7oAeYuyTtLPV0RkMSEEjNo=",
    ),
    (
        "POST",
        "https://sp.example.org/plivo/c1/answer",
        [],
        "05429567804466091624",
        "vfTxFIoX7AVIFRm21QxzPBoouLeyEkvwHHSHS3m74UM=",
    ),
    (
        "POST",
        "https://sp.example.org:8443/plivo/c1/status",
        [("CallerName", "José Ñ"), ("From", "+15551230000")],
        "05429567804466091625",
        "c2NOSUHvJmr8RVIXfqz6TnidVfLC+09cKVP0pB2hzFA=",
    ),
    (
        "GET",
        "https://sp.example.org/plivo/c1/answer?b=2&a=1",
        [("From", "15551230000"), ("To", "18005550100")],
        "05429567804466091626",
        "H14TVF9JE7qnSnFUzTYxVwCfW/8w2U+agsg1Yq8VmJo=",
    ),
    (
        "POST",
        "https://sp.example.org/plivo/c1/status",
        [("X-PH-a", "2"), ("X-PH-a", "1"), ("From", "1")],
        "05429567804466091627",
        "03MW/sH+eE3q+E7F7miM88fjnYUXdzDUPq7qrPGuPHo=",
    ),
]


@pytest.mark.tm("TM-W6")
@pytest.mark.parametrize(("method", "url", "fields", "nonce", "signature"), THREAT_MODEL)
def test_the_threat_models_vectors_hold(
    method: str, url: str, fields: list[tuple[str, str]], nonce: str, signature: str
) -> None:
    """Section 7 of the threat model."""
    request = SignedRequest(method=method, url=url.encode(), fields=pairs_of(fields), nonce=nonce)

    assert sign(request, Secret(TOKEN)) == signature


def test_any_of_several_tokens_and_signatures_may_match() -> None:
    """While a token is being replaced, Plivo signs with both, and so may we hold two."""
    request = SignedRequest(method="POST", url=b"https://a.example/p", fields=((b"a", b"1"),), nonce=NONCE)
    old, new = Secret("o" * 40), Secret("n" * 40)
    header = f"{sign(request, Secret('x' * 40))}, {sign(request, new)},"

    assert is_signed(request, header, [old, new])
    assert not is_signed(request, header, [old])
    assert not is_signed(request, header, [])
    assert not is_signed(request, ",,", [new])


def test_a_form_keeps_repeats_and_empty_values() -> None:
    """What is dropped while reading cannot be verified."""
    assert read_pairs(b"a=1&a=&&b&%zz=%C3%A9+x&c=%ff") == (
        (b"a", b"1"),
        (b"a", b""),
        (b"b", b""),
        (b"%zz", "é x".encode()),
        (b"c", "\ufffd".encode()),
    )


@pytest.mark.tm("TM-W4")
@pytest.mark.parametrize("nonce", ["", "1234567", "a" * 65, "12345678.9", "12345678 ", "1234567é", "12345678\n"])
def test_a_nonce_cannot_carry_a_boundary(nonce: str) -> None:
    """With a dot in the nonce, bytes could move between it and the parameters."""
    assert not usable_nonce(nonce)


@pytest.mark.tm("TM-W8")
def test_twenty_thousand_bad_inputs_are_simply_not_signed() -> None:
    """Random bytes in every part: False, never an exception."""
    key = [Secret(TOKEN)]

    for round_number in range(20_000):
        noise = secrets.token_bytes(24)
        request = SignedRequest(
            method=("POST", "GET", "PUT", "post")[round_number % 4],
            url=b"https://a.example/p?" + noise,
            fields=read_pairs(noise + b"=" + noise[::-1] + b"&%C3%A9=%"),
            nonce=noise.decode("utf-16", "surrogatepass") if round_number % 2 else NONCE,
        )
        assert not is_signed(request, noise.decode("latin-1"), key)


plain = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x2FFF), max_size=12)
query_text = st.text("abcdefghijklmnopqrstuvwxyzABC0123456789_-", min_size=1, max_size=8)


@pytest.mark.tm("TM-W8")
@settings(max_examples=60, deadline=None)
@given(
    fields=st.dictionaries(plain.filter(bool), plain, max_size=6),
    query=st.dictionaries(query_text, query_text, max_size=4),
    method=st.sampled_from(["GET", "POST"]),
)
def test_the_vendors_validator_agrees(fields: dict[str, str], query: dict[str, str], method: str) -> None:
    """Where the official validator does not crash (plain ASCII in the query), it accepts what we sign."""
    url = "https://sp.example.org/telephony/c1/outgoing"
    if query:
        url += "?" + "&".join(f"{quote(name)}={quote(value)}" for name, value in query.items())
    params = fields if method == "POST" else {}
    request = SignedRequest(method=method, url=url.encode(), fields=pairs_of(list(params.items())), nonce=NONCE)

    signature = sign(request, Secret(TOKEN))

    assert validate_v3_signature(method, url, NONCE, TOKEN, signature, params)
    assert is_signed(request, signature, [Secret(TOKEN)])
