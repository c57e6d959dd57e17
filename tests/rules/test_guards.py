"""Every door has a guard: read from the route table of an app that nothing has opened."""

import secrets

import pytest

from softphone.app import create_app
from softphone.settings import Settings
from softphone.web.guards import GUARD, SAFE_METHODS
from tests.clock import Clock
from tests.conftest import MASTER_KEY

GUARDS = frozenset({"public", "our_page", "volunteer_only", "admin_only", "signed_by_plivo"})

RECORDINGS = "/telephony/prompts/<name>"
"""What every caller hears, at paths that cannot be guessed: Plivo signs callbacks, not what it plays."""


def doors() -> list[tuple[str, frozenset[str], str]]:
    """Every route as path, methods and the name of its guard."""
    app = create_app(Settings(), clock=Clock(), chance=secrets.token_bytes, master_key=MASTER_KEY)
    return [
        (
            rule.rule,
            frozenset(rule.methods or ()) - {"OPTIONS"},
            getattr(app.view_functions[rule.endpoint], GUARD, "none"),
        )
        for rule in app.url_map.iter_rules()
    ]


@pytest.mark.tm("TM-A1")
def test_no_door_is_without_a_guard() -> None:
    """A route whose author forgot to say who may enter is a failure here, not an open door."""
    found = [(path, guard) for path, _, guard in doors() if guard not in GUARDS]

    assert found == []


@pytest.mark.tm("TM-A5")
def test_what_anybody_may_enter_changes_nothing() -> None:
    """`public` looks at no session and no origin, so it is for reading alone."""
    found = [
        (path, sorted(methods)) for path, methods, guard in doors() if guard == "public" and methods - SAFE_METHODS
    ]

    assert found == []


@pytest.mark.tm("TM-W1")
def test_the_signature_guards_every_callback_and_nothing_else() -> None:
    """Callbacks are POSTs under /telephony; besides them Plivo only fetches recordings, which it does unsigned."""
    wrong = [
        (path, sorted(methods), guard)
        for path, methods, guard in doors()
        if (guard == "signed_by_plivo") != (path.startswith("/telephony") and path != RECORDINGS)
        or (guard == "signed_by_plivo" and methods != {"POST"})
    ]

    assert wrong == []
