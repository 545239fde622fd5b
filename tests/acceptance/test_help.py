"""When something does not work, and where help is."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import create_engine, text

from portal import routes
from tests.acceptance.conftest import SignedIn
from tests.support import tour
from tests.support.journeys import sign_in
from tests.support.portal_server import PortalServer

pytestmark = pytest.mark.browser
one_width = pytest.mark.parametrize("browser_context_args", ["desktop"], indirect=True)

CODE = re.compile(r"LM-[0-9A-Z]{4}-[0-9A-Z]{4}")


@one_width
@pytest.mark.promise("P72")
def test_p72_refreshing_any_page_keeps_you_there(signed_in: SignedIn, portal: PortalServer) -> None:
    """Refresh the page."""
    page = signed_in(routes.TASK_MANAGEMENT)
    page.get_by_role("link", name="View ").first.click()
    expect(page.get_by_role("link", name="Sign", exact=True)).to_be_visible()
    reading = page.url.removeprefix(portal.url)
    for address in (routes.DASHBOARD, routes.TASK_MANAGEMENT, routes.PROFILE, routes.HELP, reading, f"{reading}/sign"):
        tour.open_page(page, portal, address)
        before = page.locator("h1").first.inner_text()
        page.reload()
        tour.settle(page)
        assert page.url == f"{portal.url}{address}"
        expect(page.locator("h1").first).to_have_text(before)


@pytest.mark.promise("P72")
def test_p72_a_private_window_works(browser: Browser, portal: PortalServer) -> None:
    """Try incognito/private browsing mode."""
    window = browser.new_context()  # knows nothing, keeps nothing: what a private window is
    sign_in(window.new_page(), portal, "yara.haddad@example.com")
    window.close()


@contextmanager
def without(portal: PortalServer, table: str) -> Iterator[None]:
    """A fault of ours: a table is gone for the length of a block."""
    engine = create_engine(portal.database_url or f"sqlite:///{portal.var / 'portal.db'}")
    try:
        with engine.begin() as connection:
            connection.execute(text(f"ALTER TABLE {table} RENAME TO {table}_away"))
        yield
    finally:
        with engine.begin() as connection:
            connection.execute(text(f"ALTER TABLE {table}_away RENAME TO {table}"))
        engine.dispose()


@pytest.mark.promise("P74")
def test_p74_an_error_has_a_reference_code_that_the_practice_can_find(
    signed_in: SignedIn, portal: PortalServer
) -> None:
    """Take note of the error message - it helps with troubleshooting. Contact your practice with the exact error
    message."""
    page = signed_in(routes.DASHBOARD)
    with without(portal, "notification"):
        page.goto(f"{portal.url}{routes.DASHBOARD}")
        message = page.get_by_text("Reference code")
        expect(message).to_contain_text("Something went wrong on our side")
        expect(message).to_be_in_viewport()
        found = CODE.search(message.inner_text())
        assert found
    page.get_by_role("button", name="Close").filter(visible=True).click()
    assert found[0] in portal.log
    engine = create_engine(portal.database_url or f"sqlite:///{portal.var / 'portal.db'}")
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT detail FROM audit_event WHERE action = 'fault'")).all()
    engine.dispose()
    assert any(found[0] in str(row[0]) for row in rows)
    page.reload()
    expect(page.get_by_role("region", name="Notifications")).to_be_visible()
    expect(page.get_by_text("Reference code")).to_have_count(0)


@pytest.mark.promise("P76")
def test_p76_the_practices_contacts_are_in_the_portal(signed_in: SignedIn, portal: PortalServer) -> None:
    """Call your practice's phone number. Visit the front desk in person."""
    page = signed_in(routes.DASHBOARD)
    more = page.get_by_role("button", name="More")
    if more.is_visible():
        more.click()
        call = page.locator("#more").get_by_role("link", name="Call us")
    else:
        call = page.get_by_role("navigation", name="Main").get_by_role("link", name="(503) 555-0142")
        expect(page.get_by_role("navigation", name="Main")).to_contain_text("Portland, OR 97209")
    expect(call).to_have_attribute("href", "tel:+15035550142")
    tour.open_page(page, portal, routes.HELP)
    main = page.get_by_role("main")
    expect(main).to_contain_text("41 Marlow Street, Suite 200")
    expect(main.get_by_role("link", name="(503) 555-0142").last).to_be_visible()


@one_width
@pytest.mark.promise("P79")
def test_p79_the_practices_website_is_linked(page: Page, portal: PortalServer) -> None:
    """Check your practice's website for contact information."""
    tour.open_page(page, portal, routes.HELP)
    link = page.get_by_role("main").get_by_role("link", name="lumiere.example", exact=True)
    expect(link).to_have_attribute("href", "https://lumiere.example")
