"""What may come in as JSON about SIP phones."""

from softphone.web.bodies import Body


class NewPhone(Body, frozen=True):
    """A phone of one's own, named by its device."""

    label: str


class NewPhoneOf(Body, frozen=True):
    """A volunteer's phone, named by its device; also an endpoint that becomes one."""

    volunteer_id: str
    label: str


class PhoneChangeBody(Body, frozen=True):
    """What is to be different; what is not given stays, and `send_digits` of "" are none."""

    label: str | None = None
    send_digits: str | None = None


class PhoneLinkBody(Body, frozen=True):
    """The secret of a link, out of its fragment."""

    link: str
