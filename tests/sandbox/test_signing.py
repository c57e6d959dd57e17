"""The sandbox's own signer against the vectors that Plivo's packages confirmed."""

import json
from pathlib import Path
from typing import Any

import pytest

from softphone.sandbox.signing import signature, text_to_sign

VECTORS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "wire" / "signature-v3-vectors.json").read_text(encoding="utf-8")
)
# GET vectors that carry parameters beside the URL are about merging them first, which the sender has done.
USABLE = [one for one in VECTORS if one["method"] in ("GET", "POST") and not (one["method"] == "GET" and one["params"])]


def pairs(params: dict[str, str | list[str]]) -> list[tuple[str, str]]:
    """The parameters as pairs, one for each value."""
    return [
        (name, value) for name, values in params.items() for value in (values if isinstance(values, list) else [values])
    ]


@pytest.mark.parametrize("vector", USABLE, ids=[one["name"] for one in USABLE])
def test_the_signed_text_and_signature_are_rule_r(vector: dict[str, Any]) -> None:
    """Rule R of `wire.md` 2.2, text and signature, on every vector."""
    text = text_to_sign(vector["method"], vector["url"], fields=pairs(vector["params"]), nonce=vector["nonce"])

    assert text == vector["signed_string"]
    assert signature(text, auth_token=vector["auth_token"]) == vector["expected_signature"]
