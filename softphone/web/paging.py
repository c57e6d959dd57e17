"""Lists come in pages."""

from quart import request

from softphone.domain.errors import InvalidInput

DEFAULT_LIMIT = 50
MOST = 200


def read_page() -> tuple[int, int]:
    """`limit` and `offset` of this request.

    Raises: InvalidInput.
    """
    return _number("limit", DEFAULT_LIMIT, least=1, most=MOST), _number("offset", 0, least=0, most=10**9)


def _number(name: str, default: int, *, least: int, most: int) -> int:
    text = request.args.get(name)
    if text is None:
        return default
    if not text.isascii() or not text.isdigit() or len(text) > 10 or not least <= int(text) <= most:
        raise InvalidInput(f"`{name}` is a number from {least} to {most}.", field=name)
    return int(text)
