"""`/v1/Account/{auth_id}/`: the account itself."""

from dataclasses import replace

from softphone.sandbox.rest.desk import Answer, Desk, RestError, RestRequest, text, wrong_method


def answer(desk: Desk, request: RestRequest) -> Answer:
    """Read the account, or change its postal data."""
    if request.method == "GET":
        return Answer(200, _read(desk))
    if request.method != "POST":
        raise wrong_method()
    name, city, address = (text(request, field) for field in ("name", "city", "address"))
    if name is None and city is None and address is None:
        raise RestError(400, "one of name, city and address is needed")
    old = desk.profile
    desk.profile = replace(
        old,
        name=old.name if name is None else name,
        city=old.city if city is None else city,
        address=old.address if address is None else address,
    )
    return Answer(202, {"message": "changed"})


def _read(desk: Desk) -> dict[str, object]:
    return {
        "account_type": "standard",
        "address": desk.profile.address,
        "auth_id": desk.account.auth_id,
        "auto_recharge": False,
        "billing_mode": "prepaid",
        "cash_credits": "25.00000",
        "city": desk.profile.city,
        "name": desk.profile.name,
        "resource_uri": desk.uri(),
        "state": "",
        "timezone": "UTC",
    }
