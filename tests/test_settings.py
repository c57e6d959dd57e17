"""The environment is read once, and refused where it is unsafe or unclear."""

import pytest

from softphone.settings import Settings, SettingsError, read_settings

KEY = "0f" * 32


def test_an_empty_environment_gives_a_safe_service() -> None:
    """On this machine only, trusting no proxy, with Plivo's own addresses."""
    settings = read_settings({"PATH": "/usr/bin", "HOME": "/"})

    assert settings == Settings()
    assert settings.bind == "127.0.0.1:8000"
    assert settings.trusted_proxies == ()
    assert settings.loopback_http


@pytest.mark.tm("TM-C3")
@pytest.mark.parametrize(
    ("name", "text", "read"),
    [
        ("PUBLIC_URL", "https://phone.example.org", "https://phone.example.org"),
        ("PUBLIC_URL", "https://phone.example.org:8443/line/", "https://phone.example.org:8443/line"),
        ("PUBLIC_URL", "http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("PUBLIC_URL", "http://localhost:8000/", "http://localhost:8000"),
        ("PUBLIC_URL", "http://[::1]:8000", "http://[::1]:8000"),
        ("BIND", "0.0.0.0:80", "0.0.0.0:80"),
        ("BIND", "[::1]:8000", "[::1]:8000"),
        ("DATABASE_URL", "postgresql://u:p@db/softphone", "postgresql://u:p@db/softphone"),
        ("MASTER_KEY", KEY, KEY),
        ("SIGNALLING_URLS", "ws://127.0.0.1:1/signalling", ("ws://127.0.0.1:1/signalling",)),
        ("SIGNALLING_URLS", "wss://a.example/x, wss://b.example/x", ("wss://a.example/x", "wss://b.example/x")),
        ("TRUSTED_PROXIES", "10.0.0.0/8, 192.0.2.1,::1", ("10.0.0.0/8", "192.0.2.1", "::1")),
        ("WORKERS", "1", 1),
        ("LOG_LEVEL", " Warning ", "warning"),
    ],
)
def test_a_usable_value_is_taken(name: str, text: str, read: object) -> None:
    """Spaces around a value mean nothing."""
    settings = read_settings({f"SOFTPHONE_{name}": text})

    assert getattr(settings, name.lower()) == read


@pytest.mark.tm("TM-C3")
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("PUBLIC_URL", "http://phone.example.org"),
        ("PUBLIC_URL", "http://127.0.0.1.example.org"),
        ("PUBLIC_URL", "http://10.0.0.1:8000"),
        ("PUBLIC_URL", "phone.example.org"),
        ("PUBLIC_URL", "ftp://phone.example.org"),
        ("PUBLIC_URL", "https://"),
        ("PUBLIC_URL", "https://phone.example.org/?a=b"),
        ("PUBLIC_URL", "https://user@phone.example.org"),
        ("PUBLIC_URL", "https://phone.example.org:99999"),
        ("PUBLIC_URL", ""),
        ("PLIVO_API_URL", "http://api.plivo.com"),
        ("BIND", "8000"),
        ("BIND", ":8000"),
        ("BIND", "127.0.0.1:http"),
        ("BIND", "127.0.0.1:65536"),
        ("DATABASE_URL", "mysql://db/softphone"),
        ("DATABASE_URL", "sqlite:///"),
        ("MASTER_KEY", "0f" * 31),
        ("MASTER_KEY", "g" * 64),
        ("SIGNALLING_URLS", "ws://client.plivo.com/signalling"),
        ("SIGNALLING_URLS", "wss://a.example; script-src *"),
        ("SIGNALLING_URLS", ","),
        ("TRUSTED_PROXIES", "0.0.0.0/0"),
        ("TRUSTED_PROXIES", "10.0.0.1,::/0"),
        ("TRUSTED_PROXIES", "proxy.example.org"),
        ("WORKERS", "0"),
        ("WORKERS", "65"),
        ("WORKERS", "-1"),
        ("WORKERS", "٣"),
        ("LOG_LEVEL", "loud"),
    ],
)
def test_an_unusable_value_is_refused_by_name(name: str, text: str) -> None:
    """The one sentence names the setting, and never quotes what may be a secret."""
    with pytest.raises(SettingsError, match=f"^SOFTPHONE_{name} ") as refused:
        read_settings({f"SOFTPHONE_{name}": text})

    assert "\n" not in str(refused.value)
    assert name != "MASTER_KEY" or text not in str(refused.value)


@pytest.mark.tm("TM-C3")
def test_a_name_that_is_not_known_is_refused() -> None:
    """A mistyped name would leave its setting at a default that nobody meant."""
    with pytest.raises(SettingsError, match="SOFTPHONE_TRUSTED_PROXY is not a setting"):
        read_settings({"SOFTPHONE_TRUSTED_PROXY": "10.0.0.1"})


def test_several_workers_need_postgresql() -> None:
    """SQLite serves one process."""
    with pytest.raises(SettingsError, match="PostgreSQL"):
        read_settings({"SOFTPHONE_WORKERS": "2"})

    settings = read_settings({"SOFTPHONE_WORKERS": "2", "SOFTPHONE_DATABASE_URL": "postgresql://db/softphone"})

    assert settings.workers == 2


@pytest.mark.tm("TM-D3")
def test_settings_do_not_print_their_secrets() -> None:
    """The database's password and the key stay out of a log of the settings."""
    settings = Settings(master_key=KEY, database_url="postgresql://u:hunter2@db/softphone")

    assert KEY not in repr(settings)
    assert "hunter2" not in repr(settings)
