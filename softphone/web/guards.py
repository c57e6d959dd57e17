"""Who may enter. Every route carries a guard; one without fails a test.

A guard turns a request into proof (`SignedIn`, `VerifiedCallback`) and hands it to the route, so that a route cannot
be written that forgot to ask.
"""

from collections.abc import Awaitable, Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

GUARD = "softphone_guard"
"""The attribute on a view function that names its guard."""


def public(view: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
    """Anybody may enter: the page itself, its assets, and the doors through which people sign in."""
    setattr(view, GUARD, "public")
    return view
