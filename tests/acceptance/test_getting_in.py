"""Getting in. What a code does step by step is in tests/e2e/test_getting_in.py, which carries its promises too."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import create_engine, inspect

from portal import routes
from tests.acceptance.conftest import SignedIn
from tests.support import tour
from tests.support.journeys import sign_in
from tests.support.portal_server import PASSCODE, ROOT, PortalServer
from tests.support.visitor import visitor

pytestmark = pytest.mark.browser
one_width = pytest.mark.parametrize("browser_context_args", ["desktop"], indirect=True)


@one_width
@pytest.mark.promise("P1")
def test_p01_the_portals_own_address_leads_in(page: Page, portal: PortalServer) -> None:
    """Visit your practice's portal URL."""
    page.goto(portal.url)
    page.wait_for_url(f"**{routes.LOGIN}")
    expect(page.get_by_role("heading", level=1, name="Log in")).to_be_visible()
    sign_in(page, portal, "harriet.bloom@example.com")
    page.goto(portal.url)
    page.wait_for_url(f"**{routes.DASHBOARD}")


@pytest.mark.promise("P2")
def test_p02_it_works_in_the_browser_with_nothing_to_install(page: Page, portal: PortalServer) -> None:
    """The Patient Portal works through your web browser on any device - phone, tablet, or computer."""
    for width, height in ((page.viewport_size or {"width": 0})["width"], 844), (820, 1180):
        page.set_viewport_size({"width": width, "height": height})
        tour.open_page(page, portal, routes.LOGIN)
        expect(page.get_by_role("button", name="Send OTP")).to_be_in_viewport()
    stores = re.compile("app store|google play|download the app", re.IGNORECASE)
    expect(page.get_by_text(stores)).to_have_count(0)
    tour.open_page(page, portal, routes.HELP)
    page.get_by_text("Is there a Patient Portal app?").click()
    expect(page.get_by_text("There is nothing to download.")).to_be_visible()


@one_width
@pytest.mark.promise("P12")
def test_p12_who_lost_both_contacts_is_pointed_to_the_practice(page: Page, portal: PortalServer) -> None:
    """Contact your practice's front desk. They can look up what phone/email is registered to your account."""
    tour.open_page(page, portal, routes.LOGIN)
    main = page.get_by_role("main")
    expect(main.get_by_text("Changed your number or email?")).to_be_visible()
    expect(main.get_by_role("link", name="(503) 555-0142")).to_have_attribute("href", "tel:+15035550142")
    shown = portal.cli("staff", "contacts", "Owen Achterberg", "--as", "marisol.vega@lumiere.example")
    assert "+19715550103" in shown.replace("(971) 555-0103", "+19715550103")
    assert "owen.achterberg@example.com" in shown


@one_width
@pytest.mark.promise("P13")
def test_p13_staff_update_the_contact_and_give_access_back(page: Page, portal: PortalServer) -> None:
    """Update your contact information in the system. Help you regain access to your portal."""
    portal.cli(
        "staff", "set-contact", "Wendell Price", "--phone", "(971) 555-0233", "--as", "marisol.vega@lumiere.example"
    )
    sign_in(page, portal, "(971) 555-0233")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Wendell")
    before = portal.known()
    with visitor(portal) as lost:
        assert "'code'" in lost.ask("(971) 555-0113"), "the old number sees the same screen"
        lost.socket.settle(0.3)
    assert portal.sent(before, saying=PASSCODE) == [], "and nothing is sent to it"


@one_width
@pytest.mark.promise("P15")
def test_p15_accounts_of_the_old_portal_are_there(page: Page, portal: PortalServer, tmp_path: Path) -> None:
    """If you had access to the old patient portal, your account has automatically transferred. Simply log in."""
    people = tmp_path / "patients.csv"
    people.write_bytes((ROOT / "tests" / "fixtures" / "patients.csv").read_bytes())
    portal.cli("import", "patients", str(people))
    sign_in(page, portal, "ana.rodarte646@example.com")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ana")


@one_width
@pytest.mark.promise("P17")
def test_p17_there_are_no_passwords(page: Page, portal: PortalServer) -> None:
    """The new portal uses one-time passcodes (OTP) instead of passwords. Each time you log in, you'll receive a fresh
    code via text or email."""
    for address in (routes.LOGIN, routes.SIGN_UP, routes.HELP):
        tour.open_page(page, portal, address)
        expect(page.locator("input[type=password]")).to_have_count(0)
    codes = set()
    for _ in range(3):
        with visitor(portal) as person:
            before = portal.known()
            person.ask("(971) 555-0116")
            codes.add(portal.newest_code(before))
    assert len(codes) > 1
    engine = create_engine(portal.database_url or f"sqlite:///{portal.var / 'portal.db'}")
    columns = {
        f"{table}.{column['name']}"
        for table in inspect(engine).get_table_names()
        for column in inspect(engine).get_columns(table)
    }
    engine.dispose()
    elsewhere = "loyalty_account.password"  # a client's for a maker's own site: nobody logs in here with it
    assert [column for column in columns if "password" in column] == [elsewhere]


@pytest.mark.promise("P18")
def test_p18_what_hipaa_takes_of_the_operator_is_written_down() -> None:
    """HIPAA-compliant infrastructure. (What the portal itself does: tests/e2e/test_attacks.py, tests/http.)"""
    security = (ROOT / "docs" / "security.md").read_text()
    assert "HIPAA-compliant" in security
    assert "business associate" in security


@pytest.mark.promise("P19")
def test_p19_log_out_and_back_in_from_every_page(signed_in: SignedIn, portal: PortalServer) -> None:
    """Log out and log back in."""
    for address in (routes.DASHBOARD, routes.TASK_MANAGEMENT, routes.PROFILE):
        page = signed_in(address, "jasmine.tran@example.com")
        more = page.get_by_role("button", name="More")
        if more.is_visible():
            more.click()
            page.locator("#more").get_by_role("button", name="Log out").click()
        else:
            page.locator(".profilebtn").click()
            page.locator("#profile-menu").get_by_role("button", name="Log out").click()
        page.wait_for_url("**/login?ended=out")
        page.goto(f"{portal.url}{address}")
        page.wait_for_url(re.compile(r"/login\?next="))
    signed_in(routes.DASHBOARD, "jasmine.tran@example.com")
