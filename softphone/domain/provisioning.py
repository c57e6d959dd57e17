"""What a phone needs to sign in: the values, and the files of programs that read one.

Each form is one that the program was seen to read. A password stands in a file only, never in a link or a QR code:
those hold the address of a file that can be fetched once.
"""

from dataclasses import dataclass
from datetime import timedelta
from xml.sax.saxutils import escape

from softphone.domain.endpoints import SIP_DOMAIN
from softphone.domain.ids import EndpointUsername
from softphone.domain.secret import Secret

LINK_LIFE = timedelta(minutes=15)  # threat model, TM-P1
SECRET_BYTES = 16
EXPIRY = timedelta(seconds=120)  # over UDP; the Browser SDK's own
KEEP_ALIVE = timedelta(seconds=15)
SIP_PORT = 5060
CODECS = ("PCMU", "PCMA")
TRANSPORTS = ("udp", "tcp")
"""TLS is not documented for endpoints, so it is not offered."""
_UNWANTED = (("opus", 48000, 2), ("speex", 16000, 1), ("speex", 8000, 1), ("speex", 32000, 1), ("G729", 8000, 1))
_UNWANTED_TOO = (("G722", 8000, 1),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A phone's account. `server` is `host` or `host:port` to connect to, `stun` likewise or ""."""

    username: EndpointUsername
    password: Secret
    display_name: str
    server: str
    stun: str

    @property
    def host(self) -> str:
        """The server without its port."""
        return self.server.rpartition(":")[0] if ":" in self.server else self.server

    @property
    def port(self) -> int:
        """The server's port."""
        return int(self.server.rpartition(":")[2]) if ":" in self.server else SIP_PORT

    @property
    def proxy(self) -> str | None:
        """What to send everything through, where the server is not the domain itself."""
        return None if self.server == SIP_DOMAIN else self.server


def linphone_xml(account: Account) -> bytes:
    """The remote-provisioning file of Linphone, which is told to forget its address after one fetch."""
    user, server = escape(account.username), escape(account.server)
    name = escape(_quoted(account.display_name))
    codecs = [("PCMU", 8000, 1, 1), ("PCMA", 8000, 1, 1)]
    codecs += [(mime, rate, channels, 0) for mime, rate, channels in (*_UNWANTED, *_UNWANTED_TOO)]
    sections: list[tuple[str, dict[str, object]]] = [
        ("misc", {"transient_provisioning": 1}),
        ("sip", {"default_proxy": 0, "media_encryption": "none", "use_rfc2833": 1, "use_info": 0}),
        (
            "auth_info_0",
            {"username": user, "passwd": escape(account.password.reveal()), "domain": SIP_DOMAIN},
        ),
        (
            "proxy_0",
            {
                "reg_proxy": f"&lt;sip:{server};transport=udp&gt;",
                "reg_identity": f"{name} &lt;sip:{user}@{SIP_DOMAIN}&gt;",
                "reg_expires": int(EXPIRY.total_seconds()),
                "reg_sendregister": 1,
                "publish": 0,
                "avpf": 0,
                **({"nat_policy_ref": "plivo"} if account.stun else {}),
            },
        ),
    ]
    if account.stun:
        sections.append(("nat_policy_0", {"ref": "plivo", "stun_server": escape(account.stun), "protocols": "stun"}))
    for place, (mime, rate, channels, enabled) in enumerate(codecs):
        values: dict[str, object] = {"mime": mime, "rate": rate, "channels": channels, "enabled": enabled}
        sections.append((f"audio_codec_{place}", values))
    written = "\n".join(_section(title, entries) for title, entries in sections)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<config xmlns="http://www.linphone.org/xsds/lpconfig.xsd">\n'
        f"{written}\n</config>\n"
    ).encode()


def microsip_ini(account: Account) -> str:
    """The settings file of MicroSIP for Windows."""
    stun = f"STUN={account.stun}\nenableSTUN=1\n" if account.stun else ""
    return (
        f"[Settings]\naccountId=1\naudioCodecs=PCMU/8000/1 PCMA/8000/1\n{stun}"
        f"[Account1]\nlabel=Hotline\nserver={account.server}\nproxy=\ndomain={SIP_DOMAIN}\n"
        f"username={account.username}\npassword={account.password.reveal()}\nauthID={account.username}\n"
        f"displayName={_plain(account.display_name)}\ntransport=udp\npublicAddr=\nSRTP=\n"
        f"registerRefresh={int(EXPIRY.total_seconds())}\nkeepAlive={int(KEEP_ALIVE.total_seconds())}\n"
        "publish=0\nICE=0\nallowRewrite=1\ndisableSessionTimer=0\n"
    )


def baresip_account(account: Account) -> str:
    """A line of baresip's `accounts`."""
    proxy = f';outbound="sip:{account.server};transport=udp"' if account.proxy else ""
    stun = f';medianat=stun;stunserver="stun:{account.stun}"' if account.stun else ""
    return (
        f'"{_plain(account.display_name)}" <sip:{account.username}@{SIP_DOMAIN};transport=udp>'
        f";auth_user={account.username};auth_pass={account.password.reveal()}{proxy}"
        f";regint={int(EXPIRY.total_seconds())};audio_codecs=PCMU/8000/1,PCMA/8000/1;ptime=20;dtmfmode=rtpevent"
        f"{stun};mwi=no;pubint=0"
    )


def _section(title: str, entries: dict[str, object]) -> str:
    written = "".join(f'<entry name="{name}" overwrite="true">{value}</entry>' for name, value in entries.items())
    return f'  <section name="{title}">{written}</section>'


def _quoted(name: str) -> str:
    return f'"{_plain(name)}"'


def _plain(name: str) -> str:
    """A display name that no quoting, line or markup can be broken with."""
    return "".join(c for c in name if c.isprintable() and c not in '"\\<>;')[:50].strip()
