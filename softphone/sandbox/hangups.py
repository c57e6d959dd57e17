"""Why calls end: Plivo's codes with their names, the FreeSWITCH word, and who ended it (`wire.md` 4.6)."""

from collections.abc import Mapping

from softphone.sandbox.ladder import Hangup

NAMES: Mapping[int, str] = {
    1000: "Canceled",
    2000: "Invalid Destination Address",
    2010: "Destination Out Of Service",
    2020: "Endpoint Not Registered",
    2060: "Loop Detected",
    3000: "No Answer",
    3010: "Busy Line",
    3020: "Rejected",
    3030: "Unknown Caller ID",
    3040: "Forbidden",
    3110: "Declined",
    4000: "Normal Hangup",
    4010: "End Of XML Instructions",
    5000: "Network Error",
    5010: "Internal Error",
    6000: "Scheduled Hangup",
    6010: "Ring Timeout Reached",
    7011: "Error Reaching Answer URL",
    7012: "Error Reaching Action URL",
    7013: "Error Reaching Transfer URL",
    7014: "Error Reaching Redirect URL",
    8011: "Invalid Answer XML",
    8012: "Invalid Action XML",
    8013: "Invalid Transfer XML",
    8014: "Invalid Redirect XML",
    9000: "Lost Race",
    9100: "Machine Detected",
    9110: "Confirm Key Challenge Failed",
}

CAUSES: Mapping[int, str] = {
    1000: "ORIGINATOR_CANCEL",
    2000: "UNALLOCATED_NUMBER",
    2010: "UNALLOCATED_NUMBER",
    2020: "USER_NOT_REGISTERED",
    3000: "NO_ANSWER",
    3010: "USER_BUSY",
    3020: "CALL_REJECTED",
    3030: "CALL_REJECTED",
    3040: "CALL_REJECTED",
    3110: "CALL_REJECTED",
    5000: "NETWORK_OUT_OF_ORDER",
    6010: "NO_ANSWER",
    9000: "LOSE_RACE",
}

# What a caller who was never answered is told: the SDK shows these in words (`sdk-on-the-wire.md`, "Calls").
STATUSES: Mapping[int, int] = {
    2000: 484,
    2010: 404,
    2020: 480,
    3000: 480,
    3010: 486,
    3020: 603,
    3030: 403,
    3040: 403,
    3110: 603,
    6010: 480,
}


def hangup(code: int, *, source: str) -> Hangup:
    """An end by its code. `source` is Caller, Callee, Plivo, Carrier, API Request, Answer XML or Error."""
    return Hangup(code=code, name=NAMES[code], cause=CAUSES.get(code, "NORMAL_CLEARING"), source=source)


def from_status(status: int) -> Hangup:
    """Why a called party did not take the call, from its SIP status."""
    match status:
        case 486 | 600:
            return hangup(3010, source="Callee")
        case 603 | 607:
            return hangup(3110, source="Callee")
        case 408 | 480 | 487:
            return hangup(3000, source="Callee")
        case 403:
            return hangup(3040, source="Callee")
        case 404 | 410 | 484 | 604:
            return hangup(2010, source="Carrier")
        case _:
            return hangup(5010, source="Error")


def status_of(end: Hangup) -> int:
    """The SIP status for a caller whose call ends before it was answered."""
    return STATUSES.get(end.code, 500 if end.code // 1000 in (5, 7, 8) else 480)


def dial_status(end: Hangup) -> str:
    """The word for a `<Dial>` that nobody took (`wire.md` 3.5)."""
    match end.code:
        case 3010 | 3020 | 3110:
            return "busy"
        case 3000 | 6010 | 9110:
            return "no-answer"
        case 1000:
            return "cancel"
        case _:
            return "failed"


def outbound_status(end: Hangup, *, answered: bool) -> str:
    """The `CallStatus` with which a call that the API made ends (`wire.md` 4.2)."""
    if answered:
        return "completed"
    match end.code:
        case 3010:
            return "busy"
        case 6010:
            return "timeout"
        case 3000:
            return "no-answer"
        case 1000 | 4000 | 6000:
            return "cancel"
        case _:
            return "failed"
