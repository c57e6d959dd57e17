"""The official Python package works against the sandbox unchanged, over a real loopback socket."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import httpx2
import plivo
import plivo.rest.client as plivo_client
import pytest
import pytest_asyncio

from softphone.sandbox import wav
from softphone.sandbox.options import SandboxOptions
from softphone.sandbox.plant import Plant
from softphone.sandbox.recordings import Recording
from softphone.sandbox.server import Addresses, running
from tests.clock import Clock

AUTH_ID, AUTH_TOKEN = "MAXXXXXXXXXXXXXXXXXX", "MAIN0auth1token2main3auth4token5main6aaa"
HOSTS = (
    "PLIVO_API_BASE_URI",
    "API_VOICE_BASE_URI",
    "API_VOICE_BASE_URI_FALLBACK_1",
    "API_VOICE_BASE_URI_FALLBACK_2",
)


@dataclass
class Witness:
    """The official client, called in a thread because it blocks."""

    client: Any

    async def __call__(self, call: Callable[[Any], Any]) -> Any:
        """What the package returns for `call`."""
        return await asyncio.to_thread(call, self.client)


@pytest_asyncio.fixture(scope="module")
async def server() -> AsyncIterator[tuple[Plant, Addresses]]:
    """A sandbox on a free port, one for all tests here."""
    options = SandboxOptions(port=0, auth_id=AUTH_ID, auth_token=AUTH_TOKEN, numbers=("14155550100", "14155550101"))
    plant = Plant(options)
    async with running(options, plant=plant) as addresses:
        yield plant, addresses


@pytest.fixture
def sandbox(server: tuple[Plant, Addresses]) -> Addresses:
    """The sandbox, its account empty again."""
    plant, addresses = server
    plant.account.applications.clear()
    plant.account.endpoints.clear()
    plant.account.calls.clear()
    return addresses


@pytest.fixture
def witness(sandbox: Addresses) -> Iterator[Witness]:
    """The official client, its hosts pointed at the sandbox the only way they can be (`rest.md` 1.12)."""
    before = {name: getattr(plivo_client, name) for name in HOSTS}
    for name in HOSTS:
        setattr(plivo_client, name, f"{sandbox.url}/v1/Account")
    with plivo.RestClient(AUTH_ID, AUTH_TOKEN, timeout=120) as client:
        yield Witness(client)
    for name, value in before.items():
        setattr(plivo_client, name, value)


R1 = "d405c4eb-d562-4399-af32-6ff3c57fa559"
SAMPLE = json.loads((Path(__file__).parents[1] / "wire/responses/recording.get.200.json").read_text())


def recording(recording_id: str, *, ms: int) -> Recording:
    """A recording of call c1."""
    return Recording(
        recording_id=recording_id,
        call_uuid="c1",
        from_number="14155550123",
        to_number="14155550100",
        file_format="mp3",
        started_at=Clock()(),
        ms=ms,
        wav=wav.tones([(0, ms)], ms=ms),
    )


def create_endpoint(client: Any, name: str) -> Any:
    """An endpoint of this name."""
    return client.endpoints.create(name, "password", name)


async def test_the_account_is_read_and_changed(witness: Witness) -> None:
    """`Account` answers with its Auth ID and takes a new name."""
    before = await witness(lambda client: client.account.get())
    changed = await witness(lambda client: client.account.update(name="Night line", city="Oslo", address="Storgata 1"))
    after = await witness(lambda client: client.account.get())

    assert before.auth_id == AUTH_ID
    assert changed.message == "changed"
    assert (after.name, after.city) == ("Night line", "Oslo")


async def test_wrong_credentials_are_the_package_s_authentication_error(sandbox: Addresses, witness: Witness) -> None:
    """A 401 in plain text is the only kind the package's lists survive (`rest.md` 1.6)."""
    with (
        plivo.RestClient(AUTH_ID, "x" * 40, timeout=120) as stranger,
        pytest.raises(plivo.exceptions.AuthenticationError),
    ):
        await asyncio.to_thread(lambda: stranger.endpoints.list())


async def test_an_application_lives_and_dies(witness: Witness) -> None:
    """Create, read, list, change and delete, as the package does them."""
    made = await witness(
        lambda client: client.applications.create(app_name="softphone", answer_url="https://hotline.example.org/a")
    )
    changed = await witness(
        lambda client: client.applications.update(made.app_id, answer_url="https://hotline.example.org/b")
    )
    read = await witness(lambda client: client.applications.get(made.app_id))
    listed = await witness(lambda client: client.applications.list())
    await witness(lambda client: client.applications.delete(made.app_id, cascade=False))

    assert changed.message == "changed"
    assert read.answer_url == "https://hotline.example.org/b"
    assert read.hangup_url == "https://hotline.example.org/a"
    assert [one.app_id for one in listed.objects] == [made.app_id]
    with pytest.raises(plivo.exceptions.ResourceNotFoundError):
        await witness(lambda client: client.applications.get(made.app_id))


async def test_an_endpoint_gets_twelve_digits_and_an_application(witness: Witness) -> None:
    """The name that was asked for is not the name that is given."""
    app = await witness(
        lambda client: client.applications.create(app_name="softphone", answer_url="https://hotline.example.org/a")
    )
    made = await witness(lambda client: client.endpoints.create("ana", "long-password", "ana-1", app_id=app.app_id))
    read = await witness(lambda client: client.endpoints.get(made.endpoint_id))
    listed = await witness(lambda client: client.endpoints.list())

    assert made.username.startswith("ana")
    assert len(made.username) == len("ana") + 12
    assert read.sip_registered == "false"
    assert read.application.endswith(f"/Application/{app.app_id}/")
    assert read.password == hashlib.md5(b"long-password", usedforsecurity=False).hexdigest()
    assert "sip_contact" not in read.__dict__
    assert listed.objects[0].username == made.username


async def test_deleting_an_application_takes_its_endpoints_along_unless_told_not_to(witness: Witness) -> None:
    """`cascade` is true when nothing is said (`rest.md` 4.4)."""
    first = await witness(
        lambda client: client.applications.create(app_name="one", answer_url="https://hotline.example.org/a")
    )
    second = await witness(
        lambda client: client.applications.create(app_name="two", answer_url="https://hotline.example.org/a")
    )
    lost = await witness(lambda client: client.endpoints.create("lost", "password", "lost", app_id=first.app_id))
    kept = await witness(lambda client: client.endpoints.create("kept", "password", "kept", app_id=second.app_id))

    await witness(lambda client: client.applications.delete(first.app_id))
    await witness(lambda client: client.applications.delete(second.app_id, cascade=False))

    left = await witness(lambda client: client.endpoints.list())
    assert [one.endpoint_id for one in left.objects] == [kept.endpoint_id]
    assert lost.endpoint_id != kept.endpoint_id
    assert left.objects[0].application is None


async def test_a_bad_endpoint_is_refused_field_by_field(witness: Witness) -> None:
    """The error is an object of field names (`rest.md` 1.7)."""
    with pytest.raises(plivo.exceptions.ValidationError) as refused:
        await witness(lambda client: client.endpoints.create("1ana", "long-password", "ana"))

    assert "username" in str(refused.value.args[0].__dict__)


async def test_a_number_is_attached_to_an_application(witness: Witness) -> None:
    """Numbers are listed, filtered and pointed at an application."""
    app = await witness(
        lambda client: client.applications.create(app_name="softphone", answer_url="https://hotline.example.org/a")
    )
    await witness(lambda client: client.numbers.update("14155550100", app_id=app.app_id))
    read = await witness(lambda client: client.numbers.get("14155550100"))
    listed = await witness(lambda client: client.numbers.list(number_startswith="1415555010"))

    assert read.application.endswith(f"/{app.app_id}/")
    assert listed.meta.total_count == 2


async def test_recordings_are_listed_fetched_and_deleted(server: tuple[Plant, Addresses], witness: Witness) -> None:
    """As the package does it; the file asks for the same credentials, and goes with the recording."""
    plant, addresses = server
    plant.account.recordings.keep(recording(R1, ms=1500))
    listed = await witness(lambda client: client.recordings.list(call_uuid="c1"))
    others = await witness(lambda client: client.recordings.list(call_uuid="c2"))
    read = await witness(lambda client: client.recordings.get(R1))

    async with httpx2.AsyncClient() as http:
        stranger = await http.get(read.recording_url)
        file = await http.get(read.recording_url, auth=(AUTH_ID, AUTH_TOKEN))
        await witness(lambda client: client.recordings.delete(R1))
        gone = await http.get(read.recording_url, auth=(AUTH_ID, AUTH_TOKEN))

    assert [one.recording_id for one in listed.objects] == [R1]
    assert others.objects == []
    assert set(SAMPLE) - {"api_id"} <= set(read.__dict__)
    assert (read.recording_duration_ms, read.rounded_recording_duration) == ("1500.00000", 60)
    assert read.recording_url == f"{addresses.url}/v1/Account/{AUTH_ID}/Recording/{R1}.mp3"
    assert (stranger.status_code, file.status_code, gone.status_code) == (401, 200, 404)
    assert (file.content[:4], file.headers["Content-Type"]) == (b"RIFF", "audio/wav")
    with pytest.raises(plivo.exceptions.ResourceNotFoundError):
        await witness(lambda client: client.recordings.delete(R1))


async def test_a_call_is_made_by_the_package(server: tuple[Plant, Addresses], witness: Witness) -> None:
    """With all that it adds by itself (`rest.md` 1.12)."""
    plant, _ = server
    made = await witness(
        lambda client: client.calls.create("14155550100", "14155550177", "http://127.0.0.1:9/answer", hangup_on_ring=0)
    )
    await plant.engine.settle()

    records = await witness(lambda client: client.calls.list(to_number="14155550177"))
    assert made.message == "call fired"
    assert [(one.hangup_cause_code, one.call_direction) for one in records.objects] == [(2010, "outbound")]


async def test_lists_come_in_pages(witness: Witness) -> None:
    """`meta` says where the next page is; a page of more than 20 is refused."""
    for create in [partial(create_endpoint, name=f"p{index}") for index in range(3)]:
        await witness(create)

    first = await witness(lambda client: client.endpoints.list(limit=2, offset=0))
    rest = await witness(lambda client: client.endpoints.list(limit=2, offset=2))

    assert first.meta.next == f"/v1/Account/{AUTH_ID}/Endpoint/?limit=2&offset=2"
    assert (len(first.objects), len(rest.objects), rest.meta.next) == (2, 1, None)


async def test_calls_are_empty_until_there_are_some(witness: Witness) -> None:
    """Live calls, records, an unknown call."""
    live = await witness(lambda client: client.live_calls.list_ids())
    records = await witness(lambda client: client.calls.list())

    assert live.calls == []
    assert records.objects == []
    with pytest.raises(plivo.exceptions.ResourceNotFoundError):
        await witness(lambda client: client.calls.delete("5bd78c3c-5020-4a32-a495-3af5a765ded5"))


async def test_a_token_is_minted(witness: Witness) -> None:
    """The package sends times as text and leaves false out (`rest.md` 1.12)."""
    made = await witness(lambda client: client.token.create(AUTH_ID, sub="ana", incoming_allow=True))

    assert made.token.count(".") == 2
