"""Sessions: a person who has signed in."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from softphone.domain.volunteers import Volunteer

IDLE_LIFE = timedelta(minutes=60)  # threat model, section 4
ABSOLUTE_LIFE = timedelta(hours=12)
STEP_UP_LIFE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """Proof that a request comes from this person: guards make it, and everything deeper asks for it.

    `sign_in` names the sign-in itself. It stays when stepping up gives the session a new id, and is no secret.
    """

    volunteer: Volunteer
    session_hash: str
    csrf: str
    sign_in: str
    stepped_up_until: datetime
