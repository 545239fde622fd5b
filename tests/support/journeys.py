"""What people do, step by step in a real browser, by the words on the screen."""

from playwright.sync_api import Page, expect

from portal import routes
from tests.support.portal_server import PortalServer


def sign_in(page: Page, server: PortalServer, contact: str) -> None:
    """Log in as a patient with a phone number or an address, with the code from the outbox; ends on the dashboard."""
    page.goto(f"{server.url}{routes.LOGIN}")
    if "@" in contact:
        page.get_by_role("link", name="Use email to log in").or_(
            page.get_by_role("button", name="Use email to log in")
        ).click()
        page.get_by_label("Email").fill(contact)
    else:
        page.get_by_label("Phone number").fill(contact)
    known = server.known()
    page.get_by_label("I am not a robot").check()
    page.get_by_role("button", name="Send OTP").click()
    code_field = page.locator("input[autocomplete=one-time-code]")
    expect(code_field).to_be_visible()
    code_field.fill(server.newest_code(known))
    page.wait_for_url(f"**{routes.DASHBOARD}")
