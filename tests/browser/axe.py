"""The accessibility rules of axe-core, run in a page as it stands."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.async_api import Page

SOURCE = Path(__file__).parents[2] / "frontend/node_modules/axe-core/axe.min.js"

SHOTS = Path(os.environ["PAGE_SHOTS"]) if "PAGE_SHOTS" in os.environ else None
"""With PAGE_SHOTS=folder every state that is looked at is also photographed there."""

GRAVE = """async () => {
  const told = await axe.run(document, {resultTypes: ['violations']});
  return told.violations
    .filter(({impact}) => impact === 'serious' || impact === 'critical')
    .map(({id, nodes}) => `${id}: ${nodes.map(({target}) => target.join(' ')).join(', ')}`);
}"""

# Colours change gently: a contrast measured on the way would be nobody's. What is folded away never gets there.
SETTLED = """() => {
  const ending = (one) => one.effect.getComputedTiming().endTime < Infinity;
  for (const one of document.getAnimations().filter(ending)) one.finish();
}"""

WIDER_THAN_THE_WINDOW = """() => document.documentElement.scrollWidth - document.documentElement.clientWidth"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One way of looking at a page: the window's size in CSS pixels, and light or dark."""

    width: int
    height: int
    scheme: Literal["light", "dark"]


LOOKS = (
    Look(width=1280, height=900, scheme="light"),
    Look(width=1280, height=900, scheme="dark"),
    Look(width=360, height=640, scheme="light"),
    Look(width=360, height=640, scheme="dark"),
)


async def faults_of(page: Page, *, shots: Path | None = None, name: str = "") -> list[str]:
    """What is wrong with the page as it stands, in every look: rules of axe that are serious or critical, and a page
    that is wider than its window. With a folder, the page is also photographed there under `name`.
    """
    found: list[str] = []
    for look in LOOKS:
        await page.set_viewport_size({"width": look.width, "height": look.height})
        await page.emulate_media(color_scheme=look.scheme)
        await page.evaluate(SETTLED)
        await page.evaluate(SOURCE.read_text())
        seen = f"{name} at {look.width}, {look.scheme}"
        found += [f"{seen}: {fault}" for fault in await page.evaluate(GRAVE)]
        if (wider := await page.evaluate(WIDER_THAN_THE_WINDOW)) > 0:
            found.append(f"{seen}: {wider} px wider than its window")
        if shots is not None:
            await page.screenshot(path=shots / f"{name}-{look.width}-{look.scheme}.png", full_page=True)
    return found
