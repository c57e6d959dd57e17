"""The environment, read once. An unknown name or an unusable value is refused at start, in one sentence."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from urllib.parse import urlsplit

PREFIX = "SOFTPHONE_"


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
    database_url: str = "sqlite:///softphone.db"
    """`sqlite:///path/of/file` or `postgresql://user:password@host/name`."""
    master_key: str = ""
    """64 hexadecimal digits. Empty: the key file is used."""
    master_key_file: str = "softphone.key"
    """Where the master key is kept when it is not in the environment; made once, mode 0600."""
    plivo_api_url: str = "https://api.plivo.com"
    """Plivo's REST API, without `/v1`."""
    signalling_urls: tuple[str, ...] = (
        "wss://client.plivo.com/signalling",
        "wss://client-fb.plivo.com/signalling",
    )
    """The SDK's WebSocket addresses, in order of preference (`wire.md` 5.4)."""
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
    known = {f"{PREFIX}{field.name.upper()}": field.name for field in fields(Settings)}
    values: dict[str, object] = {}
    for name, text in environment.items():
        if not name.startswith(PREFIX):
            continue
        if name not in known:
            raise SettingsError(f"{name} is not a setting. Known settings: {', '.join(sorted(known))}.")
        values[known[name]] = _read(name, known[name], text.strip())
    return Settings(**values)  # type: ignore[arg-type]  # each value was made for its field by _read


def _read(name: str, field: str, text: str) -> object:
    match field:
        case "signalling_urls" | "trusted_proxies":
            return tuple(part.strip() for part in text.split(",") if part.strip())
        case "workers":
            if not text.isdigit() or not 1 <= int(text) <= 64:
                raise SettingsError(f"{name} is a number from 1 to 64.")
            return int(text)
        case "public_url" | "plivo_api_url":
            return _url(name, text)
        case _:
            return text


def _url(name: str, text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise SettingsError(f"{name} must be like https://phone.example.org, without a query.")
    loopback = parts.hostname in {"127.0.0.1", "localhost", "::1"}
    if parts.scheme == "http" and not loopback:
        raise SettingsError(f"{name} must start with https:// unless it is on this machine (http://127.0.0.1).")
    return text.rstrip("/")


def sqlite_path(database_url: str) -> Path | None:
    """The file of a `sqlite:///` URL; None for another engine."""
    prefix = "sqlite:///"
    return Path(database_url.removeprefix(prefix)) if database_url.startswith(prefix) else None
