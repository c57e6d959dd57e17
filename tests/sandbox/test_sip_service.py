"""What a device hears that registers, pings or calls."""

from collections.abc import AsyncIterator

import pytest

from softphone.sandbox.sip import digest
from softphone.sandbox.sip.message import Response
from tests.sandbox.sip_device import AUTH_TOKEN, DOMAIN, OFFER, Device, World, a_world


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """A sandbox without sockets."""
    async with a_world() as world:
        yield world


async def test_a_token_registers(world: World) -> None:
    """The Contact comes back as it was sent, quotes included, and the token's end in `X-Plivo-Jwt`."""
    ana = Device(world, world.endpoint("ana"))

    ana.register()
    ok = await ana.response()

    assert ok.status == 200
    assert ok.headers.get("Contact") == f'<{ana.contact}>;+sip.instance="<urn:uuid:1>";expires=120'
    assert (ok.headers.get("X-Plivo-Jwt") or "").startswith("exp=")


async def test_a_refused_token_says_its_code(world: World) -> None:
    """The SDK turns the code into the text of `onLoginFailed`."""
    ana = Device(world, world.endpoint("ana"))

    ana.register(("X-Plivo-Jwt", "nonsense"))
    refused = await ana.response()

    assert (refused.status, refused.headers.get("X-Plivo-Jwt-Error-Code")) == (401, "10001")
    assert world.sip.registrations() == ()


async def test_a_token_opens_only_its_own_name(world: World) -> None:
    """Another's token is refused for its subject."""
    ana, ben = Device(world, world.endpoint("ana")), Device(world, world.endpoint("ben"))

    ana.register(("X-Plivo-Jwt", ben.token()))
    refused = await ana.response()

    assert refused.headers.get("X-Plivo-Jwt-Error-Code") == "10004"


async def test_the_device_that_registered_last_rings(world: World) -> None:
    """And the one before it, signing off, does not sign off its successor."""
    first = await world.device("ana")
    second = Device(world, first.endpoint)
    second.register()
    first.register(("Expires", "0"))

    assert [one.contact for one in world.sip.registrations()] == [second.contact]


async def test_a_registration_ends_by_itself(world: World) -> None:
    """After what `Expires` said."""
    ana = await world.device("ana")

    world.clock.forward(seconds=121)

    assert world.sip.registered(ana.user) is None


async def test_a_password_registers_under_the_bare_name(world: World) -> None:
    """401 with a nonce, then the digest."""
    ana = Device(world, world.endpoint("ana"))
    ana.user = ana.endpoint.username

    ana.register(("X-Plivo-Jwt", ""))
    challenge = await ana.response()
    ana.register(("X-Plivo-Jwt", ""), ("Authorization", prove(ana, challenge, "correct horse")))
    ok = await ana.response()

    assert challenge.status == 401
    assert ok.status == 200
    assert world.sip.registered(ana.endpoint.username) is not None


async def test_a_wrong_password_is_asked_again(world: World) -> None:
    """401 once more, and nobody is registered."""
    ana = Device(world, world.endpoint("ana"))
    ana.user = ana.endpoint.username

    ana.register(("X-Plivo-Jwt", ""))
    ana.register(("X-Plivo-Jwt", ""), ("Authorization", prove(ana, await ana.response(), "wrong")))
    again = await ana.response()

    assert again.status == 401
    assert world.sip.registrations() == ()


async def test_the_keep_alive_is_answered_as_the_sdk_needs_it(world: World) -> None:
    """404 to OPTIONS is health; MESSAGE `ipAddress` gets an address."""
    ana = await world.device("ana")

    ana.say("OPTIONS", f"sip:admin@{DOMAIN}", call_id="ping", body="pong")
    ping = await ana.response()
    ana.say("MESSAGE", f"sip:admin@{DOMAIN}", call_id="ip", body="ipAddress")
    address = await ana.response()

    assert ping.status == 404
    assert (address.status, address.body) == (200, "127.0.0.1")


async def test_a_call_without_its_token_is_refused(world: World) -> None:
    """The SDK drops a token over 500 characters from the INVITE without a word."""
    ana = await world.device("ana")

    ana.say("INVITE", f"sip:ben@{DOMAIN}", ("X-Plivo-Jwt", ""), call_id="out", body=OFFER)
    refused = await ana.response()

    assert refused.status == 403
    assert world.arrived == []


@pytest.mark.parametrize("method", ["BYE", "INFO", "CANCEL", "UPDATE"])
async def test_what_belongs_to_no_call_is_481(world: World, method: str) -> None:
    """And a request that nobody knows is 405."""
    ana = await world.device("ana")

    ana.say(method, f"sip:ben@{DOMAIN}", call_id="none")
    ana.say("PUBLISH", f"sip:ben@{DOMAIN}", call_id="none")

    assert [(await ana.response()).status, (await ana.response()).status] == [481, 405]


async def test_noise_on_the_socket_is_passed_over(world: World) -> None:
    """The next message is understood."""
    ana = Device(world, world.endpoint("ana"))

    world.sip.received(ana, "\x00 noise \r\n\r\n")
    ana.register()

    assert (await ana.response()).status == 200
    assert AUTH_TOKEN not in repr(world.account.endpoints)


async def test_sockets_are_cut_for_one_user_or_for_all(world: World) -> None:
    """The registration stays."""
    ana, ben = await world.device("ana"), await world.device("ben")

    one = world.sip.cut(ana.user)
    everybody = world.sip.cut()

    assert (one, everybody) == (1, 2)
    assert (ana.cuts, ben.cuts) == (2, 1)
    assert len(world.sip.registrations()) == 2


def prove(device: Device, challenge: Response, password: str) -> str:
    """The Authorization header that answers a challenge."""
    asked = digest.read_credentials(challenge.headers.get("WWW-Authenticate") or "")
    credentials = {**asked, "username": device.user, "uri": f"sip:{DOMAIN}", "nc": "00000001", "cnonce": "c"}
    made = digest.Attempt(method="REGISTER", username=device.user, password=password, credentials=credentials)
    pairs = {**credentials, "response": digest.response_digest(made)}
    return "Digest " + ", ".join(f'{name}="{value}"' for name, value in pairs.items())
