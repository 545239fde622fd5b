"""Staff at work, from their first log-in: in a real browser, with Chromium's own authenticator for passkeys."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pyotp.totp import TOTP

from portal import routes
from tests.support import processes
from tests.support.portal_server import PortalServer
from tests.support.signed_in import run, sign_in, sign_in_staff

pytestmark = pytest.mark.browser

NAOMI = "naomi.reyes@lumiere.example"
CODE = "input[autocomplete=one-time-code]"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
# An hour has passed since the last proof, and the code that was used for it is long over.
AGE = """
import sys
from datetime import timedelta
from sqlmodel import col, select, update
from portal.models import Session, Staff
from portal.work import SYSTEM, open_work
with open_work(SYSTEM) as work:
    whose = work.db.exec(select(Staff.id).where(Staff.email == sys.argv[1])).one()
    before = work.now() - timedelta(hours=1)
    work.db.exec(update(Session).where(col(Session.staff_id) == whose).values(proved_at=before))
    work.db.exec(update(Staff).where(col(Staff.id) == whose).values(totp_step=0))
"""


@pytest.fixture(scope="module")
def named(frontend: Path, demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PortalServer]:
    """The demo practice at a name, which passkeys need; a bare address has none."""
    port = processes.free_port()
    settings = {"PORTAL_PUBLIC_URL": f"http://localhost:{port}"}
    with PortalServer(tmp_path_factory.mktemp("named"), settings=settings, like=demo, port=port) as server:
        yield server


def ask(page: Page, server: PortalServer, email: str) -> None:
    """Work email and CAPTCHA, then the code that was sent."""
    page.get_by_label("Work email").fill(email)
    known = server.known()
    page.get_by_label("I am not a robot").check()
    page.get_by_role("button", name="Send OTP").click()
    expect(page.get_by_role("heading", name="Enter your passcode")).to_be_visible()
    page.locator(CODE).fill(server.newest_code(known))


def account_menu(page: Page) -> None:
    page.get_by_role("button", name=re.compile("Account of")).click()


@pytest.mark.parametrize("browser_context_args", ["desktop"], indirect=True)
def test_from_the_first_log_in_to_a_passkey(page: Page, named: PortalServer) -> None:
    """The address wanted, code, enrolment, recovery codes; account; a passkey, which unlocks and then logs in alone."""
    url = f"http://localhost:{named.port}"
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})

    page.goto(f"{url}{routes.STAFF_ACCOUNT}")
    page.wait_for_url(f"**{routes.STAFF_LOGIN}?next=**")
    ask(page, named, NAOMI)
    expect(page.get_by_role("heading", name="Set up your authenticator")).to_be_visible()
    expect(page.get_by_role("img", name="QR code for your authenticator app")).to_be_visible()
    page.get_by_text("I cannot scan it").click()
    secret = page.locator(".secret").inner_text().replace(" ", "")
    page.locator(CODE).fill(TOTP(secret).now())
    expect(page.locator(".recovery li")).to_have_count(10)
    page.get_by_role("button", name="I have kept them").click()

    page.wait_for_url(f"**{routes.STAFF_ACCOUNT}")
    expect(page.get_by_text("This device")).to_be_visible()
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_text("Your passkey is ready")).to_be_visible()
    page.get_by_role("button", name=re.compile("Rename")).click()
    page.get_by_label("Name of this passkey").fill("Clinic laptop")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Clinic laptop")).to_be_visible()

    account_menu(page)
    page.get_by_role("button", name="Lock screen").click()
    page.wait_for_url(f"**{routes.STAFF_LOCK}?next=**")
    expect(page.get_by_role("heading", name="Your screen is locked")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Naomi Reyes")
    assert "Clinic laptop" not in page.content()
    page.goto(f"{url}{routes.STAFF_CLIENTS}")
    page.wait_for_url(f"**{routes.STAFF_LOCK}?next=**")
    page.get_by_role("button", name="Use a passkey instead").click()
    page.wait_for_url(f"**{routes.STAFF_CLIENTS}")

    account_menu(page)
    page.get_by_role("button", name="Log out").click()
    page.wait_for_url(f"**{routes.STAFF_LOGIN}?ended=out")
    page.get_by_role("button", name="Use a passkey instead").click()
    page.wait_for_url(f"**{routes.STAFF_CLIENTS}")


@pytest.mark.parametrize("browser_context_args", ["desktop"], indirect=True)
def test_a_sensitive_act_asks_anew_and_goes_on(page: Page, named: PortalServer) -> None:
    """The question opens by itself; a wrong code is said beside it, and the act is done again after the right one."""
    elena, url = "elena.marsh@lumiere.example", f"http://localhost:{named.port}"
    page.goto(f"{url}{routes.STAFF_LOGIN}")
    ask(page, named, elena)
    page.locator(CODE).fill(named.cli("staff", "code", elena).strip())
    page.get_by_role("button", name="I have kept them").click()
    page.wait_for_url(f"**{routes.STAFF_CLIENTS}")
    page.goto(f"{url}{routes.STAFF_ACCOUNT}")
    make = page.get_by_role("button", name="New recovery codes")
    expect(make).to_be_visible()
    run(named, AGE, elena)
    make.click()
    question = page.get_by_role("dialog", name="Is it you?")
    expect(question).to_be_visible()
    question.locator(CODE).fill("000000")
    expect(question.get_by_role("alert")).to_contain_text("does not match")
    question.get_by_role("button", name="Not now").click()
    expect(question).to_be_hidden()
    make.click()
    question.locator(CODE).fill(named.cli("staff", "code", elena).strip())
    expect(question).to_be_hidden()
    make.click()
    expect(page.get_by_role("dialog", name="Keep these recovery codes").locator("li")).to_have_count(10)


@pytest.mark.parametrize("browser_context_args", ["desktop"], indirect=True)
def test_both_sides_in_one_browser(page: Page, portal: PortalServer) -> None:
    """A member of staff who is a client too: two doors, two cookies, and each ends alone."""
    token = sign_in_staff(portal, "marisol.vega@lumiere.example")
    _id, patient = sign_in(portal, "amelia.hart@example.com")
    cookies = {"portal_staff": token, "portal_session": patient}
    page.context.add_cookies([{"name": name, "value": value, "url": portal.url} for name, value in cookies.items()])
    page.goto(f"{portal.url}{routes.STAFF}")
    page.wait_for_url(f"**{routes.STAFF_CLIENTS}")
    page.goto(f"{portal.url}{routes.DASHBOARD}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Amelia")
    page.goto(f"{portal.url}{routes.STAFF_ACCOUNT}")
    account_menu(page)
    page.get_by_role("button", name="Log out").click()
    page.wait_for_url(f"**{routes.STAFF_LOGIN}?ended=out")
    page.goto(f"{portal.url}{routes.DASHBOARD}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Amelia")
