"""Where a request comes from: which page, and which address."""

from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from softphone.settings import Settings

IPV6_SITE_BITS = 64  # RFC 4291 2.5.4: one customer holds at least the 64 bits below the subnet prefix.


def same_origin(headers: Mapping[str, str], settings: Settings) -> bool:
    """True if a browser says that the request comes from our own page (threat model, TM-A5).

    `Sec-Fetch-Site` must be `same-origin` and `Origin` must be the public URL's, as far as they are sent; at least one
    must be. A sibling subdomain is another origin.
    """
    site, origin = headers.get("Sec-Fetch-Site"), headers.get("Origin")
    if site is None and origin is None:
        return False
    return site in {None, "same-origin"} and origin in {None, public_origin(settings)}


def public_origin(settings: Settings) -> str:
    """The public URL's origin as browsers write it: RFC 6454 6.2, without the scheme's own port."""
    parts = urlsplit(settings.public_url)
    own = {"http": 80, "https": 443}[parts.scheme]
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port not in {None, own} else "")


def client_address(peer: str | None, forwarded_for: str | None, settings: Settings) -> str:
    """The address of the client: the peer's, unless the peer is a trusted proxy (threat model, B5).

    Behind trusted proxies it is the last address of `X-Forwarded-For` that is not itself a trusted proxy, because only
    the addresses to its right were written by machines we trust. Text that is not an address ends the walk.
    """
    client = peer or "unknown"
    hops = [hop.strip() for hop in (forwarded_for or "").split(",") if hop.strip()]
    while _trusted(client, settings) and hops:
        address = _address(hops.pop())
        if address is None:
            break
        client = str(address)
    return client


def client_network(address: str) -> str:
    """What counts as one network for limits: the address itself, or the /64 of an IPv6 address."""
    found = _address(address)
    if isinstance(found, IPv6Address):
        return str(IPv6Network((found, IPV6_SITE_BITS), strict=False))
    return str(found) if found else address


def _trusted(address: str, settings: Settings) -> bool:
    found = _address(address)
    return found is not None and any(found in ip_network(proxy, strict=False) for proxy in settings.trusted_proxies)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(text)
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found
