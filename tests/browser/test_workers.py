"""The same phone when several processes serve it: what one of them learns reaches pages that hang on another."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser

from tests import postgres
from tests.browser.conftest import Stage, a_stage, hears, state

pytestmark = pytest.mark.browser

DATABASE = "workers"


@pytest.fixture
async def stage(browser: Browser, request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    """A demo of three processes on PostgreSQL; of one on SQLite where PostgreSQL's programs are not installed."""
    arguments: tuple[str, ...] = ()
    if postgres.programs() is not None:
        host = request.getfixturevalue("cluster")
        postgres.administer(host, f"CREATE DATABASE {DATABASE}")
        arguments = ("--database", postgres.url(host, DATABASE), "--workers", "3")
    async with a_stage(browser, *arguments) as made:
        yield made


async def test_pages_on_different_processes_call_each_other_and_are_displaced(stage: Stage) -> None:
    """Six pages over three processes: a call with sound, the recent calls of both, and every older device displaced."""
    ben = [await stage.on_duty("ben")]
    chloe = [await stage.on_duty("chloe")]
    for pages, login in ((ben, "ben"), (chloe, "chloe"), (ben, "ben"), (chloe, "chloe")):
        pages.append(await stage.on_duty(login))
        await state(pages[-2], "displaced")

    await ben[-1].get_by_test_id("dial-input").fill("Chloe")
    await ben[-1].get_by_test_id("dial").click()
    await chloe[-1].get_by_test_id("answer").click()

    await hears(ben[-1])
    await hears(chloe[-1])
    await chloe[-1].get_by_test_id("hangup").click()
    for page in (ben[-1], chloe[-1]):
        await page.get_by_test_id("done").click()
        await page.get_by_test_id("recent-calls").get_by_text("answered").wait_for()
