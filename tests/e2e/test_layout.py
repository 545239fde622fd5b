"""Nothing breaks: the narrowest phone, a phone on its side, large text, and every target large enough for a thumb."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.support import tour
from tests.support.portal_server import PortalServer

pytestmark = pytest.mark.browser

#: What is wider than the screen, unless it scrolls in a frame of its own; and what sticks out of the page at all.
WIDER = """() => {
  const wide = [];
  if (document.documentElement.scrollWidth > innerWidth) {
    for (const element of document.querySelectorAll("body *")) {
      const { right, left, width } = element.getBoundingClientRect();
      if (width && element.checkVisibility() && (right > innerWidth + 1 || left < -1)) {
        wide.push(element.tagName + "." + element.className + " " + Math.round(left) + "-" + Math.round(right));
      }
    }
    wide.unshift("page " + document.documentElement.scrollWidth + " > " + innerWidth);
  }
  return wide.slice(0, 6);
}"""

#: Text that its own box cuts off. What is hidden on purpose does not count, nor the bar's title: the h1 says it all.
CUT = """() => [...document.querySelectorAll("button, a, h1, h2, h3, p, label, .pill, .count")]
  .filter((element) => element.checkVisibility() && !element.closest(".vh, .skip, .focus__title, [aria-hidden=true]"))
  .filter((element) => {
    const { overflowX, overflowY } = getComputedStyle(element);
    const hides = [overflowX, overflowY].some((value) => value === "hidden" || value === "clip");
    return hides && (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1);
  })
  .map((element) => element.className + ": " + element.textContent.slice(0, 40)).slice(0, 5)"""

#: Links and buttons smaller than a fingertip. A link within a sentence is exempt.
SMALL = """() => [...document.querySelectorAll("a[href], button, summary, select, input:not([type=hidden])")]
  .filter((element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
  .filter((element) => !element.closest(".skip, p, li:not(:has(> :only-child)), .otp, .footer, address"))
  .map((element) => [element, [element, element.closest("label"), ...(element.labels ?? [])].filter(Boolean)
    .map((part) => part.getBoundingClientRect())])
  .filter(([, boxes]) => boxes[0].width && !boxes.some((box) => box.height >= 43.5 && box.width >= 43.5))
  .map(([element, [box]]) => element.tagName + "." + element.className + " “" +
    (element.textContent || element.ariaLabel || element.name || "").slice(0, 30) + "” " +
    Math.round(box.width) + "×" + Math.round(box.height)).slice(0, 6)"""

SMALL_PHONE: dict[str, Any] = {
    "viewport": {"width": 320, "height": 568},
    "device_scale_factor": 2,
    "has_touch": True,
}  # not Chromium's mobile mode: it zooms out of a page that is too wide, and so hides what is looked for here


@pytest.fixture
def browser_context_args() -> dict[str, Any]:
    """The narrowest phone there is."""
    return {**SMALL_PHONE, "locale": "en-US", "timezone_id": "America/Los_Angeles", "reduced_motion": "reduce"}


def on_its_side(page: Page) -> None:
    page.set_viewport_size({"width": 740, "height": 360})


def upright(page: Page) -> None:
    page.set_viewport_size(SMALL_PHONE["viewport"])


#: Every letter twice as large, everything else as it was: what a phone's own setting for text does.
TWICE = """(factor) => {
  const all = [...document.querySelectorAll("body *")];
  const sizes = all.map((element) => [element, getComputedStyle(element).fontSize]);
  for (const [element, size] of sizes) element.style.fontSize = parseFloat(size) * factor + "px";
}"""


def zoomed(page: Page) -> None:
    """200 % on a desktop of 1280 × 800."""
    page.set_viewport_size({"width": 640, "height": 400})


def large_text(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.evaluate(TWICE, 2)


def usual_text(page: Page) -> None:
    page.evaluate("document.querySelectorAll('body *').forEach((element) => { element.style.fontSize = '' })")


@pytest.mark.parametrize("part", [tour.visitor, tour.patient], ids=lambda part: part.__name__)
@pytest.mark.promise("P39", "P73")
def test_nothing_breaks(page: Page, portal: PortalServer, part: Any) -> None:
    problems = []
    for name in part(page, portal):
        problems += [f"{name} at 320: {found}" for look in (WIDER, CUT, SMALL) for found in page.evaluate(look)]
        on_its_side(page)
        problems += [f"{name} on its side: {found}" for look in (WIDER, CUT) for found in page.evaluate(look)]
        zoomed(page)
        problems += [f"{name} zoomed: {found}" for look in (WIDER, CUT) for found in page.evaluate(look)]
        large_text(page)
        problems += [f"{name} with large text: {found}" for look in (WIDER, CUT) for found in page.evaluate(look)]
        usual_text(page)
        upright(page)
    assert not problems, "\n".join(problems)


def test_on_its_side_the_way_on_can_be_reached(page: Page, portal: PortalServer) -> None:
    """A phone on its side shows 360 px: the sheet to sign on scrolls, and its foot stays in sight."""
    for name in tour.patient(page, portal):
        if name == "consent-sign":
            on_its_side(page)
            dialog = page.get_by_role("dialog")
            dialog.locator("[name=intent]").check()
            button = dialog.get_by_role("button", name="Sign", exact=True).bounding_box()
            pad = dialog.locator("canvas")
            pad.scroll_into_view_if_needed()
            drawn = pad.bounding_box()
            assert button
            assert button["y"] + button["height"] <= 360
            assert drawn
            assert drawn["height"] >= 100, "there is room to sign"
            upright(page)
