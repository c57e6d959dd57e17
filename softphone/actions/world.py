"""What an action may touch: made once by `app.create_app`, passed to every action, never global."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from softphone.actions.last_known import LastKnown
from softphone.actions.password_hashing import Passwords
from softphone.domain.patience import PATIENCE, Patience
from softphone.plivo.media import PlivoMedia
from softphone.plivo.rest import PlivoRest
from softphone.settings import Settings
from softphone.store.database import Database
from softphone.store.sealing import Keyring


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The database, the keys, Plivo, the time and chance.

    `chance(n)` gives n random bytes fit for secrets. `clock` gives an aware UTC time.
    """

    settings: Settings
    database: Database
    keyring: Keyring
    plivo: PlivoRest
    media: PlivoMedia
    clock: Callable[[], datetime]
    chance: Callable[[int], bytes]
    patience: Patience = PATIENCE
    passwords: Passwords = field(default_factory=Passwords)
    last_known: LastKnown = field(default_factory=LastKnown)
