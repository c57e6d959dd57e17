"""Volunteers: the people who answer."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from softphone.domain.ids import VolunteerId


class Role(StrEnum):
    """What a person may see and change."""

    VOLUNTEER = "volunteer"
    ADMIN = "admin"


class Dialling(StrEnum):
    """Whom a volunteer may call. Colleagues unless an administrator says otherwise; numbers only where allowed."""

    NOBODY = "nobody"
    COLLEAGUES = "colleagues"
    NUMBERS = "numbers"


class Availability(StrEnum):
    """Whether a volunteer is on duty."""

    ON_DUTY = "on_duty"
    AWAY = "away"


@dataclass(frozen=True, slots=True, kw_only=True)
class Volunteer:
    """A person with a role, languages and availability.

    `login` is what the person signs in with: lower case, `[a-z0-9._@+-]{2,64}`, unique. `extension` is what colleagues
    dial: 2 to 5 digits, unique. `languages` are BCP-47 tags, best first.
    """

    id: VolunteerId
    login: str
    name: str
    role: Role
    extension: str
    languages: tuple[str, ...]
    dialling: Dialling
    webrtc_enabled: bool
    active: bool
    has_password: bool
    availability: Availability
    availability_since: datetime
    created_at: datetime
