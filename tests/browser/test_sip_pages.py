"""SIP phones on the pages: from the link to a phone that rings, one's own phones, and everybody's."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx2
import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.browser.axe import SHOTS, faults_of
from tests.browser.conftest import PASSWORD, PATIENCE, Stage, a_stage
from tests.browser.websocket_phone import a_phone

pytestmark = pytest.mark.browser

MS = PATIENCE * 1000
PROGRAMS = ("zoiper", "xlite", "linphone", "microsip", "desk")


@pytest.fixture(scope="module")
async def stage(browser: Browser) -> AsyncIterator[Stage]:
    """One demo for these journeys; each names its phones anew."""
    async with a_stage(browser) as made:
        yield made


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the page revealed."""

    username: str
    password: str
    domain: str


async def my_phones(stage: Stage, login: str) -> Page:
    """Somebody's own phones."""
    page = await stage.enter(login)
    await page.get_by_test_id("to-phones").click()
    await page.get_by_test_id("phone-add").wait_for()
    return page


async def add(page: Page, label: str) -> None:
    """Another phone of one's own."""
    await page.get_by_test_id("phone-add").click()
    await page.get_by_test_id("phone-label").fill(label)
    await page.get_by_test_id("phone-add-go").click()
    await page.get_by_test_id(f"phone-{label}").wait_for()


async def link_for(page: Page, label: str) -> str:
    """A link to set the phone up, with the password given where it is asked for."""
    card = page.get_by_test_id(f"phone-{label}")
    await card.get_by_test_id("phone-link").click()
    asked, made, sure = (page.get_by_test_id(one) for one in ("step-up-password", "setup-link", "confirm"))
    await asked.or_(made).or_(sure).first.wait_for()
    if await sure.is_visible():
        await sure.click()
        await asked.or_(made).first.wait_for()
    if await asked.is_visible():
        await asked.fill(PASSWORD)
        await page.get_by_test_id("step-up").click()
    link = await made.input_value()
    await page.get_by_role("button", name="Done").click()
    return link


async def reveal(context: BrowserContext, link: str) -> tuple[Page, Shown]:
    """Open the link in this profile and press its button."""
    page = await context.new_page()
    await page.goto(link)
    await page.get_by_test_id("reveal").click()
    await page.get_by_test_id("credential-password").wait_for()
    values = [
        await page.get_by_test_id(f"credential-{name}").input_value() for name in ("username", "password", "domain")
    ]
    return page, Shown(username=values[0], password=values[1], domain=values[2])


async def follows(page: Page, state: str) -> None:
    """Wait until the set-up page says this of the phone."""
    await page.locator(f'[data-testid="follow"][data-state="{state}"]').wait_for(timeout=MS)


async def test_from_the_link_to_a_phone_that_rings_nothing_is_typed_but_what_the_page_shows(stage: Stage) -> None:
    """Add, link, reveal; every program's steps hold the values; the phone signs in and the page says so by itself; it
    is rung, answered, and its key is heard. Nothing leaves for another host.
    """
    ben = await my_phones(stage, "ben")
    await add(ben, "Zoiper on my laptop")
    link = await link_for(ben, "Zoiper on my laptop")
    wrong = await faults_of(ben, shots=SHOTS, name="sip-mine")

    page, shown = await reveal(ben.context, link)
    assert "#" not in page.url
    await follows(page, "waiting")
    for program in PROGRAMS:
        await page.get_by_test_id(f"program-{program}").check()
        steps = page.get_by_test_id(f"steps-{program}")
        held = await steps.locator("input").evaluate_all("fields => fields.map(field => field.value)")
        assert {shown.username, shown.password, shown.domain} - set(held) == set(), program
        wrong += await faults_of(page, shots=SHOTS, name=f"sip-setup-{program}")

    async with a_phone(stage.demo.sandbox, shown.username, shown.password) as phone:
        assert await phone.register() == 200
        await follows(page, "registered")
        await expect(page.get_by_test_id("follow")).to_contain_text("Registered: Zoiper 5.6")
        await page.get_by_test_id("ring-me").click()
        call = await phone.next_call()
        await expect(page.get_by_test_id("ring-result")).to_contain_text("Ringing Zoiper 5.6", timeout=MS)
        await phone.answer(call)
        await expect(page.get_by_test_id("ring-result")).to_contain_text("Answered by Zoiper 5.6 after", timeout=MS)
        await phone.press(call, "1")
        await expect(page.get_by_test_id("ring-result")).to_contain_text("the phone works", timeout=MS)
        wrong += await faults_of(page, shots=SHOTS, name="sip-registered")
        card = ben.get_by_test_id("phone-Zoiper on my laptop")
        await expect(card.get_by_test_id("phone-state")).to_contain_text("Signed in: it rings", timeout=MS)
        await expect(card).to_contain_text("Zoiper 5.6")
        wrong += await faults_of(ben, shots=SHOTS, name="sip-mine-registered")

    ours = (stage.demo.service, stage.demo.sandbox, "data:", "blob:")
    assert [url for url in stage.reached if not url.startswith(ours)] == []
    assert wrong == []


async def test_a_link_opens_once_and_says_so_to_whoever_comes_second(stage: Stage) -> None:
    """It opens without a session; whether the phone is signed in is told only to somebody who signs in. The second to
    press the button reads why there is nothing, and a link without its secret says what is missing.
    """
    chloe = await my_phones(stage, "chloe")
    await add(chloe, "Desk phone")
    link = await link_for(chloe, "Desk phone")
    elsewhere = await stage.profile()

    page, _shown = await reveal(elsewhere, link)
    await follows(page, "signed-out")
    wrong = await faults_of(page, shots=SHOTS, name="sip-signed-out")
    await stage.sign_in("chloe", context=elsewhere)
    await follows(page, "waiting")

    second = await elsewhere.new_page()
    await second.goto(link)
    await second.get_by_test_id("reveal").focus()
    await second.keyboard.press("Enter")
    await expect(second.get_by_test_id("link-used")).to_contain_text("It was used already")
    wrong += await faults_of(second, shots=SHOTS, name="sip-used")
    await second.goto(f"{stage.demo.service}/phone-setup")
    await expect(second.locator("main")).to_contain_text("This address is not complete.")
    assert wrong == []


async def test_a_new_link_changes_the_password_and_says_so_first(stage: Stage) -> None:
    """The question names what happens; the old password signs nobody in any more. Renaming, keys and removal."""
    ben = await my_phones(stage, "ben")
    await add(ben, "Linphone")
    page, before = await reveal(ben.context, await link_for(ben, "Linphone"))
    await page.close(run_before_unload=False)
    card = ben.get_by_test_id("phone-Linphone")
    await card.get_by_role("button", name="New link").wait_for()

    await card.get_by_test_id("phone-link").click()
    await expect(ben.get_by_role("dialog")).to_contain_text("The password changes at Plivo with it.")
    wrong = await faults_of(ben, shots=SHOTS, name="sip-new-link")
    await ben.keyboard.press("Escape")
    _page, after = await reveal(ben.context, await link_for(ben, "Linphone"))

    assert (after.username, after.password == before.password) == (before.username, False)
    async with a_phone(stage.demo.sandbox, before.username, before.password) as phone:
        assert await phone.register() == 401

    await card.get_by_test_id("phone-change").click()
    await ben.get_by_test_id("change-keys").fill("12 34")
    await ben.get_by_test_id("change-save").click()
    await expect(ben.get_by_role("dialog")).to_contain_text("at most 32, such as ww123#")
    await ben.get_by_test_id("change-keys").fill("ww123#")
    await ben.get_by_test_id("change-label").fill("Linphone upstairs")
    await ben.get_by_test_id("change-save").click()
    card = ben.get_by_test_id("phone-Linphone upstairs")
    await expect(card).to_contain_text("ww123#", timeout=MS)
    await card.get_by_test_id("phone-remove").click()
    await ben.get_by_test_id("confirm").click()
    await card.wait_for(state="detached")
    assert wrong == []


async def test_a_private_phone_rings_only_after_a_question(stage: Stage) -> None:
    """What will happen is said before it is kept, with the fallback where it is wanted; it is forgotten again."""
    page = await my_phones(stage, "chloe")
    await page.get_by_test_id("private-number").fill("+1 415 555 0142")
    await page.get_by_test_id("private-fallback").click()
    await page.get_by_test_id("private-save").click()
    question = page.get_by_role("dialog")
    await expect(question).to_contain_text("+1 415 555 0142")
    await expect(question).to_contain_text("asked to press 1")
    await expect(question).to_contain_text("emergency document")
    wrong = await faults_of(page, shots=SHOTS, name="sip-private-asked")
    await page.get_by_test_id("confirm").click()

    kept = page.get_by_test_id("private-kept")
    await expect(kept).to_contain_text("0142", timeout=MS)
    await expect(kept).not_to_contain_text("415 555")
    await expect(page.get_by_test_id("private-fallback")).to_have_attribute("aria-checked", "true")
    await page.get_by_test_id("private-forget").click()
    await page.get_by_test_id("confirm").click()
    await expect(kept).to_have_text("None is entered.", timeout=MS)
    assert wrong == []


async def test_an_administrator_compares_with_plivo_and_decides(stage: Stage) -> None:
    """Everybody's phones; an endpoint that only Plivo has is adopted; one that Plivo has lost is made again; what
    Plivo refuses is said in words.
    """
    page = await stage.enter("ana")
    await page.goto(f"{stage.demo.service}/admin/sip")
    await page.get_by_test_id("sip-add").click()
    await page.get_by_test_id("phone-label").fill("Front desk")
    await page.get_by_test_id("phone-add-go").click()
    await expect(page.get_by_role("dialog")).to_contain_text("Choose whose phone it is.")
    await page.get_by_test_id("sip-whose").select_option(label="Ben")
    await page.get_by_test_id("phone-add-go").click()
    await page.get_by_test_id("sip-panel").wait_for()
    wrong = await faults_of(page, shots=SHOTS, name="sip-admin-panel")
    await page.keyboard.press("Escape")

    demo = stage.demo
    folder = f"{demo.sandbox}/v1/Account/{demo.auth_id}/Endpoint/"
    async with httpx2.AsyncClient(auth=(demo.auth_id, demo.auth_token), timeout=10) as plivo:
        listed = (await plivo.get(folder)).json()["objects"]
        (lost,) = (one for one in listed if "frontdesk" in one["alias"].lower())
        (await plivo.delete(f"{folder}{lost['endpoint_id']}/")).raise_for_status()
        stranger = {"username": "lobby", "password": "correcthorsebattery", "alias": "Lobby"}
        (await plivo.post(folder, json=stranger)).raise_for_status()

    await page.get_by_test_id("compare").click()
    await expect(page.get_by_test_id("compare-result")).to_contain_text("2 endpoints need a decision.", timeout=MS)
    wrong += await faults_of(page, shots=SHOTS, name="sip-compare")
    await page.get_by_test_id("recreate").click()
    await page.get_by_test_id("confirm").click()
    await expect(page.get_by_test_id("compare-result")).to_contain_text("One endpoint needs", timeout=MS)
    await page.get_by_test_id("adopt").click()
    await page.get_by_test_id("sip-whose").select_option(label="Chloe")
    await page.get_by_test_id("phone-add-go").click()
    asked = page.get_by_test_id("step-up-password")
    await asked.or_(page.get_by_test_id("sip-Lobby")).first.wait_for()
    if await asked.is_visible():
        await asked.fill(PASSWORD)
        await page.get_by_test_id("step-up").click()
    await expect(page.get_by_test_id("compare-result")).to_contain_text("Both sides agree.", timeout=MS)
    await expect(page.get_by_test_id("sip-Lobby")).to_contain_text("Chloe", timeout=MS)
    wrong += await faults_of(page, shots=SHOTS, name="sip-admin")

    fault = {"kind": "rest", "match": "/Endpoint/", "action": "status", "status": 401, "times": None}
    await demo.control("POST", "faults", fault)
    await page.get_by_test_id("compare").click()
    await expect(page.get_by_test_id("compare-failed")).to_contain_text("Plivo refused the Auth ID", timeout=MS)
    await expect(page.get_by_test_id("sip-watch")).to_contain_text("could not be read", timeout=MS)
    wrong += await faults_of(page, shots=SHOTS, name="sip-admin-fault")
    await demo.control("DELETE", "faults")
    assert wrong == []
