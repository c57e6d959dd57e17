"""`…/Number/`: rented numbers (`rest.md` 5.1)."""

from dataclasses import replace
from datetime import UTC

from softphone.sandbox.accounts import Number
from softphone.sandbox.rest.desk import Answer, Desk, RestError, RestRequest, not_found, page, text, wrong_method


def answer(desk: Desk, request: RestRequest) -> Answer:
    """List, read, change and give back numbers."""
    match request.method, request.path[1:]:
        case "GET", ():
            return page(desk, request, [_read(desk, one) for one in _fitting(desk, request)])
        case "GET", (digits,):
            return Answer(200, _read(desk, _find(desk, digits)))
        case "POST", (digits,):
            return _change(desk, _find(desk, digits), request)
        case "DELETE", (digits,):
            del desk.account.numbers[_find(desk, digits).number]
            return Answer(204)
        case _, (() | (_,)):
            raise wrong_method()
        case _:
            raise not_found()


def _find(desk: Desk, digits: str) -> Number:
    found = desk.account.number(digits)
    if found is None:
        raise not_found()
    return found


def _fitting(desk: Desk, request: RestRequest) -> list[Number]:
    # Both names of the type filter are in use (`rest.md` 5.1); every number here is local and speaks.
    kind = text(request, "type") or text(request, "number_type") or "local"
    services = set((text(request, "services") or "voice").split(","))
    if kind != "local" or not services <= {"voice"}:
        return []
    start, alias, sub = text(request, "number_startswith") or "", text(request, "alias"), text(request, "subaccount")
    return [
        one
        for one in desk.account.numbers.values()
        if one.number.startswith(start) and alias in (None, one.alias) and sub in (None, one.subaccount)
    ]


def _change(desk: Desk, old: Number, request: RestRequest) -> Answer:
    app_id = text(request, "app_id") or None
    if app_id is not None and desk.account.application(app_id) is None:
        raise RestError(400, "app_id is no application of this account")
    desk.account.numbers[old.number] = replace(
        old,
        app_id=app_id or old.app_id,
        alias=text(request, "alias") or old.alias,
        subaccount=text(request, "subaccount") or old.subaccount,
    )
    return Answer(202, {"message": "changed"})


def _read(desk: Desk, one: Number) -> dict[str, object]:
    today = desk.clock().astimezone(UTC).date().isoformat()
    return {
        "active": True,
        "added_on": today,
        "alias": one.alias,
        "application": None if one.app_id is None else desk.uri("Application", one.app_id),
        "carrier": "Plivo",
        "city": "USA",
        "cnam_lookup": "disabled",
        "compliance_application_id": None,
        "compliance_status": None,
        "country": "United States",
        "mms_enabled": False,
        "mms_rate": "0.00000",
        "monthly_rental_rate": "0.80000",
        "number": one.number,
        "number_type": "local",
        "region": "California, UNITED STATES",
        "renewal_date": today,
        "resource_uri": desk.uri("Number", one.number),
        "sms_enabled": False,
        "sms_rate": "0.00000",
        "sub_account": one.subaccount,
        "tendlc_campaign_id": None,
        "tendlc_registration_status": "UNREGISTERED",
        "toll_free_sms_verification": None,
        "voice_enabled": True,
        "voice_rate": "0.00850",
    }
