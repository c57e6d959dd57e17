"""The ids that travel through the product, each with a type of its own so that they cannot be mixed up."""

from typing import NewType

ConnectionId = NewType("ConnectionId", str)
"""Our id of a connection; also its name in callback URLs: `[a-z0-9-]{1,32}`."""

VolunteerId = NewType("VolunteerId", str)
EndpointId = NewType("EndpointId", str)
"""Our id of an endpoint. Plivo's own id is `Endpoint.plivo_id`."""

EndpointUsername = NewType("EndpointUsername", str)
"""The full SIP user name at Plivo, appended digits included (`wire.md` 5.2)."""

DeviceId = NewType("DeviceId", str)
"""A random id per browser profile and tab, made by the page: `[A-Za-z0-9_-]{8,64}`."""

RegistrationId = NewType("RegistrationId", str)
CallUUID = NewType("CallUUID", str)
"""Plivo's id of a call (its A leg)."""

HotlineId = NewType("HotlineId", str)
"""Our id of a hotline: `[a-z0-9-]{1,40}`."""

CallRef = NewType("CallRef", str)
"""What pages know a hotline call by, and all that a ringing phone is told of it: 16 hex digits."""

PhoneNumber = NewType("PhoneNumber", str)
"""E.164 digits without the plus, as Plivo writes numbers in paths (`rest.md` 0.2, fact 10)."""

AuthId = NewType("AuthId", str)
"""`^(MA|SA)[A-Z0-9]{18}$` (`rest.md` 1.2)."""
