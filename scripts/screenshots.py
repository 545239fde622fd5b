"""`make screenshots`: every page, on a phone and on a desktop, light and dark, into docs/screenshots.

The pages come from the page table and the people from the demo practice, so that a new page needs no line here.
"""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from portal import routes
from portal.pages.table import pages
from portal.settings import settings
from tests.support import browser, portal_server
from tests.support.journeys import sign_in
from tests.support.portal_server import PortalServer

OUT = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
AMELIA = "(503) 555-0187"
PUBLIC = (routes.LOGIN, routes.SIGN_UP, routes.PRIVACY, routes.TERMS, routes.STAFF_LOGIN, routes.DEV_GALLERY)


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
    addresses = [
        page.route for page in pages(settings()) if "[" not in page.route and not page.route.startswith("/dev/o")
    ]
    for width, viewport in browser.VIEWPORTS.items():
        context = chromium.new_context(base_url=server.url, locale="en-US", **viewport)
        for signed_in, wanted in ((False, set(PUBLIC)), (True, set(addresses) - set(PUBLIC))):
            if signed_in and (wanted := {address for address in wanted if not address.startswith("/staff")}):
                sign_in(context.new_page(), server, AMELIA)
            for address in (address for address in addresses if address in wanted):
                for theme in ("light", "dark"):
                    name = f"{address.strip('/').replace('/', '-') or 'home'}-{width}-{theme}"
                    if not words or any(word in name for word in words):
                        _picture(context, address, theme, OUT / f"{name}.png")
                        yield name
        context.close()


def _picture(context: BrowserContext, address: str, theme: str, path: Path) -> None:
    page: Page = context.new_page()
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce")
    page.goto(address)
    page.locator("main").first.wait_for()
    page.locator("[aria-busy=true]").first.wait_for(state="detached")
    page.wait_for_timeout(300)  # fonts and the last frame of what still moves
    page.screenshot(path=path, full_page=address == routes.DEV_GALLERY)
    page.close()


if __name__ == "__main__":
    main()
