"""What may come in as JSON. A name that is not listed is refused, so that nothing is assigned by accident (TM-A1)."""

import re
from typing import TypeVar

import msgspec
from quart import request

from softphone.domain.errors import InvalidInput
from softphone.domain.volunteers import Availability, Dialling, Role

B = TypeVar("B", bound=msgspec.Struct)

FIELD = re.compile(r"`\$\.([a-z_]{1,64})|field `([A-Za-z0-9_]{1,64})`")
"""Where msgspec names the field: `$.name[0]` for a wrong value, "field `name`" for a missing or unknown one."""


class Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A JSON object with these fields and no others."""


class Empty(Body, frozen=True):
    """`{}`: there is nothing to say, but a form could not have said it."""


class SetUp(Body, frozen=True):
    """The first administrator, with the code from the console."""

    code: str
    name: str
    login: str
    password: str


class InviteBody(Body, frozen=True):
    """An invite, out of its link's fragment."""

    invite: str


class SignIn(Body, frozen=True):
    """Either a login and its password, or an invite and the password that is to be."""

    password: str
    login: str | None = None
    invite: str | None = None


class StepUp(Body, frozen=True):
    """The password once more."""

    password: str


class AvailabilityBody(Body, frozen=True):
    """On duty or away; with `languages`, those too."""

    availability: Availability
    languages: list[str] | None = None


class NewVolunteer(Body, frozen=True):
    """A volunteer to be invited. The extension is the next free one unless given."""

    name: str
    login: str
    role: Role = Role.VOLUNTEER
    extension: str | None = None
    languages: list[str] = msgspec.field(default_factory=list)
    dialling: Dialling = Dialling.COLLEAGUES


class VolunteerChange(Body, frozen=True):
    """What an administrator may change of a volunteer; what is not given stays."""

    name: str | None = None
    role: Role | None = None
    extension: str | None = None
    languages: list[str] | None = None
    dialling: Dialling | None = None
    webrtc_enabled: bool | None = None
    active: bool | None = None


class PromptText(Body, frozen=True):
    """Words to be spoken in place of ours."""

    text: str


async def read_body(kind: type[B]) -> B:
    """The request's JSON as a `kind`.

    Raises: InvalidInput if it is not, naming the field where there is one.
    """
    raw = await request.get_data(as_text=False)
    try:
        return msgspec.json.decode(raw, type=kind)
    except msgspec.ValidationError as error:
        found = FIELD.search(str(error))
        field = (found[1] or found[2]) if found else None
        raise InvalidInput(f"`{field}` cannot be used." if field else None, field=field) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise InvalidInput("The request is not JSON.") from None
