"""The environment, read once. An unknown name or an unusable value is refused at start, in one sentence."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from ipaddress import ip_network
from pathlib import Path
from types import MappingProxyType
from urllib.parse import SplitResult, urlsplit

PREFIX = "SOFTPHONE_"
LOOPBACK = ("127.0.0.1", "localhost", "::1")
LOG_LEVELS = ("debug", "info", "warning", "error")
HIGHEST_PORT = 65535
MASTER_KEY = re.compile(r"[0-9A-Fa-f]{64}")
SOCKET_URL = re.compile(r"wss?://[A-Za-z0-9.\-\[\]:]+(/[A-Za-z0-9._~/-]*)?")


HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")


class SettingsError(Exception):
    """A setting cannot be used; the text says which, why, and what would be right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that comes from the environment and from nowhere else. Each field is `SOFTPHONE_<NAME IN
    CAPITALS>`.
    """

    public_url: str = "http://127.0.0.1:8000"
    """How Plivo and browsers reach the service: scheme, host, port and path prefix, no slash at the end."""
    bind: str = "127.0.0.1:8000"
    """Address and port to listen on."""
    database_url: str = field(default="sqlite:///softphone.db", repr=False)
    """`sqlite:///path/of/file` or `postgresql://user:password@host/name`."""
    master_key: str = field(default="", repr=False)
    """64 hexadecimal digits. Empty: the key file is used."""
    master_key_file: str = "softphone.key"
    """Where the master key is kept when it is not in the environment; made once, mode 0600."""
    plivo_api_url: str = "https://api.plivo.com"
    """Plivo's REST API, without `/v1`."""
    plivo_media_url: str = "https://media.plivo.com"
    """Where Plivo keeps recordings, without `/v1`: the one place that they are fetched from."""
    signalling_urls: tuple[str, ...] = (
        "wss://client.plivo.com/signalling",
        "wss://client-fb.plivo.com/signalling",
    )
    """The SDK's WebSocket addresses, in order of preference (`wire.md` 5.4)."""
    sip_server: str = "phone.plivo.com"
    """Where softphones and desk phones connect, `host` or `host:port`. Their domain is Plivo's all the same."""
    stun_server: str = "stun.plivo.com:3478"
    """What softphones ask for their outside address, `host` or `host:port`; empty for none."""
    trusted_proxies: tuple[str, ...] = ()
    """Addresses or networks whose forwarded headers tell the client's address."""
    workers: int = 1
    """Processes that serve; more than one needs PostgreSQL."""
    log_level: str = "info"
    """`debug`, `info`, `warning` or `error`."""

    @property
    def loopback_http(self) -> bool:
        """True where the public URL is plain http on this machine: the one case in which cookies are not `Secure`."""
        return self.public_url.startswith("http://")


def read_settings(environment: Mapping[str, str]) -> Settings:
    """The settings in an environment.

    Raises: SettingsError for a name that is not known or a value that cannot be used.
    """
    known = {f"{PREFIX}{setting.name.upper()}": setting.name for setting in fields(Settings)}
    values: dict[str, object] = {}
    for name, text in environment.items():
        if not name.startswith(PREFIX):
            continue
        if name not in known:
            raise SettingsError(f"{name} is not a setting. Known settings: {', '.join(sorted(known))}.")
        values[known[name]] = _read(name, known[name], text.strip())
    settings = Settings(**values)  # type: ignore[arg-type]  # each value was made for its field by _read
    if settings.workers > 1 and sqlite_path(settings.database_url) is not None:
        raise SettingsError(f"{PREFIX}WORKERS above 1 needs PostgreSQL; SQLite serves one process.")
    return settings


def _read(name: str, field: str, text: str) -> object:
    reader = READERS.get(field)
    return reader(name, text) if reader else text


def _url(name: str, text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise SettingsError(f"{name} must be like https://phone.example.org, without a query.")
    _port(name, parts)
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise SettingsError(f"{name} must start with https:// unless it is on this machine (http://127.0.0.1).")
    return text.rstrip("/")


def _signalling(name: str, text: str) -> tuple[str, ...]:
    urls = tuple(part.strip() for part in text.split(",") if part.strip())
    for url in urls:
        parts = urlsplit(url)
        # The text becomes part of a security header: nothing but a plain address may pass.
        if not SOCKET_URL.fullmatch(url) or (parts.scheme == "ws" and parts.hostname not in LOOPBACK):
            raise SettingsError(f"{name} takes addresses like wss://client.plivo.com/signalling, parted by commas.")
        _port(name, parts)
    if not urls:
        raise SettingsError(f"{name} needs at least one address.")
    return urls


def _server(name: str, text: str) -> str:
    host, colon, port = text.rpartition(":") if ":" in text else (text, "", "")
    if not HOST.fullmatch(host) or (colon and not (port.isdigit() and 0 < int(port) <= HIGHEST_PORT)):
        raise SettingsError(f"{name} is a host, or a host and a port, like phone.plivo.com or 127.0.0.1:5060.")
    return text


def _stun(name: str, text: str) -> str:
    return _server(name, text) if text else ""


def _proxies(name: str, text: str) -> tuple[str, ...]:
    proxies = tuple(part.strip() for part in text.split(",") if part.strip())
    for proxy in proxies:
        try:
            network = ip_network(proxy, strict=False)
        except ValueError:
            raise SettingsError(f"{name} takes addresses or networks like 10.0.0.0/8, parted by commas.") from None
        if network.prefixlen == 0:
            raise SettingsError(f"{name} must not trust every address: name your proxies.")
    return proxies


def _workers(name: str, text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 64:
        raise SettingsError(f"{name} is a number from 1 to 64.")
    return int(text)


def _bind(name: str, text: str) -> str:
    host, _, port = text.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or int(port) > HIGHEST_PORT:
        raise SettingsError(f"{name} is an address and a port, like 127.0.0.1:8000.")
    return text


def _database(name: str, text: str) -> str:
    if not text.startswith(("sqlite:///", "postgresql://")) or text == "sqlite:///":
        raise SettingsError(f"{name} is sqlite:///path/of/file or postgresql://user:password@host/name.")
    return text


def _key(name: str, text: str) -> str:
    if text and not MASTER_KEY.fullmatch(text):
        raise SettingsError(f"{name} is 64 hexadecimal digits. Make one with: openssl rand -hex 32")
    return text


def _level(name: str, text: str) -> str:
    if text.lower() not in LOG_LEVELS:
        raise SettingsError(f"{name} is one of {', '.join(LOG_LEVELS)}.")
    return text.lower()


def _port(name: str, parts: SplitResult) -> None:
    try:
        _ = parts.port
    except ValueError:
        raise SettingsError(f"{name} has a port that is not a number from 0 to {HIGHEST_PORT}.") from None


READERS: Mapping[str, Callable[[str, str], object]] = MappingProxyType(
    {
        "public_url": _url,
        "plivo_api_url": _url,
        "plivo_media_url": _url,
        "bind": _bind,
        "database_url": _database,
        "master_key": _key,
        "signalling_urls": _signalling,
        "sip_server": _server,
        "stun_server": _stun,
        "trusted_proxies": _proxies,
        "workers": _workers,
        "log_level": _level,
    }
)
"""What each setting is read by; the others are taken as text."""


def sqlite_path(database_url: str) -> Path | None:
    """The file of a `sqlite:///` URL; None for another engine."""
    prefix = "sqlite:///"
    return Path(database_url.removeprefix(prefix)) if database_url.startswith(prefix) else None
