"""The security headers of every answer (threat model, section 4)."""

from urllib.parse import urlsplit

from softphone.settings import Settings

PERMISSIONS = "microphone=(self), autoplay=(self), camera=(), geolocation=(), display-capture=(), usb=(), payment=()"
HSTS_SECONDS = 2 * 365 * 24 * 3600

Headers = list[tuple[bytes, bytes]]


def content_security_policy(settings: Settings) -> str:
    """What the page may load and where it may connect: us, and the signalling sockets that the settings name."""
    connect = " ".join(("'self'", *dict.fromkeys(_origin(url) for url in settings.signalling_urls)))
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data:",
            "font-src 'self'",
            "media-src 'self' blob:",
            f"connect-src {connect}",
            "worker-src 'self'",
            "manifest-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def security_headers(settings: Settings) -> Headers:
    """The headers that no answer goes without, as ASGI wants them: lower-case names, bytes."""
    headers = {
        "content-security-policy": content_security_policy(settings),
        "permissions-policy": PERMISSIONS,
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
    }
    if settings.public_url.startswith("https://"):
        headers["strict-transport-security"] = f"max-age={HSTS_SECONDS}; includeSubDomains"
    return [(name.encode(), value.encode()) for name, value in headers.items()]


def no_store() -> Headers:
    """What answers about people and calls carry, so that no cache or back button keeps them (TM-D9)."""
    return [(b"cache-control", b"no-store"), (b"vary", b"Cookie")]


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
