"""Our page is told from every other page; a client's address is believed from trusted proxies only."""

import pytest

from softphone.settings import Settings
from softphone.web.origins import client_address, client_network, same_origin

SETTINGS = Settings(public_url="https://phone.example.org", trusted_proxies=("10.0.0.0/8", "::1"))
OWN = "https://phone.example.org"


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin", "Origin": OWN},
        {"Sec-Fetch-Site": "same-origin"},
        {"Origin": OWN},
    ],
    ids=["both", "site alone", "origin alone"],
)
def test_our_own_page_is_known(headers: dict[str, str]) -> None:
    """Older browsers send one of the two."""
    assert same_origin(headers, SETTINGS)


@pytest.mark.tm("TM-A5")
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "same-site", "Origin": "https://evil.example.org"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": ""},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site", "Origin": OWN},
        {"Sec-Fetch-Site": "same-site", "Origin": OWN},
        {"Sec-Fetch-Site": "same-origin, cross-site"},
        {"Sec-Fetch-Site": "Same-Origin"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://phone.example.org"},
        {"Origin": "https://phone.example.org:8443"},
        {"Origin": "https://phone.example.org."},
        {"Origin": "https://phone.example.org.evil.example"},
        {"Origin": "https://evil.example/https://phone.example.org"},
        {"Origin": "https://user@phone.example.org"},
        {"Origin": f"{OWN}, https://evil.example"},
        {"Origin": "//phone.example.org"},
        {"Origin": f"{OWN}/"},
    ],
)
def test_no_other_page_passes_for_ours(headers: dict[str, str]) -> None:
    """What is missing, doubled or merely similar is not the same."""
    assert not same_origin(headers, SETTINGS)


@pytest.mark.parametrize(
    ("public_url", "origin"),
    [
        ("https://phone.example.org:443/below", "https://phone.example.org"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_the_origin_is_written_as_browsers_write_it(public_url: str, origin: str) -> None:
    """Without a path, and without the scheme's own port."""
    assert same_origin({"Origin": origin}, Settings(public_url=public_url))


@pytest.mark.parametrize(
    ("peer", "forwarded_for", "address"),
    [
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "6.6.6.6, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
        ("10.0.0.1", None, "10.0.0.1"),
        ("10.0.0.1", "6.6.6.6, <script>", "10.0.0.1"),
        ("::1", "2001:db8::7", "2001:db8::7"),
        ("::ffff:10.0.0.1", "198.51.100.1", "198.51.100.1"),
        (None, "198.51.100.1", "unknown"),
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
    ],
)
def test_a_forwarded_address_is_believed_from_a_trusted_proxy_only(
    peer: str | None, forwarded_for: str | None, address: str
) -> None:
    """Whatever a client writes to the left of what our proxies wrote does not count."""
    assert client_address(peer, forwarded_for, SETTINGS) == address


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("198.51.100.1", "198.51.100.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:198.51.100.1", "198.51.100.1"),
        ("unknown", "unknown"),
    ],
)
def test_one_customer_is_one_network(address: str, network: str) -> None:
    """An IPv6 customer has 2^64 addresses and still counts once."""
    assert client_network(address) == network
