"""`make screenshots`: every screen, on a phone and on a desktop, light and dark, into docs/screenshots; the staff side
on a large screen too, and the Provider App on a tablet.

The way to each screen is that of `tests.support.tour`, and the people are those of the demo practice, so that a new
screen needs no line here.
"""

import io
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from portal import routes
from portal.settings import settings
from tests.support import browser, portal_server, staff_tour, tour
from tests.support.portal_server import PortalServer

OUT = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
THEMES = ("light", "dark")
LEFT_OUT = ("-wrong", "-open", "-menu", "consent-sign", "-all-devices")  # seen by the tests alone
COLOURS = 256  # of the palette of each picture: they stay small, and nobody sees it


def main() -> None:
    """Take them all, or those whose name contains a word of the command line."""
    OUT.mkdir(parents=True, exist_ok=True)
    portal_server.build_frontend()
    with tempfile.TemporaryDirectory(prefix="portal-screenshots-") as var, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(**browser.launch_options())
        with PortalServer(Path(var)) as server:
            for name in take(chromium, server, sys.argv[1:]):
                print(name)
        chromium.close()


def take(chromium: Browser, server: PortalServer, words: list[str]) -> Iterator[str]:
    """One picture after the other; gives the name of each."""
    everything = (tour.visitor, tour.patient, staff_tour.staff, _gallery)
    for width, viewport, parts in (
        *((width, viewport, everything) for width, viewport in browser.VIEWPORTS.items()),
        ("wide", browser.WIDE, (staff_tour.staff,)),
        ("tablet", browser.TABLET, (staff_tour.provider,)),
    ):
        scale = min(2, viewport.get("device_scale_factor", 1))
        for part in parts:
            context = chromium.new_context(locale="en-US", **{**viewport, "device_scale_factor": scale})
            page = context.new_page()
            for screen in part(page, server):
                if screen.endswith(LEFT_OUT):
                    continue
                for theme in THEMES:
                    name = f"{screen}-{width}-{theme}"
                    if not words or any(word in name for word in words):
                        _picture(page, theme, OUT / f"{name}.png", whole=part is _gallery)
                        yield name
            context.close()


def _gallery(page: Page, server: PortalServer) -> Iterator[str]:
    if not settings().production:
        tour.open_page(page, server, routes.DEV_GALLERY)
        yield "gallery"


def _picture(page: Page, theme: str, path: Path, *, whole: bool) -> None:
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce")
    expect(page.locator("html")).to_have_css("color-scheme", theme)
    page.wait_for_timeout(150)  # the last frame of what still moves
    taken = Image.open(io.BytesIO(page.screenshot(full_page=whole, scale="css" if whole else "device")))
    small = taken.convert("RGB").quantize(COLOURS, Image.Quantize.MAXCOVERAGE, kmeans=3, dither=Image.Dither.NONE)
    small.save(path, optimize=True)


if __name__ == "__main__":
    main()
