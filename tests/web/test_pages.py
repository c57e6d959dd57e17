"""The page and its files are served; nothing else on the disk is."""

import gzip
from pathlib import Path

import pytest
from quart import Quart


@pytest.fixture
def built(app: Quart, tmp_path: Path) -> Quart:
    """The app with a page that has been built, beside a file that must not be served."""
    root = tmp_path / "static"
    (root / "assets").mkdir(parents=True)
    (root / "index.html").write_text("<!doctype html><title>Softphone</title>")
    (root / "icon.svg").write_text("<svg/>")
    (root / "assets" / "main-abc123.js").write_text("export {};")
    (tmp_path / "secret.js").write_text("secret")
    (root / "assets" / "link.js").symlink_to(tmp_path / "secret.js")
    app.config["BUILT_PAGE"] = str(root)
    return app


@pytest.mark.parametrize("path", ["/", "/join", "/setup", "/admin", "/admin/volunteers", "/admin/calls/7"])
async def test_every_address_of_a_view_gives_the_page(built: Quart, path: str) -> None:
    """It is asked for anew each time, so that a new build is seen at once."""
    answer = await built.test_client().get(path)

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-cache"


async def test_built_files_may_be_kept_for_ever(built: Quart) -> None:
    """Their names change with their content."""
    answer = await built.test_client().get("/assets/main-abc123.js")

    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert "immutable" in answer.headers["Cache-Control"]


async def test_files_travel_compressed_to_whoever_takes_it(built: Quart) -> None:
    """A quarter of the bytes, on a line that may be a telephone's; others get the file as it is."""
    client = built.test_client()

    packed = await client.get("/assets/main-abc123.js", headers={"Accept-Encoding": "gzip, br"})
    plain = await client.get("/assets/main-abc123.js")
    unwanted = await client.get("/assets/main-abc123.js", headers={"Accept-Encoding": "gzip;q=0"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(await packed.get_data(as_text=False)) == b"export {};"
    assert [await answer.get_data(as_text=False) for answer in (plain, unwanted)] == [b"export {};"] * 2
    assert "Content-Encoding" not in {**plain.headers, **unwanted.headers}
    assert {answer.headers["Vary"] for answer in (packed, plain)} == {"Accept-Encoding"}


async def test_the_icon_is_served(built: Quart) -> None:
    """Files beside the page have names of their own."""
    answer = await built.test_client().get("/icon.svg")

    assert answer.headers["Content-Type"] == "image/svg+xml"


@pytest.mark.tm("TM-I8")
@pytest.mark.parametrize("prefix", ["/", "/assets/"])
@pytest.mark.parametrize(
    "name",
    [
        "../secret.js",
        "../../secret.js",
        "..%2fsecret.js",
        "..%2f..%2fsecret.js",
        "%2e%2e/secret.js",
        "%2e%2e%2fsecret.js",
        "..%252fsecret.js",
        "..\\secret.js",
        "..%5csecret.js",
        "....//secret.js",
        "./../secret.js",
        ".%2e/secret.js",
        "/etc/passwd",
        "%2fetc%2fpasswd",
        "//etc/passwd",
        "..;/secret.js",
        "%c0%ae%c0%ae/secret.js",
        "%ef%bc%8e%ef%bc%8e/secret.js",
        "secret.js%00.svg",
        "%00",
        "link.js",
        ".hidden",
        "assets/../../secret.js",
        "~root/.profile",
        "C:%5cwindows%5cwin.ini",
        "main-abc123.js/",
        "main-abc123.js/..",
        "a" * 200,
        "file:%2f%2f%2fetc%2fpasswd",
        "%2e%2e%2f%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    ],
)
async def test_nothing_outside_the_built_page_is_served(built: Quart, prefix: str, name: str) -> None:
    """No spelling of a path leads out, not even a link inside."""
    answer = await built.test_client().get(prefix + name)

    assert answer.status_code == 404
    assert "secret" not in await answer.get_data(as_text=True)


async def test_a_page_that_is_not_built_says_how_to_build_it(app: Quart, tmp_path: Path) -> None:
    """The words name the command."""
    app.config["BUILT_PAGE"] = str(tmp_path)

    answer = await app.test_client().get("/")

    assert answer.status_code == 503
    assert "make page" in await answer.get_data(as_text=True)
