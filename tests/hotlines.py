"""Hotlines and their calls for tests."""

from datetime import timedelta
from typing import Any

from softphone.domain.callers import CallerId
from softphone.domain.hotline import Hotline, PrivatePhone, Strategy
from softphone.domain.hotline_calls import HotlineCall, Stage
from softphone.domain.ids import CallRef, CallUUID, ConnectionId, HotlineId, PhoneNumber, VolunteerId
from softphone.domain.routing import Last
from softphone.domain.secret import Secret
from tests.clock import NOON


def hotline(**changes: Any) -> Hotline:
    """An English hotline with one number, open round the clock, that rings everyone."""
    values: dict[str, Any] = {
        "id": HotlineId("night-line"),
        "connection_id": ConnectionId("main"),
        "name": "Night line",
        "numbers": (PhoneNumber("14155550100"),),
        "time_zone": "America/New_York",
        "hours": None,
        "holidays": (),
        "closed": False,
        "languages": ("en",),
        "default_language": "en",
        "strategy": Strategy.EVERYONE,
        "ring_at_once": 2,
        "ring_for": timedelta(seconds=20),
        "pause_for": timedelta(seconds=5),
        "longest_wait": timedelta(minutes=3),
        "music_url": None,
        "wrap_up": timedelta(seconds=60),
        "hard_wrap_up": timedelta(minutes=10),
        "outcomes": ("Listened", "Referred"),
        "notes_enabled": False,
        "fallback_made_at": None,
        "created_at": NOON,
        "updated_at": NOON,
    }
    return Hotline(**{**values, **changes})


def private_phone(volunteer: str = "v-ana", number: str = "14155550177", **changes: Any) -> PrivatePhone:
    """A volunteer's own telephone, asked for."""
    values: dict[str, Any] = {
        "volunteer_id": VolunteerId(volunteer),
        "number": Secret(number),
        "masked": f"…{number[-4:]}",
        "enabled": True,
        "in_fallback": False,
        "updated_at": NOON,
    }
    return PrivatePhone(**{**values, **changes})


def hotline_call(uuid: str = "call-0001", **changes: Any) -> HotlineCall:
    """A caller who has just begun to wait."""
    values: dict[str, Any] = {
        "call_uuid": CallUUID(uuid),
        "ref": CallRef(uuid.encode().hex()[-16:]),
        "connection_id": ConnectionId("main"),
        "hotline_id": HotlineId("night-line"),
        "caller_id": CallerId("c-1"),
        "caller_label": "Caller 7F3A",
        "caller_repeat": False,
        "stage": Stage.WAITING,
        "step": 0,
        "language": "en",
        "menu_tries": 0,
        "waiting_since": NOON,
        "round": 0,
        "last": Last.NOTHING,
        "reconnect_to": None,
        "answered_by": None,
        "answered_leg": None,
        "answered_at": None,
        "ended_at": None,
        "ending": None,
        "seconds": None,
        "hangup_code": None,
        "outcome": None,
        "hard": False,
        "started_at": NOON,
        "heard_at": NOON,
    }
    return HotlineCall(**{**values, **changes})
