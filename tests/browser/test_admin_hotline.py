"""An administrator sets a hotline up, closes it, explains it and watches it, in a real Chromium."""

from collections.abc import AsyncIterator

import httpx2
import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.axe import faults_of
from tests.browser.conftest import PASSWORD, PATIENCE, Stage, a_stage

pytestmark = pytest.mark.browser

MS = PATIENCE * 1000
CALLER = "14155550123"
SECTIONS = (
    *("overview", "board", "hotlines", "log", "charts", "privacy"),
    *("volunteers", "connection", "devices", "calls", "audit"),
)
PARTS = (
    *("general", "hours", "languages", "prompts", "ringing"),
    *("members", "after", "messages", "who-rings", "fallback"),
)
"""Of the page of one hotline."""


@pytest.fixture
async def stage(browser: Browser) -> AsyncIterator[Stage]:
    """A fresh demo for each test."""
    async with a_stage(browser) as made:
        yield made


async def admin_at(stage: Stage, path: str) -> Page:
    """An administrator's page."""
    page = await stage.enter("ana")
    await page.goto(f"{stage.demo.service}{path}")
    return page


async def calls_in(stage: Stage, *steps: object, number: str = CALLER) -> None:
    """Somebody outside calls the hotline and does these steps."""
    body = {"from": number, "to": stage.demo.numbers[0], "speech_ms": 100, "steps": list(steps)}
    async with httpx2.AsyncClient(base_url=stage.demo.sandbox, timeout=10) as client:
        (await client.post("/_sandbox/callers", json=body)).raise_for_status()


async def save(page: Page, part: str) -> None:
    """Save a card and wait until nothing in it is unsaved."""
    card = page.get_by_test_id(part)
    await expect(card.get_by_text("There are changes that are not saved yet.")).to_be_visible(timeout=MS)
    await page.get_by_test_id(f"{part}-save").click()
    await expect(card.get_by_text("There are changes that are not saved yet.")).to_be_hidden(timeout=MS)


async def test_an_administrator_makes_a_hotline_and_sets_its_hours_by_keyboard(stage: Stage) -> None:
    """Create, type a week with a night in it, find it again after a reload."""
    page = await admin_at(stage, "/admin/hotlines")
    await page.get_by_test_id("hotline-new").click()
    await page.get_by_test_id("hotline-name").fill("Youth line")
    await page.get_by_test_id("hotline-zone").select_option("America/New_York")
    await page.get_by_test_id("hotline-create").click()
    await expect(page.get_by_test_id("hotline-title")).to_have_text("Youth line", timeout=MS)

    await page.get_by_label("Day and night").focus()
    await page.keyboard.press("ArrowDown")
    await page.get_by_test_id("day-4").get_by_role("button", name="Add hours").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Friday: opens")).to_be_focused(timeout=MS)
    await page.keyboard.type("0830PM")
    await page.get_by_label("Friday: closes").focus()
    await page.keyboard.type("0200AM")
    await expect(page.get_by_test_id("day-4")).to_contain_text("until the next day")
    await save(page, "hours")
    await page.reload()

    await expect(page.get_by_label("Friday: opens")).to_have_value("20:30", timeout=MS)
    await expect(page.get_by_label("Friday: closes")).to_have_value("02:00")
    await expect(page.get_by_test_id("day-0")).to_contain_text("Closed")


async def test_hours_that_overlap_are_refused_where_they_are_written(stage: Stage) -> None:
    """The sentence names the day, and the focus stands in the field."""
    page = await admin_at(stage, "/admin/hotlines/night-line/hours")
    await page.get_by_text("At certain hours").click()
    for _ in range(2):
        await page.get_by_test_id("day-0").get_by_role("button", name="Add hours").click()
    await page.get_by_label("Monday: opens").nth(1).fill("21:00")
    await page.get_by_label("Monday: closes").nth(1).fill("23:00")

    await page.get_by_test_id("hours-save").click()

    await expect(page.get_by_text("Monday: these hours overlap with others.")).to_be_visible(timeout=MS)
    await expect(page.get_by_label("Monday: opens").nth(1)).to_be_focused()


async def test_nobody_leaves_changes_behind_unasked(stage: Stage) -> None:
    """Another part of the page waits for an answer; staying keeps what was written, leaving goes there."""
    page = await admin_at(stage, "/admin/hotlines/night-line/general")
    await page.get_by_test_id("hotline-name").fill("Day line")

    await page.get_by_test_id("part-members").click()
    await expect(page.get_by_role("dialog")).to_contain_text("Leave without saving?", timeout=MS)
    await page.get_by_role("button", name="Cancel").click()
    await expect(page.get_by_test_id("hotline-name")).to_have_value("Day line")
    await page.get_by_test_id("part-members").click()
    await page.get_by_test_id("confirm").click()

    await expect(page.get_by_test_id("members")).to_be_visible(timeout=MS)
    await expect(page.get_by_test_id("hotline-title")).to_have_text("Night line")


async def test_closing_says_what_callers_hear_and_who_rings_follows(stage: Stage) -> None:
    """The question quotes the sentence; the explanation says closed without a reload, for everybody."""
    page = await admin_at(stage, "/admin/hotlines/night-line/who-rings")
    await stage.on_duty("ben")
    await expect(page.get_by_test_id("who-first")).to_contain_text("Ben", timeout=MS)
    await expect(page.get_by_test_id("who-decision")).to_contain_text("phone would ring for")
    await expect(page.get_by_test_id("who-not")).to_contain_text("They are away.")

    await page.get_by_test_id("closed-switch").click()
    await expect(page.get_by_role("dialog")).to_contain_text("We are closed at the moment.", timeout=MS)
    await page.get_by_test_id("confirm").click()

    await expect(page.get_by_test_id("who-decision")).to_contain_text("The hotline is closed", timeout=MS)
    await expect(page.get_by_test_id("who-first")).to_contain_text("Nobody.")
    await expect(page.get_by_test_id("who-not")).to_contain_text("Ben")


async def test_the_board_follows_a_caller_and_the_log_tells_the_story(stage: Stage) -> None:
    """Ringing and talking are seen without a reload; the ladder has the round, the phone and its fate."""
    admin = await admin_at(stage, "/admin/board")
    summary = admin.get_by_test_id("board-summary")
    await expect(admin.get_by_test_id("board-alerts")).to_contain_text("phone would ring for a caller", timeout=MS)
    ben = await stage.on_duty("ben")
    await expect(admin.get_by_test_id("board-volunteers")).to_contain_text("Reachable: browser", timeout=MS)

    await calls_in(stage, {"wait_for": "keys"}, {"press": "1"})
    await expect(summary).to_have_text("0 waiting, 1 ringing, 0 talking", timeout=MS)
    await expect(admin.get_by_test_id("board-calls")).to_contain_text("Ben")
    await ben.get_by_test_id("answer").click()
    await expect(summary).to_have_text("0 waiting, 0 ringing, 1 talking", timeout=MS)
    await calls_in(stage, {"wait_for": "keys"}, {"press": "2"}, number="14155550124")
    await expect(summary).to_have_text("1 waiting, 0 ringing, 1 talking", timeout=MS)
    assert CALLER not in await admin.content()
    async with httpx2.AsyncClient(base_url=stage.demo.sandbox, timeout=10) as client:
        (await client.delete("/_sandbox/callers")).raise_for_status()
    await expect(summary).to_have_text("0 waiting, 0 ringing, 0 talking", timeout=MS)
    await expect(admin.get_by_test_id("board-today")).to_contain_text("Answered1")

    await admin.goto(f"{stage.demo.service}/admin/log")
    await admin.get_by_test_id("log-ending").select_option("answered")
    await admin.get_by_test_id("log-filter").click()
    await expect(admin.get_by_test_id("log-call")).to_have_count(1, timeout=MS)
    await admin.get_by_test_id("log-call").click()

    ladder = admin.get_by_test_id("ladder")
    await expect(ladder).to_contain_text("A call comes in", timeout=MS)
    await expect(ladder).to_contain_text("Round 1: browsers and softphones ring")
    await expect(ladder).to_contain_text("Ben")
    await expect(ladder).to_contain_text("answered after")
    assert CALLER not in await admin.content()


async def test_the_end_of_a_number_is_shown_after_a_warning_and_written_down(stage: Stage) -> None:
    """The warning says that it is audited; the audit log then has it."""
    admin = await admin_at(stage, "/admin/log")
    await calls_in(stage, {"wait_for": "keys"}, {"hang_up": True})
    await admin.get_by_test_id("log-call").click()
    await admin.get_by_test_id("reveal").click()
    await expect(admin.get_by_role("dialog")).to_contain_text("written in the audit log")

    await admin.get_by_test_id("confirm").click()
    masked, password = admin.get_by_test_id("masked"), admin.locator("dialog input[type=password]")
    await masked.or_(password).first.wait_for()
    if await password.count():
        await password.fill(PASSWORD)
        await password.press("Enter")

    await expect(masked).to_contain_text("0123", timeout=MS)
    await expect(masked).not_to_contain_text(CALLER)
    await admin.goto(f"{stage.demo.service}/admin/audit")
    await expect(admin.get_by_test_id("audit-table")).to_contain_text("Looked at the end of a number", timeout=MS)


async def test_a_recording_of_the_browser_is_one_that_the_server_takes(stage: Stage) -> None:
    """What is said into the page comes back as a sound that a browser can play."""
    page = await admin_at(stage, "/admin/hotlines/night-line/prompts")
    await page.get_by_test_id("prompt-language").select_option("tl")
    await expect(page.get_by_test_id("prompts-missing")).to_contain_text("Before phones ring", timeout=MS)
    prompt = page.get_by_test_id("prompt-please_hold")
    await prompt.locator("summary").click()

    await page.get_by_test_id("record-please_hold").click()
    stop = prompt.get_by_role("button", name="Stop")
    await stop.wait_for()
    # The fake microphone beeps once a second.
    await expect(prompt.get_by_test_id("recorded")).to_have_text("0:02", timeout=MS)
    await stop.click()
    await page.get_by_test_id("use-please_hold").click()

    await expect(prompt.get_by_role("button", name="Remove the recording")).to_be_visible(timeout=MS)
    await expect(page.get_by_test_id("prompts-missing")).not_to_contain_text("Before phones ring")
    length = await prompt.locator("audio").first.evaluate(
        "(a) => new Promise((done) => { a.onloadedmetadata = () => done(a.duration); a.preload = 'auto'; a.load(); })"
    )
    assert length > 0.5


async def test_every_page_of_the_administration_holds_to_the_rules_in_light_and_dark(stage: Stage) -> None:
    """Nothing that axe calls serious, and nothing wider than its window, at 1280 and at 360 pixels."""
    page = await admin_at(stage, "/admin/board")
    await calls_in(stage, {"wait_for": "keys"}, {"press": "1"})
    found = list[str]()

    for path in (*SECTIONS, *(f"hotlines/night-line/{part}" for part in PARTS)):
        await page.goto(f"{stage.demo.service}/admin/{path}")
        await page.locator(".admin-main .card").first.wait_for()
        await expect(page.get_by_text("Reading from the server…")).to_have_count(0, timeout=MS)
        found += await faults_of(page, name=path)
    await page.goto(f"{stage.demo.service}/admin/log")
    await page.get_by_test_id("log-call").first.click()
    await page.get_by_test_id("ladder").wait_for()
    found += await faults_of(page, name="story")

    assert found == []
