"""Digest passwords."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from softphone.sandbox.sip import digest
from tests.clock import NOON

NONCES = digest.Nonces(key=b"k" * 32)


def attempt(*, password: str, nonce: str) -> digest.Attempt:
    """What a client sends that knows `password`."""
    credentials = {
        "username": "ana1",
        "realm": digest.REALM,
        "nonce": nonce,
        "uri": "sip:phone.plivo.com",
        "qop": "auth",
        "nc": "00000001",
        "cnonce": "0a4f113b",
    }
    made = digest.Attempt(method="REGISTER", username="ana1", password=password, credentials=credentials)
    credentials["response"] = digest.response_digest(made)
    return digest.Attempt(method="REGISTER", username="ana1", password="right", credentials=credentials)


def test_the_example_of_rfc_2617_holds() -> None:
    """RFC 2617 3.5."""
    credentials = digest.read_credentials(
        'Digest username="Mufasa", realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", '
        'uri="/dir/index.html", qop=auth, nc=00000001, cnonce="0a4f113b", opaque="5ccc069c403ebaf9f0171e9517f40e41"'
    )
    asked = digest.Attempt(method="GET", username="Mufasa", password="Circle Of Life", credentials=credentials)

    assert digest.response_digest(asked) == "6629fae49393a05397450978507c4ef1"


def test_the_right_password_is_accepted() -> None:
    """With a nonce of ours that is fresh."""
    right = attempt(password="right", nonce=NONCES.make(NOON))

    assert digest.check(right, NONCES, now=NOON) == digest.Accepted()


def test_a_wrong_password_is_challenged_again() -> None:
    """Not stale: the client should ask its user."""
    wrong = attempt(password="wrong", nonce=NONCES.make(NOON))

    assert digest.check(wrong, NONCES, now=NOON) == digest.Challenge(stale=False)


def test_an_old_nonce_is_stale() -> None:
    """The client tries again by itself."""
    late = attempt(password="right", nonce=NONCES.make(NOON))

    assert digest.check(late, NONCES, now=NOON + timedelta(minutes=11)) == digest.Challenge(stale=True)


def test_a_nonce_that_is_not_ours_is_refused() -> None:
    """Even when the password is right."""
    foreign = attempt(password="right", nonce=digest.Nonces(key=b"other").make(NOON))

    assert digest.check(foreign, NONCES, now=NOON) == digest.Challenge(stale=False)


@settings(deadline=None)
@given(st.text(max_size=80))
def test_any_header_is_read_without_a_crash(text: str) -> None:
    """Nothing in an Authorization header is trusted."""
    given_credentials = digest.read_credentials("Digest " + text)
    tried = digest.Attempt(method="REGISTER", username="ana1", password="right", credentials=given_credentials)

    assert isinstance(digest.check(tried, NONCES, now=NOON), digest.Challenge)
