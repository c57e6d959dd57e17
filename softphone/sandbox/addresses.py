"""Where a running sandbox can be reached, and with what."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from softphone.sandbox.options import SandboxOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """The addresses of a sandbox that listens. `api` takes the place of `https://api.plivo.com`, `sip` (host and port,
    UDP and TCP) that of `phone.plivo.com`.
    """

    url: str
    phone: str
    log: str
    signalling: str
    sip: str
    api: str
    auth_id: str
    auth_token: str = field(repr=False)
    numbers: tuple[str, ...]

    def as_json(self) -> Mapping[str, object]:
        """One line of JSON's worth, for scripts."""
        return {
            "url": self.url,
            "phone": self.phone,
            "log": self.log,
            "signalling": self.signalling,
            "sip": self.sip,
            "api": self.api,
            "auth_id": self.auth_id,
            "auth_token": self.auth_token,
            "numbers": list(self.numbers),
        }


def addresses_of(options: SandboxOptions, port: int, *, sip: str = "") -> Addresses:
    """The addresses of a sandbox that listens on `port`, and for telephones at `sip`."""
    host = f"[{options.host}]" if ":" in options.host else options.host
    url = f"http://{host}:{port}"
    return Addresses(
        url=url,
        phone=f"{url}/phone",
        log=f"{url}/log",
        signalling=f"ws://{host}:{port}/signalling",
        sip=sip,
        api=url,
        auth_id=options.auth_id,
        auth_token=options.auth_token,
        numbers=options.numbers,
    )
