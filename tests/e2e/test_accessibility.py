"""axe on every screen and state, on a phone and a desktop, light and dark: nothing found; and one thing leads."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from portal import routes
from tests.support import staff_tour, tour
from tests.support.portal_server import PortalServer

pytestmark = pytest.mark.browser

Tour = Callable[[Page, PortalServer], Iterator[str]]
PARTS: list[Tour] = [tour.visitor, tour.patient, staff_tour.staff]

#: What the design asks of every screen: one h1, at most one lit card, at most one filled button in view. What an open
#: dialog covers does not count.
LEADS = """() => {
  const modal = document.querySelector("dialog:modal");
  const shown = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const inView = (element) => {
    const { top, bottom, height } = element.getBoundingClientRect();
    return height > 0 && bottom > 0 && top < innerHeight;
  };
  const all = (selector, root = document) => [...root.querySelectorAll(selector)].filter(shown);
  return {
    h1: all("h1").length,
    lit: all(".lit").length,
    filled: all(".btn--primary, .btn--danger-solid", modal ?? document).filter(inView).length,
  };
}"""


def findings(page: Page) -> list[str]:
    """axe's violations, each with the elements concerned."""
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['help']}: {[node['target'] for node in one['nodes']][:4]}" for one in found]


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_axe_finds_nothing_and_one_thing_leads(page: Page, portal: PortalServer, part: Tour) -> None:
    page.emulate_media(reduced_motion="reduce")
    problems, names = [], set()
    for name in part(page, portal):
        names.add(name)
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            expect(page.locator("html")).to_have_css("color-scheme", theme)
            problems += [f"{name}, {theme}: {finding}" for finding in findings(page)]
        leads = page.evaluate(LEADS)
        if leads["h1"] != 1 or leads["lit"] > 1 or leads["filled"] > 1:
            problems.append(f"{name}: {leads}")
    assert not problems, "\n".join(problems)
    assert len(names) > 10, "the tour went somewhere"


def test_the_tour_goes_to_every_page() -> None:
    """A new page in the table fails here until the tour goes there."""
    assert not staff_tour.unseen()


@pytest.mark.parametrize("browser_context_args", ["desktop"], indirect=True)
def test_the_gallery_of_components(page: Page, portal: PortalServer) -> None:
    tour.open_page(page, portal, routes.DEV_GALLERY)
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        expect(page.locator("html")).to_have_css("color-scheme", theme)
        assert not findings(page)
    page.locator("main").evaluate("(main) => main.append(document.createElement('img'))")
    assert "image-alt" in " ".join(findings(page)), "axe sees a fault where there is one"


@pytest.mark.parametrize("browser_context_args", ["phone"], indirect=True)
def test_a_lost_connection_is_said(page: Page, portal: PortalServer) -> None:
    tour.open_page(page, portal, routes.LOGIN)
    portal.kill()
    try:
        page.get_by_text("Reconnecting").wait_for()
        assert not findings(page)
    finally:
        portal.start()
