"""`…/JWT/Token/`: access tokens that the sandbox mints with a key of its own (`rest.md` 12)."""

from softphone.sandbox.rest.desk import Answer, Desk, RestError, RestRequest, not_found, wrong_method
from softphone.sandbox.tokens import MintRefused


def answer(desk: Desk, request: RestRequest) -> Answer:
    """Mint a token."""
    if request.path[1:] != ("Token",):
        raise not_found()
    if request.method != "POST":
        raise wrong_method()
    try:
        return Answer(200, {"token": desk.tokens.mint(request.body, desk.clock())})
    except MintRefused as refused:
        raise RestError(400, str(refused)) from refused
