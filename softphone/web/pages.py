"""The page: one HTML file for every address that a person may open, and the files that it loads."""

import asyncio
import gzip
import re
from functools import lru_cache
from pathlib import Path

from quart import Blueprint, Response, current_app, request

import softphone
from softphone.domain.errors import NotFound
from softphone.web.guards import public

BUILT = Path(softphone.__file__).parent / "static"
SEGMENT = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}")
UNBUILT = "The page is not built yet. Run `make page` in the project's folder, then reload.\n"
FOREVER = "public, max-age=31536000, immutable"  # The names of built files carry a hash of their content.
ALWAYS_ASK = "no-cache"
# Spelled out, because a machine's own table of types may differ and `nosniff` makes a wrong type fatal.
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".mp3": "audio/mpeg",
    ".ogg": "audio/ogg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wav": "audio/wav",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
COMPRESSED = frozenset({".css", ".html", ".js", ".json", ".map", ".svg", ".txt", ".webmanifest"})

pages = Blueprint("pages", __name__)


@pages.get("/")
@pages.get("/join")
@pages.get("/setup")
@pages.get("/phone-setup")
@pages.get("/phones")
@pages.get("/admin")
@pages.get("/admin/<path:_view>")
@public
async def index(_view: str = "") -> Response:
    """The page itself; which of its views to show is decided in the browser."""
    found = _root() / "index.html"
    if not found.is_file():
        return Response(UNBUILT, 503, content_type="text/plain; charset=utf-8")
    return await _file(found, ALWAYS_ASK)


@pages.get("/sounds/<path:name>")
@public
async def sound(name: str) -> Response:
    """A tone: its name does not change with its content."""
    return await _file(built_file(_root() / "sounds", name), ALWAYS_ASK)


@pages.get("/assets/<path:name>")
@public
async def asset(name: str) -> Response:
    """A file that the build has named after its content."""
    return await _file(built_file(_root() / "assets", name), FOREVER)


@pages.get("/<name>")
@public
async def top_file(name: str) -> Response:
    """A file beside the page with a name of its own, such as its icon."""
    return await _file(built_file(_root(), name), ALWAYS_ASK)


def built_file(root: Path, name: str) -> Path:
    """The file called `name` below `root`. Only plain names are looked for, and only below `root` (TM-I8).

    Raises: NotFound
    """
    if not all(SEGMENT.fullmatch(segment) for segment in name.split("/")):
        raise NotFound
    found = (root / name).resolve()
    if not found.is_relative_to(root.resolve()) or not found.is_file():
        raise NotFound
    return found


def _root() -> Path:
    return Path(current_app.config.get("BUILT_PAGE", BUILT))


async def _file(path: Path, caching: str) -> Response:
    content_type = TYPES.get(path.suffix, "application/octet-stream")
    headers = {"Cache-Control": caching, "Vary": "Accept-Encoding"}
    # The page's own files, the same for everybody: nothing secret is compressed beside what others choose.
    if path.suffix in COMPRESSED and request.accept_encodings["gzip"] > 0:
        headers["Content-Encoding"] = "gzip"
        body = await asyncio.to_thread(_gzipped, path)
    else:
        body = await asyncio.to_thread(path.read_bytes)
    return Response(body, content_type=content_type, headers=headers)


def _gzipped(path: Path) -> bytes:
    return _gzipped_once(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _gzipped_once(path: Path, _changed: int) -> bytes:
    return gzip.compress(path.read_bytes(), mtime=0)
