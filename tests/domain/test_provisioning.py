"""The files that phones are set up with."""

import configparser
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from softphone.domain.ids import EndpointUsername
from softphone.domain.provisioning import Account, baresip_account, linphone_xml, microsip_ini
from softphone.domain.secret import Secret

NAMESPACE = "{http://www.linphone.org/xsds/lpconfig.xsd}"
ACCOUNT = Account(
    username=EndpointUsername("ana0a1b2c131031145958"),
    password=Secret("aB3dE5gH7jK9mN1pQ3sT5vW7"),
    display_name="Ana María",
    server="phone.plivo.com",
    stun="stun.plivo.com:3478",
)
NASTY = 'x"\\<>;&\r\n[Account2]\u2028y'


def entries(document: bytes) -> dict[tuple[str, str], str]:
    """Every entry of a Linphone file, by section and name."""
    root = ElementTree.fromstring(document)  # noqa: S314  # our own bytes
    return {
        (section.get("name", ""), entry.get("name", "")): entry.text or ""
        for section in root.findall(f"{NAMESPACE}section")
        for entry in section.findall(f"{NAMESPACE}entry")
        if entry.get("overwrite") == "true"
    }


def test_linphone_is_told_everything_it_needs() -> None:
    """The form that registered a real Linphone."""
    found = entries(linphone_xml(ACCOUNT))

    assert found["misc", "transient_provisioning"] == "1"
    assert found["auth_info_0", "username"] == ACCOUNT.username
    assert found["auth_info_0", "passwd"] == ACCOUNT.password.reveal()
    assert found["auth_info_0", "domain"] == "phone.plivo.com"
    assert found["proxy_0", "reg_proxy"] == "<sip:phone.plivo.com;transport=udp>"
    assert found["proxy_0", "reg_identity"] == f'"Ana María" <sip:{ACCOUNT.username}@phone.plivo.com>'
    assert found["proxy_0", "reg_expires"] == "120"
    assert found["nat_policy_0", "stun_server"] == "stun.plivo.com:3478"
    enabled = [found[f"audio_codec_{n}", "mime"] for n in range(8) if found[f"audio_codec_{n}", "enabled"] == "1"]
    assert enabled == ["PCMU", "PCMA"]


def test_without_stun_and_elsewhere_linphone_goes_there() -> None:
    """As on a laptop with the sandbox: the domain stays Plivo's."""
    found = entries(linphone_xml(replace(ACCOUNT, server="127.0.0.1:5070", stun="")))

    assert found["proxy_0", "reg_proxy"] == "<sip:127.0.0.1:5070;transport=udp>"
    assert found["proxy_0", "reg_identity"].endswith("@phone.plivo.com>")
    assert not [key for key in found if key[0] == "nat_policy_0"]


def test_microsip_reads_its_own_form() -> None:
    """An ini file with one account."""
    read = configparser.ConfigParser(interpolation=None)
    read.optionxform = str  # type: ignore[assignment,method-assign]  # the documented way to keep capitals
    read.read_string(microsip_ini(ACCOUNT))

    assert dict(read["Account1"])["username"] == dict(read["Account1"])["authID"] == ACCOUNT.username
    assert read["Account1"]["password"] == ACCOUNT.password.reveal()
    assert (read["Account1"]["domain"], read["Account1"]["transport"]) == ("phone.plivo.com", "udp")
    assert read["Settings"]["STUN"] == "stun.plivo.com:3478"


def test_baresip_gets_one_line() -> None:
    """Its address is at Plivo's domain, with the proxy where that is elsewhere."""
    there, here = baresip_account(ACCOUNT), baresip_account(replace(ACCOUNT, server="127.0.0.1:5070", stun=""))

    assert f"<sip:{ACCOUNT.username}@phone.plivo.com;transport=udp>;auth_user={ACCOUNT.username};auth_pass=" in there
    assert "outbound" not in there
    assert ';outbound="sip:127.0.0.1:5070;transport=udp"' in here
    assert "stun" not in here


@pytest.mark.parametrize("render", [baresip_account, microsip_ini], ids=["baresip", "microsip"])
def test_a_name_breaks_out_of_no_file(render: "type[object]") -> None:
    """Quotes, lines, sections and markup of a display name are left out."""
    calm, nasty = str(render(ACCOUNT)), str(render(replace(ACCOUNT, display_name=NASTY)))  # type: ignore[call-arg]

    assert len(nasty.splitlines()) == len(calm.splitlines())
    assert nasty.count('"') == calm.count('"')
    assert "\n[Account2]" not in nasty


def test_a_name_breaks_out_of_no_xml() -> None:
    """The file is read back with one more odd name and nothing else."""
    calm, nasty = entries(linphone_xml(ACCOUNT)), entries(linphone_xml(replace(ACCOUNT, display_name=NASTY)))

    assert calm.keys() == nasty.keys()
    assert {key for key in calm if calm[key] != nasty[key]} == {("proxy_0", "reg_identity")}
